import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { makeLibrary } from '../fixtures/made-library.ts';
import { scan } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

let kith: Kith;

test.beforeAll(async () => {
  const place = await settle(await mkdtemp(join(tmpdir(), 'kith lists ')));
  await makeLibrary(place.library, { faces: 600, encoder: 'dlib' });
  kith = await openKith(place);
  const wire = await kith.wire();
  // Nothing to be found: what the library holds is grouped.
  await scan(wire, await mkdtemp(join(kith.folder, 'nothing ')));
  wire.socket.close();
});
test.afterAll(async () => {
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

test('once a group is named every other moves up to its new place, beside the screen as well', async ({
  page,
}) => {
  const wire = await kith.wire();
  await page.setViewportSize({ width: 1280, height: 640 });
  await page.goto(kith.address);
  const cells = page.getByRole('list', { name: 'Who is this?' }).getByRole('listitem');
  /** Number, cover, size and other faces of each card that is there. */
  const shown = () =>
    cells.evaluateAll((all) =>
      all.map((cell) =>
        [
          cell.ariaPosInSet,
          cell.querySelector('a')?.ariaLabel,
          ...[...cell.querySelectorAll('img')].map((image) => image.getAttribute('src')),
        ].join(' '),
      ),
    );
  const recorded = async () =>
    (await wire.call('groups.list', {})).items.map(({ cover, size, others }, at) =>
      [at + 1, `All ${size} faces of this group`, ...[cover, ...others].map((id) => `face/${id}`)].join(' '),
    );
  const isRight = async () => {
    const cards = await shown();
    return cards.length > 9 && cards.join() === (await recorded()).slice(0, cards.length).join();
  };
  await expect.poll(isRight).toBe(true);
  const before = await shown();
  const [first] = (await wire.call('groups.list', {})).items;
  await wire.call('name', { groups: [first!.id], name: 'Anna' });
  await expect.poll(isRight).toBe(true);
  expect(await shown()).not.toEqual(before);
  wire.socket.close();
});

test('where cards fly by their small faces wait, and are there once one looks', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 400 });
  await page.goto(kith.address);
  const list = page.getByRole('list', { name: 'Who is this?' });
  await list.locator('article img.here').first().waitFor();
  /** Of the cards in sight: those without a small face, and pictures that are not there; after some turns of a wheel. */
  const lacking = (turns: number) =>
    list.evaluate(async (element, most) => {
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      for (let turn = 0; turn < most; turn++) {
        scrollBy(0, 300);
        await frame();
      }
      await frame();
      const cards = [...element.querySelectorAll('article')].filter((card) => {
        const { top, bottom } = card.getBoundingClientRect();
        return bottom > 0 && top < innerHeight;
      });
      const images = cards.flatMap((card) => [...card.querySelectorAll('img')]);
      return {
        cards: cards.length,
        bare: cards.filter((card) => card.querySelectorAll('img').length < 2).length,
        absent: images.filter((image) => !image.classList.contains('here')).length,
      };
    }, turns);
  const { cards, bare } = await lacking(8);
  expect(cards).toBeGreaterThan(3);
  expect(bare).toBeGreaterThan(0);
  await expect.poll(() => lacking(0)).toMatchObject({ bare: 0, absent: 0 });
});
