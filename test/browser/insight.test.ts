import { expect } from '@playwright/test';
import { test } from './known.ts';
import { show } from './screens.ts';

// What the settings say that a library taught is what the service says.

test('distances, learning and groups made anew, as the record has them', async ({ page, known }) => {
  const wire = await known.kith.wire();
  const calibration = await wire.call('calibration.get', {});
  const learning = await wire.call('learn.state', {});
  const plan = await wire.call('groups.plan', {});
  wire.socket.close();

  await show(page, known, 'settings');
  const card = page.locator('section').filter({
    has: page.getByRole('heading', { name: 'What this library taught' }),
  });
  const { photo, burst, hand } = calibration.pairs;
  expect(photo, 'pairs of one photo').toBeGreaterThan(0);
  await expect(card).toContainText(`${photo} pairs of one photo, ${burst} of bursts, ${hand} named by hand.`);
  await expect(card).toContainText(`1 pair in ${Math.round(calibration.oneIn)} would be two people`);

  expect(learning.faces, 'confirmed faces').toBeGreaterThan(0);
  expect(learning.faces, 'confirmed faces').toBeLessThan(learning.least.faces);
  await expect(card).toContainText(`${learning.faces} confirmed faces of ${learning.people} people.`);
  await expect(card.getByRole('button', { name: 'Learn now' })).toBeDisabled();

  await card.getByRole('button', { name: 'See what would change' }).click();
  await expect(card).toContainText(
    plan.moved === 0 ? 'Nothing would change.' : `${plan.moved} faces would be with others than now.`,
  );
  await expect(card.getByRole('listitem')).toHaveCount(plan.mixed.length);
  const anew = card.getByRole('button', { name: 'Group anew' });
  await expect(anew).toHaveCount(plan.moved === 0 ? 0 : 1);

  // Grouping took two women for one, who were then named as one: the way leads to where they can be told apart.
  expect(plan.mixed, 'groups that show two people').not.toEqual([]);
  await card.getByRole('listitem').first().getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Anna' })).toBeVisible();
});
