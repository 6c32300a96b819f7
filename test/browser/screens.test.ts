import { join, resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { openOnScan } from './album.ts';
import { test } from './known.ts';
import { expectMissed, expectPicture, expectTree, steady } from './looks.ts';
import { rest, screens, show } from './screens.ts';

// Every screen in both themes, wide and narrow, against its tree and its pictures, which have to tell that a button is
// missing. Pictures in colour are left in out/screens to be looked at.

const pictures = resolve(import.meta.dirname, '../../out/screens');

const WIDTHS = [
  { name: 'wide', viewport: { width: 1280, height: 800 } },
  { name: 'narrow', viewport: { width: 390, height: 844 } },
];

test.use({ reducedMotion: 'reduce' });

interface Look {
  /** Brings the screen up, in the size that the page has now. */
  bring: () => Promise<void>;
  /** Folder of the library. */
  folder: string;
  /** Whether things are in the same places every time. */
  still?: boolean;
  /** Whether they are the same things every time. */
  same?: boolean;
}

/** Looks at a screen wide and narrow, in both themes: the machine goes over to the dark one while it is shown. */
async function lookAt(page: Page, name: string, look: Look): Promise<void> {
  const { bring, folder, still = true, same = true } = look;
  for (const { name: width, viewport } of WIDTHS) {
    await page.setViewportSize(viewport);
    await bring();
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await rest(page);
      const picture = `${name}-${theme}-${width}`;
      await page.screenshot({ path: join(pictures, `${picture}.png`) });
      await steady(page, folder);
      if (still) await expectPicture(page, picture);
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
      const told = violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes.map(({ html, any }) => `${html} ${any[0]?.message ?? ''}`).join('\n')}`,
      );
      expect.soft(told, `axe on ${picture}`).toEqual([]);
    }
    if (!same || width !== 'wide') continue;
    await expectTree(page, name);
    expect(await expectMissed(page, name, still ? `${name}-dark-wide` : null)).toBe(true);
  }
}

for (const name of Object.keys(screens)) {
  test(`${name}: everybody can use it, and it is as it was`, async ({ page, known }) => {
    const { still = true } = screens[name]!;
    await lookAt(page, name, { bring: () => show(page, known, name), folder: known.kith.folder, still });
  });

  test(`${name}: nothing moves where motion is not wanted, and nothing is wider than 320 pixels`, async ({
    page,
    known,
  }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await show(page, known, name);
    const moving = await page.evaluate(() =>
      document
        .getAnimations()
        .filter((animation) => {
          const { duration, iterations } = animation.effect?.getComputedTiming() ?? {};
          return animation.playState === 'running' && (Number(duration) > 20 || iterations === Infinity);
        })
        .map((animation) => (animation as CSSAnimation).animationName),
    );
    expect(moving).toEqual([]);
    expect(await sideways(page)).toBeLessThanOrEqual(0);
  });
}

/** How far the page can be scrolled to the side, in pixels. */
function sideways(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Words and fields that reach into the margin of their card, or are cut off. What ends in dots may be cut. */
function outOfCards(page: Page): Promise<string[]> {
  return page.locator('main .card :is(span, button, input)').evaluateAll((all) =>
    all
      .filter((part) => part.textContent !== '' || part.tagName === 'INPUT')
      .filter((part) => {
        const card = part.closest('.card')!;
        const margin = Number.parseFloat(getComputedStyle(card).paddingRight);
        const edge = card.getBoundingClientRect().right - margin;
        const isCut =
          part.scrollWidth > part.clientWidth && getComputedStyle(part).textOverflow !== 'ellipsis';
        const isInline = getComputedStyle(part).display === 'inline';
        return part.getBoundingClientRect().right > edge + 0.5 || (isCut && !isInline);
      })
      .map((part) => `${part.tagName} ${part.className} ${part.textContent}`),
  );
}

for (const locale of ['en-GB', 'de-DE']) {
  test.describe(`in ${locale}`, () => {
    test.use({ locale });

    test('a group without a name fits into its card on the smallest screens, however many faces it has', async ({
      page,
      known,
    }) => {
      for (const width of [320, 340, 360, 390]) {
        await page.setViewportSize({ width, height: 640 });
        await show(page, known, 'people');
        await page
          .getByRole('heading', { level: 2 })
          .first()
          .evaluate((title) => title.scrollIntoView());
        await rest(page);
        expect.soft(await sideways(page), `${width} pixels`).toBeLessThanOrEqual(0);
        for (const faces of ['', '10', '1,000']) {
          await page.locator('.card .number').evaluateAll((all, number) => {
            for (const count of all)
              if (number) count.textContent = count.textContent!.replace(/[\d,]+/, number);
          }, faces);
          await page.screenshot({ path: join(pictures, `people-${locale}-${width}-${faces || 'few'}.png`) });
          expect.soft(await outOfCards(page), `${width} pixels, ${faces} faces`).toEqual([]);
        }
      }
    });
  });
}

test('a question with its companions, what can be answered and how far one is fit on one screen', async ({
  page,
  known,
}) => {
  for (const [width, height] of [
    [1280, 800],
    [1440, 900],
    [1280, 640],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    await show(page, known, 'review');
    await expect(page.getByRole('group', { name: 'Include these too?' })).toBeVisible();
    await expect(page.getByText('faces settled')).toBeInViewport({ ratio: 1 });
    const hidden = await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);
    expect(hidden, `pixels below the edge at ${width} × ${height}`).toBeLessThanOrEqual(0);
  }
  // Where there is no room for all of it, the face and what can be answered are there, and offers are scrolled to.
  await page.setViewportSize({ width: 320, height: 640 });
  await show(page, known, 'review');
  for (const name of ['Yes', 'No', 'Show the whole photo']) {
    await expect(page.getByRole('button', { name, exact: true })).toBeInViewport({ ratio: 1 });
  }
});

test('scan: everybody can use it while faces are found, and it can be held and gone on with', async ({
  page,
}, { outputDir }) => {
  const { kith, wire } = await openOnScan(page, outputDir);
  await page.getByRole('region', { name: 'Faces found so far' }).locator('img').first().waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('heading', { name: 'Paused' }).waitFor();
  // Which photos were looked at by then depends on the machine: what the wall of faces shows is not laid down.
  await lookAt(page, 'scan', { bring: () => rest(page), folder: outputDir, still: false, same: false });
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('link', { name: 'See the people' }).waitFor();
  expect((await wire.scanned()).phase).toBe('done');
  wire.socket.close();
  await kith.stop();
});
