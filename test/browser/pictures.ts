import { join, resolve } from 'node:path';
import { expect, type Page } from '@playwright/test';
import sharp from 'sharp';
import { test } from './known.ts';
import { show } from './screens.ts';

// The README's pictures: the app as it is, on the sample photos of @vladmandic/face-api (MIT) alone.

const docs = resolve(import.meta.dirname, '../../docs');

test.use({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 });

async function take(page: Page, name: string): Promise<void> {
  const { size } = await sharp(await page.screenshot())
    .jpeg({ quality: 82, mozjpeg: true })
    .toFile(join(docs, `${name}.jpg`));
  expect(size, `${name}.jpg, in bytes`).toBeLessThan(150_000);
}

test('the story in pictures', async ({ page, known }) => {
  await show(page, known, 'people');
  await page.getByRole('list', { name: 'Who is this?' }).getByRole('textbox').first().click();
  await page.keyboard.type('Grace');
  await page.keyboard.press('Enter');
  const ledger = page.getByRole('status').filter({ hasText: 'is now on' });
  await expect(ledger).toBeVisible();
  // Nothing of it is still on its way in.
  await page.waitForTimeout(800);
  await take(page, 'named');
  await show(page, known, 'compare');
  await take(page, 'compare');
  await page.emulateMedia({ colorScheme: 'dark' });
  await show(page, known, 'person');
  await take(page, 'person-dark');
});
