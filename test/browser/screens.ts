import type { Page } from '@playwright/test';
import { placeList } from '../../electron/contract/places.ts';
import type { Known } from './known.ts';

interface Screen {
  at: (known: Known) => string;
  /** What opens it where it has no address. */
  open?: (page: Page) => Promise<void>;
  /** Left out: things are in the same places every time. */
  still?: false;
}

/** Every screen, and what opens on some of them. */
export const screens: Record<string, Screen> = {
  ...Object.fromEntries(
    placeList.flatMap(({ name, one }): [string, Screen][] =>
      one ? [] : [[name, { at: () => `#/${name}` }]],
    ),
  ),
  person: { at: ({ person }) => `#/person/${person}?tab=faces` },
  check: { at: ({ person }) => `#/person/${person}?tab=check` },
  'person-photos': { at: ({ person }) => `#/person/${person}` },
  group: { at: ({ group }) => `#/group/${group}` },
  photo: { at: ({ photo }) => `#/photo/${photo}` },
  compare: { at: ({ pair: [a, b] }) => `#/compare?a=${a}&b=${b}` },
  insight: {
    at: () => '#/settings',
    async open(page) {
      await page.getByRole('button', { name: 'See what would change' }).click();
      await page.getByRole('button', { name: 'See what would change' }).waitFor({ state: 'detached' });
      await page
        .getByRole('heading', { name: 'What this library taught' })
        .evaluate((title) => title.scrollIntoView({ block: 'center' }));
    },
  },
  restore: {
    at: () => '#/settings',
    async open(page) {
      await page
        .getByRole('button', { name: /^Restore the copy/ })
        .first()
        .click();
      await page.getByRole('dialog').waitFor();
      await page.evaluate(() => scrollTo(0, 0));
    },
  },
  erase: {
    at: () => '#/settings',
    async open(page) {
      await page.getByRole('button', { name: 'Forget everything…' }).click();
      await page.getByRole('dialog').waitFor();
      await page.evaluate(() => scrollTo(0, 0));
    },
  },
  palette: {
    at: () => '#/people',
    async open(page) {
      await page.keyboard.press('Control+K');
      await page.getByRole('dialog').waitFor();
    },
  },
  keys: {
    at: () => '#/review',
    async open(page) {
      await page.keyboard.press('Shift+?');
      await page.getByRole('dialog').waitFor();
    },
  },
  more: {
    at: ({ person }) => `#/person/${person}`,
    async open(page) {
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('menu').waitFor();
    },
  },
  naming: {
    at: () => '#/people',
    open: (page) => beginName(page, 'An'),
    // How far the page is scrolled for the field hangs on what of the list is there by then.
    still: false,
  },
  'same-person': {
    at: () => '#/people',
    async open(page) {
      await beginName(page, 'Anna');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      // How far the page was scrolled for the field hangs on what of the list was there by then.
      await page.evaluate(() => scrollTo(0, 0));
    },
  },
};

/** Types into the name of the first group, until the list of known names is open. */
async function beginName(page: Page, text: string): Promise<void> {
  // Groups further down are not there before one scrolls to them.
  await page.getByRole('heading', { name: 'Who is this?' }).evaluate((title) => title.scrollIntoView());
  await page.getByRole('list', { name: 'Who is this?' }).getByRole('textbox').first().click();
  await page.keyboard.type(text);
  await page.getByRole('option').filter({ hasText: 'Anna' }).first().waitFor();
}

/** Goes to a screen and waits until it has its pictures and stands still. */
export async function show(page: Page, known: Known, name: string): Promise<void> {
  const { at, open } = screens[name]!;
  const { origin } = new URL(known.kith.address);
  if (!page.url().startsWith(origin)) await page.goto(known.kith.address);
  // By way of another page, so that nothing of the former screen stays.
  await page.goto('about:blank');
  await page.goto(`${origin}/${at(known)}`);
  await page.locator('main h1').first().waitFor();
  await rest(page);
  if (open) {
    await open(page);
    await rest(page);
  }
}

/** Until the page has its pictures and stands still. */
export async function rest(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  // Lists ask for what they show once they are laid out.
  await page.waitForTimeout(250);
  await page.waitForFunction(() => [...document.images].every(({ src, complete }) => src === '' || complete));
}
