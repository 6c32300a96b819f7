import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { GroupId, PersonId, PhotoId } from '../../electron/contract/ids.ts';
import { makeAlbum, scan, scanSamples } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

// Where one is in the page, and what one comes back to: held against the record.

let kith: Kith;
let anna: PersonId;

test.beforeAll(async () => {
  kith = await openKith(await settle(await mkdtemp(join(tmpdir(), 'kith places '))));
  const wire = await kith.wire();
  await scan(wire, await makeAlbum(join(kith.folder, 'photos')));
  const [group] = (await wire.call('groups.list', { limit: 1 })).items;
  await wire.call('name', { groups: [group!.id], name: 'Anna' });
  anna = (await wire.call('people.list', { limit: 1 })).items[0]!.id;
  wire.socket.close();
});
test.afterAll(async () => {
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

test('next and previous stay among the photos of a person, and of a group', async () => {
  const wire = await kith.wire();
  const all = (await wire.call('photos.list', { limit: 100 })).items.map(({ id }) => id);
  const ofPerson = (await wire.call('photos.list', { limit: 100, person: anna })).items.map(({ id }) => id);
  const group = (await wire.call('groups.list', { limit: 1 })).items[0]!.id;
  const faces = (await wire.call('groups.faces', { id: group, limit: 100, stacked: false })).items;
  const ofGroup = all.filter((id) => faces.some(({ photo }) => photo === id));
  expect(ofPerson.length).toBeGreaterThan(1);
  expect(ofGroup.length).toBeGreaterThan(1);
  const lists: [{ person?: PersonId; group?: GroupId }, PhotoId[]][] = [
    [{ person: anna }, ofPerson],
    [{ group }, ofGroup],
  ];
  for (const [which, list] of lists) {
    for (const id of all) {
      const at = list.indexOf(id);
      const place = all.indexOf(id);
      expect(await wire.call('photos.beside', { id, ...which }), `photo ${id}`).toEqual({
        previous: list.findLast((other) => all.indexOf(other) < place) ?? null,
        next: list.find((other) => all.indexOf(other) > place) ?? null,
        at: at < 0 ? null : at + 1,
        of: list.length,
      });
    }
  }
  wire.socket.close();
});

test('a photo that was opened from a person goes on with that person, and Back leads to the same place', async ({
  page,
}) => {
  const wire = await kith.wire();
  const photos = (await wire.call('photos.list', { limit: 100, person: anna })).items;
  wire.socket.close();
  await page.goto(kith.address);
  await page.goto(`${new URL(kith.address).origin}/#/person/${anna}?tab=photos`);
  const tiles = page.getByRole('list', { name: 'Photos' }).getByRole('link');
  await expect(tiles).toHaveCount(photos.length);
  await tiles.first().click();
  await expect(page.getByText(`1 of ${photos.length}`)).toBeVisible();
  await expect(page.getByRole('link', { name: 'Previous photo' })).toHaveCount(0);
  for (let at = 2; at <= photos.length; at++) {
    await page.keyboard.press('ArrowRight');
    await expect(page.getByText(`${at} of ${photos.length}`)).toBeVisible();
    expect(page.url()).toContain(`#/photo/${photos[at - 1]!.id}?person=${anna}`);
  }
  await expect(page.getByRole('link', { name: 'Next photo' })).toHaveCount(0);
  // The address alone says it, as after a reload.
  await page.reload();
  await expect(page.getByText(`${photos.length} of ${photos.length}`)).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('tab', { name: /Photos/ })).toHaveAttribute('data-state', 'active');
});

test('what was open on People is open after Back, at the same place, and the numbers are those of now', async ({
  page,
}) => {
  const samples = await openKith(await settle(await mkdtemp(join(tmpdir(), 'kith places '))));
  await scanSamples(samples);
  const wire = await samples.wire();
  await page.setViewportSize({ width: 800, height: 500 });
  await page.goto(samples.address);
  await page.getByRole('button', { name: /^Show \d+ faces?$/ }).click();
  const alone = page.getByRole('list', { name: 'Seen once' });
  await expect(alone).toBeVisible();
  const last = alone.getByRole('link').last();
  await last.scrollIntoViewIfNeeded();
  const place = await page.evaluate(() => window.scrollY);
  const before = (await wire.call('groups.alone', { limit: 1 })).total;
  await last.click();
  await expect(page.getByRole('button', { name: 'Back' })).toBeVisible();
  // Meanwhile one of them gets a name.
  const [face] = (await wire.call('groups.alone', { limit: 1 })).items;
  await wire.call('name', { faces: [face!.id], name: 'Zoe' });
  await page.keyboard.press('Escape');
  await expect(alone).toBeVisible();
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(place - 300);
  const { people, groups } = await wire.call('library.overview', {});
  await expect(page.getByText(new RegExp(`^${people}\\b.*\\b${groups}\\b`))).toBeVisible();
  await expect(alone.getByRole('link')).toHaveCount(before - 1);
  // Opened anew, the page begins anew.
  await page.keyboard.press('Control+2');
  await expect(page.getByRole('heading', { name: 'Photos', level: 1 })).toBeVisible();
  await page.keyboard.press('Control+1');
  await expect(page.getByRole('button', { name: /^Show \d+ faces?$/ })).toBeVisible();
  await expect(alone).toHaveCount(0);
  wire.socket.close();
  await samples.stop();
  await rm(samples.folder, { recursive: true });
});

test('a long suggestion makes no card higher, down to the narrowest screen', async ({ page }) => {
  const wire = await kith.wire();
  await wire.call('people.rename', {
    id: anna,
    name: 'Wolfeschlegelsteinhausenbergerdorff von und zu Hohenlohe',
    merge: false,
  });
  await page.goto(kith.address);
  for (const width of [320, 390, 768, 1280, 2560]) {
    await page.setViewportSize({ width, height: 900 });
    const cards = page.getByRole('list', { name: 'Who is this?' }).locator('article');
    await expect(cards.first()).toBeVisible();
    await expect(cards.locator('.maybe').first()).toBeVisible();
    const heights = await cards.evaluateAll((all) =>
      all.map((card) => Math.round(card.getBoundingClientRect().height)),
    );
    expect(new Set(heights).size, `heights ${heights} at ${width} px`).toBe(1);
    const outside = await cards.evaluateAll(
      (all) =>
        all.flatMap((card) => {
          const edge = card.getBoundingClientRect();
          return [...card.querySelectorAll('button, input, .number, a')].filter((element) => {
            const { top, bottom, right, width } = element.getBoundingClientRect();
            return width > 0 && (top < edge.top || bottom > edge.bottom || right > edge.right);
          });
        }).length,
    );
    expect(outside, `${width} px`).toBe(0);
  }
  await wire.call('people.rename', { id: anna, name: 'Anna', merge: false });
  wire.socket.close();
});
