import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { groupLibrary } from '../../electron/service/group.ts';
import { Naming } from '../../electron/service/naming.ts';
import { calibrationCard, calibrationIn } from '../../electron/service/own-calibration.ts';
import { scan } from '../../electron/service/scan.ts';
import { madePhoto, madePool } from './support/made-pool.ts';
import { makePlace, SETUP, withLibrary } from './support/place.ts';

// A machine that is busy with other tests takes its time.
vi.setConfig({ testTimeout: 60_000 });

let place: ReturnType<typeof makePlace>;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

const { encoder } = SETUP;
const calibration = calibrationOf(encoder);

test("A library's own calibration is used by grouping and naming, kept, and moves no face that has a group.", async () => {
  // Twins on every photo: two people whom nothing but the photo tells apart.
  for (let i = 0; i < 40; i++) place.put(`${i}.jpg`, madePhoto([`p${i}`, `p${i}`], `${i}`));
  for (let i = 0; i < 40; i++) place.put(`${i}-alone.jpg`, madePhoto([`p${i}`], `alone ${i}`));
  const pool = madePool();
  await withLibrary(place.file, async (library) => {
    const scanned = () =>
      scan({ library, pool: () => pool, poolSize: 2, setup: SETUP, folder: place.folder });
    const { folder } = await scanned();
    const catalogs = calibrationCard(library, encoder);
    expect(catalogs).toMatchObject({ state: 'few', encoder });
    await groupLibrary({ library, encoder, calibration });
    const card = calibrationCard(library, encoder);
    expect(card).toMatchObject({
      state: 'bounded',
      pairs: { photo: 40, burst: 0, hand: 0 },
      independent: 40,
    });
    expect(card.shift).toBeLessThan(0);
    const own = calibrationIn(library, encoder);
    expect(own.intercept).toBeLessThan(calibration.intercept);
    expect(card.threshold).toBeLessThan(catalogs.threshold);
    expect(card.oneIn).toBeLessThan(catalogs.oneIn);
    const groups = () => new Map(library.faces.ofFolder(folder).map(({ id, group }) => [id, group] as const));
    const before = groups();
    expect([...before.values()].filter((group) => group !== null).length).toBeGreaterThan(40);
    // On mirrors nothing is known of two faces: what moved the calibration is gone.
    library.journal.act({ action: 'several', detail: {}, by: 'hand' }, () => {
      for (const id of new Set(library.faces.ofFolder(folder).map(({ photoId }) => photoId))) {
        library.photos.setSeveral(id, true);
      }
    });
    const naming = new Naming(library, encoder, calibration);
    await naming.faces.prepare();
    expect(calibrationCard(library, encoder)).toMatchObject({ state: 'few', independent: 0 });
    expect(calibrationIn(library, encoder)).toBe(calibration);
    for (let i = 0; i < 5; i++) place.put(`new${i}.jpg`, madePhoto([`p${i}`], `new ${i}`));
    await scanned();
    await groupLibrary({ library, encoder, calibration });
    const after = groups();
    expect(after.size).toBe(before.size + 5);
    for (const [face, group] of before) if (group !== null) expect(after.get(face)).toBe(group);
  });
});

test('A calibration that is not the catalog’s is taken at its word.', async () => {
  for (let i = 0; i < 40; i++) place.put(`${i}.jpg`, madePhoto([`p${i}`, `q${i}`], `${i}`));
  await withLibrary(place.file, async (library) => {
    await scan({ library, pool: () => madePool(), poolSize: 2, setup: SETUP, folder: place.folder });
    await groupLibrary({ library, encoder, calibration: { ...calibration, link: 9 } });
    expect(calibrationCard(library, encoder)).toMatchObject({ state: 'few', independent: 0 });
  });
});

test('What distances mean follows from the photos, not from the groups that are there.', async () => {
  // Forty couples with three photos each; of each couple nothing but the photo tells two people apart.
  for (let i = 0; i < 120; i++) place.put(`${i}.jpg`, madePhoto([`p${i % 40}`, `p${i % 40}`], `${i}`));
  await withLibrary(place.file, async (library) => {
    await scan({ library, pool: () => madePool(), poolSize: 2, setup: SETUP, folder: place.folder });
    await new Naming(library, encoder, calibration).faces.prepare();
    const ungrouped = calibrationCard(library, encoder);
    expect(ungrouped).toMatchObject({ state: 'bounded', pairs: { photo: 120 } });
    expect(ungrouped.independent).toBeCloseTo(40);
    for (let time = 0; time < 2; time++) {
      await groupLibrary({ library, encoder, calibration });
      await new Naming(library, encoder, calibration).faces.prepare();
      expect(calibrationCard(library, encoder)).toEqual(ungrouped);
    }
  });
});
