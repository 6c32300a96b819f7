import { expect } from '@playwright/test';
import { test } from './known.ts';
import { show } from './screens.ts';

test('of two dialogs the inner one goes first, and the ground stays dark until both have gone', async ({
  page,
  known,
}) => {
  await show(page, known, 'review');
  const dialogs = page.getByRole('dialog');
  const shaded = page.locator('html.shaded');
  await page.keyboard.press('e');
  await expect(dialogs).toHaveCount(1);
  await expect(shaded).toHaveCount(1);
  await page.keyboard.press('Control+K');
  await expect(dialogs).toHaveCount(2);
  await page.keyboard.press('Escape');
  await expect(dialogs).toHaveCount(1);
  await expect(shaded).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(dialogs).toHaveCount(0);
  await expect(shaded).toHaveCount(0);
});
