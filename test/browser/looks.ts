import { readFileSync, writeFileSync } from 'node:fs';
import { expect, type Locator, type Page, test } from '@playwright/test';
import sharp from 'sharp';

// What a screen is held against: its tree as a screen reader has it, and a picture of it in full size.

/** Grey levels of a picture that is kept: enough to see what is there, few enough to be small. */
const LEVELS = 16;

/** The major version of Chromium by which the pictures were taken. Whoever takes them anew puts down theirs. */
const TAKEN_BY = 156;

/**
 * How far a picture may be from the one that is kept, as Playwright counts: in `maxDiffPixels` pixels the grey may differ
 * by more than `threshold` (0..1), soft edges left out. Measured in November 2026 on every screen, wide and narrow, light
 * and dark: two runs of one Chromium differ in no pixel, and without any button that can be seen in 12 at least.
 */
const SAME = { threshold: 0.2, maxDiffPixels: 8 };

/** The same by another Chromium, which draws letters a little otherwise: 143 differs from 156 in 26 pixels at most. */
const OTHER = { threshold: 0.4, maxDiffPixels: 60 };

const isSameChromium = (page: Page) => page.context().browser()?.version().split('.')[0] === String(TAKEN_BY);

/** What is another each time, and what it is taken for. */
const CHANGING: [RegExp, string][] = [
  [/[A-Z][a-z]{2} \d{1,2}, \d{4}, \d{1,2}:\d{2}\s[AP]M/g, 'Nov 28, 2026, 12:00 PM'],
  [/copy \d{4}-\d\d-\d\d \d\d-\d\d-\d\d/g, 'copy 2026-11-28 12-00-00'],
  // How large a library is hangs on how SQLite has put its pages; how large a model is does not.
  [/(?<before>^|faces · )\d+(\.\d)? MB$/g, '$<before>1.5 MB'],
  [/#\/group\/\d+/g, '#/group/1'],
];

/**
 * Makes the page's words what they are each time: of folders, times, sizes and numbers of groups. Until it is fetched anew.
 *
 * @param folder of this test's own
 */
export async function steady(page: Page, folder: string): Promise<void> {
  await page.evaluate(
    ([own, changing]) => {
      const made = (text: string) =>
        changing.reduce(
          (all, [source, by]) => all.replace(new RegExp(source, 'g'), by),
          text.replaceAll(own, '/home/anna'),
        );
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const text = texts.currentNode as Text;
        if (made(text.data) !== text.data) text.data = made(text.data);
      }
      for (const name of ['aria-label', 'title', 'href'])
        for (const part of document.querySelectorAll(`[${name}]`)) {
          const value = part.getAttribute(name)!;
          if (made(value) !== value) part.setAttribute(name, made(value));
        }
    },
    [folder, CHANGING.map(([{ source }, by]) => [source, by] as const)] as const,
  );
}

/** Until what was changed last is on the screen. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null)))),
  );
}

/**
 * The visible part of the page in full size, in grey, as a PNG. Photos are flat: what is on them hangs on the libraries
 * that draw and cut them.
 */
async function pictureOf(page: Page): Promise<Buffer> {
  await page.evaluate(() => {
    // The page's policy forbids other ways to add a style.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('img { object-position: -9999px !important; background: #888 !important; }');
    document.adoptedStyleSheets = [sheet];
  });
  await drawn(page);
  const pixels = await page.screenshot();
  await page.evaluate(() => {
    document.adoptedStyleSheets = [];
  });
  const { data, info } = await sharp(pixels).greyscale().raw().toBuffer({ resolveWithObject: true });
  const step = 255 / (LEVELS - 1);
  const few = data.map((grey) => Math.round(Math.round(grey / step) * step));
  return sharp(few, { raw: info })
    .png({ palette: true, colours: LEVELS, dither: 0, compressionLevel: 9 })
    .toBuffer();
}

/** Whether what is there becomes what later runs are held against. */
const isTaken = () => ['all', 'changed'].includes(test.info().config.updateSnapshots);

/** Holds a page that was made {@link steady} against the picture of this name. */
export async function expectPicture(page: Page, name: string): Promise<void> {
  const isSame = isSameChromium(page);
  if (isTaken() && !isSame) throw new Error(`Expected Chromium ${TAKEN_BY}: put down yours as TAKEN_BY`);
  expect.soft(await pictureOf(page)).toMatchSnapshot(`${name}.png`, isSame ? SAME : OTHER);
}

const treeFile = (name: string) => test.info().snapshotPath(`${name}.yml`);

/**
 * Holds a page that was made {@link steady} against the tree of this name: everything in it, and nothing else. What
 * Playwright would write itself leaves out what a name says already, and misses it then.
 */
export async function expectTree(page: Page, name: string): Promise<void> {
  const body = page.locator('body');
  if (isTaken()) writeFileSync(treeFile(name), `${await body.ariaSnapshot()}\n`);
  await expect.soft(body).toMatchAriaSnapshot(readFileSync(treeFile(name), 'utf8'), { timeout: 2000 });
}

/**
 * Takes the smallest button away, without moving anything else, and expects that tree and picture of this name say so.
 *
 * @param picture null where none is kept
 * @returns whether there was a button
 */
export async function expectMissed(page: Page, tree: string, picture: string | null): Promise<boolean> {
  const button = await smallestButton(page);
  if (!button) return false;
  await button.evaluate((part: HTMLElement) => {
    part.style.visibility = 'hidden';
  });
  await drawn(page);
  await expect
    .soft(page.locator('body'), 'the tree without a button')
    .not.toMatchAriaSnapshot(readFileSync(treeFile(tree), 'utf8'), { timeout: 2000 });
  if (picture === null || !isSameChromium(page)) return true;
  const pixels = await pictureOf(page);
  expect.soft(pixels, 'the picture without a button').not.toMatchSnapshot(`${picture}.png`, SAME);
  return true;
}

/**
 * Of the buttons, or choices of a list, that can be seen; null where there is none. Boxes around faces only show where one
 * points at them.
 */
async function smallestButton(page: Page): Promise<Locator | null> {
  const buttons = page.locator('button, [role=menuitem], [role=option]');
  const areas = await buttons.evaluateAll((all) =>
    all.map((button) => {
      const { x, y, width, height } = button.getBoundingClientRect();
      const isOnTop = button.contains(document.elementFromPoint(x + width / 2, y + height / 2));
      const isDrawn = button.querySelector('svg') !== null || button.textContent?.trim() !== '';
      return isOnTop && isDrawn ? width * height : Number.POSITIVE_INFINITY;
    }),
  );
  const least = Math.min(...areas);
  return least < Number.POSITIVE_INFINITY ? buttons.nth(areas.indexOf(least)) : null;
}
