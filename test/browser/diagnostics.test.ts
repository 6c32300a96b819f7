import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { test } from './known.ts';
import { show } from './screens.ts';

// What the settings show of the log, and what somebody can do with it.

test('the log is shown, by keys too, and copied without a path', async ({ page, known, context }) => {
  await context.grantPermissions(['clipboard-read']);
  await show(page, known, 'settings');
  const open = page.getByRole('button', { name: 'Show diagnostics' });
  await expect(open).toHaveAttribute('aria-expanded', 'false');
  await expect(page.getByText('no names, no paths and no pictures')).toBeVisible();
  await open.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Hide diagnostics' })).toHaveAttribute(
    'aria-expanded',
    'true',
  );

  const file = join(known.kith.env.KITH_LOG!, 'kith.log');
  await expect(page.getByText(`The log lies in ${file}`)).toBeVisible();
  const box = page.getByRole('textbox', { name: 'The last lines of the log' });
  await expect(box).toHaveValue(/^kith=\d+\.\d+\.\d+ node=24/);
  await expect(box).toHaveValue(/owner\/\d+ process\.started kith=/);

  // The way of the tab key: copy, then the lines, which scroll.
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Copy', exact: true })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(box).toBeFocused();
  const { violations } = await new AxeBuilder({ page }).include('#diagnostics').analyze();
  expect(violations).toEqual([]);

  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(page.getByText('The diagnostics were copied.')).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(await box.inputValue());
  const last = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-200);
  expect(last.join('\n')).toContain(copied.split('\n').slice(1).join('\n'));
  for (const secret of ['Anna', 'Team days', 'jpg', known.kith.folder]) {
    expect(copied).not.toContain(secret);
  }

  await page.getByRole('button', { name: 'Hide diagnostics' }).click();
  await expect(box).toBeHidden();
});

test.describe('in German', () => {
  test.use({ locale: 'de-DE' });

  test('the log says the same', async ({ page, known }) => {
    await show(page, known, 'settings');
    await page.getByRole('button', { name: 'Diagnose zeigen' }).click();
    await expect(page.getByRole('textbox', { name: 'Die letzten Zeilen des Protokolls' })).toBeVisible();
    await expect(page.getByText('keine Namen, keine Pfade und keine Bilder')).toBeVisible();
  });
});
