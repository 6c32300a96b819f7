import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, type Page } from '@playwright/test';
import sharp from 'sharp';
import type { Page as Wire } from '../e2e/page.ts';
import { samples } from '../golden/models-reference.ts';
import { openOnScan, scan } from './album.ts';
import { test } from './known.ts';
import { rest, show } from './screens.ts';
import { isRight } from './truth.ts';

// The README's pictures: the app as it is, on the sample photos of @vladmandic/face-api (MIT) alone.

const docs = resolve(import.meta.dirname, '../../docs');

test.use({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 });

async function take(page: Page, name: string): Promise<void> {
  // Nothing is still on its way in, and nothing is pointed at.
  await page.mouse.move(0, 0);
  await page.waitForTimeout(800);
  const { size } = await sharp(await page.screenshot())
    .jpeg({ quality: 82, mozjpeg: true })
    .toFile(join(docs, `${name}.jpg`));
  expect(size, `${name}.jpg, in bytes`).toBeLessThan(150_000);
}

test('a folder is looked at, and its people are in groups', async ({ page }, { outputDir }) => {
  const { kith, wire } = await openOnScan(page, outputDir, 2);
  const found = page.getByRole('region', { name: 'Faces found so far' }).locator('img');
  await expect.poll(() => found.count()).toBeGreaterThan(24);
  await page.getByRole('link', { name: /^Name \d+ people$/ }).waitFor();
  await take(page, 'scan');
  await expect(page.getByRole('heading', { name: 'Finding faces' })).toBeVisible();
  await page.getByRole('link', { name: 'See the people' }).click();
  await page.getByRole('list', { name: 'Who is this?' }).getByRole('textbox').first().waitFor();
  await rest(page);
  await take(page, 'groups');
  wire.socket.close();
  await kith.stop();
});

/** Has Kith ask about a face of which it is known who it is: one of two photos that are small and soft. */
async function askAboutOneKnown(wire: Wire, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const [, , photo] = samples;
  const dark = sharp(photo!.path).modulate({ brightness: 0.75 });
  for (const [name, width, blur] of [
    ['small3', 300, 0.8],
    ['tiny3', 240, 0.5],
  ] as const)
    await dark
      .clone()
      .resize(width)
      .blur(blur)
      .jpeg({ quality: 50 })
      .toFile(join(folder, `${name}.jpg`));
  await scan(wire, folder);
  const seen = new Set<string>();
  let { question } = await wire.call('review.next', {});
  while (question && !(await isRight(wire, question))) {
    if (seen.has(question.id)) throw new Error('Expected a question whose answer is known but there is none');
    seen.add(question.id);
    const skipped = { question: question.id, answer: { kind: 'skip' as const } };
    question = (await wire.call('review.answer', skipped)).next;
  }
}

test('one is named, the others follow', async ({ page, known }) => {
  await show(page, known, 'people');
  await page.getByRole('list', { name: 'Who is this?' }).getByRole('textbox').first().click();
  await page.keyboard.type('Grace');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: 'is now on' })).toBeVisible();
  await take(page, 'named');
  await show(page, known, 'compare');
  await take(page, 'compare');
  await page.emulateMedia({ colorScheme: 'dark' });
  await show(page, known, 'person');
  await take(page, 'person-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  const wire = await known.kith.wire();
  await askAboutOneKnown(wire, join(known.kith.folder, 'photos', 'Old phone'));
  wire.socket.close();
  await show(page, known, 'review');
  await take(page, 'review');
});
