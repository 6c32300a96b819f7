import { join, resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';
import sharp from 'sharp';
import { test } from './known.ts';
import { screens, show } from './screens.ts';

// Every screen in both themes, wide and narrow. Pictures of all are left in out/screens to be looked at.

const pictures = resolve(import.meta.dirname, '../../out/screens');

const WIDTHS = [
  { name: 'wide', viewport: { width: 1280, height: 800 }, shrink: 8 },
  { name: 'narrow', viewport: { width: 390, height: 844 }, shrink: 4 },
];

test.use({ reducedMotion: 'reduce' });

for (const name of Object.keys(screens)) {
  test(`${name}: everybody can use it, and it is laid out as it was`, async ({ page, known }) => {
    for (const theme of ['light', 'dark'] as const) {
      for (const { name: width, viewport, shrink } of WIDTHS) {
        await page.emulateMedia({ colorScheme: theme });
        await page.setViewportSize(viewport);
        await show(page, known, name);
        const picture = `${name}-${theme}-${width}.png`;
        const pixels = await page.screenshot({ path: join(pictures, picture) });
        // Small and grey: letters and single pixels, which differ between versions of Chromium, are gone; where things
        // are is left.
        const layout = await sharp(pixels)
          .resize(Math.round(viewport.width / shrink))
          .greyscale()
          .png({ palette: true, colours: 16 })
          .toBuffer();
        expect.soft(layout).toMatchSnapshot(picture, { threshold: 0.2, maxDiffPixelRatio: 0.06 });
        // A narrow page has the same colours.
        if (theme === 'dark' && width === 'narrow') continue;
        const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
        const told = violations.map(
          ({ id, nodes }) =>
            `${id}: ${nodes.map(({ html, any }) => `${html} ${any[0]?.message ?? ''}`).join('\n')}`,
        );
        expect.soft(told, `axe on ${picture}`).toEqual([]);
      }
    }
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
    const { scrollWidth, clientWidth } = await page.evaluate(() => ({
      scrollWidth: document.documentElement.scrollWidth,
      clientWidth: document.documentElement.clientWidth,
    }));
    expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
  });
}
