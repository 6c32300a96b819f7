import { expect, type Page } from '@playwright/test';

/** Chooses a folder on the Export screen, exports, and waits for the end. @returns the folder */
export async function exportInto(page: Page, folder: string): Promise<string> {
  await page.getByRole('button', { name: 'Another folder' }).click();
  const path = page.getByRole('textbox', { name: 'Path of the folder' });
  // The picker first opens the user's own folder, and would write that over what is typed.
  await expect(path).not.toHaveValue('');
  await path.fill(folder);
  await page.getByRole('button', { name: 'Export to this folder' }).click();
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(page.getByText(`They are in ${folder}`)).toBeVisible({ timeout: 60_000 });
  return folder;
}
