import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Calibration } from '../../electron/contract/calibration.ts';
import type { EntryId, FaceId, GroupId } from '../../electron/contract/ids.ts';
import type { Library } from '../../electron/library/open.ts';
import { type GroupedScan, groupLibrary } from '../../electron/service/group.ts';
import { madeAnalysis } from '../fixtures/analysis.ts';
import { MADE_CALIBRATION, madePhoto, madePool } from './support/made-pool.ts';
import { makePlace, scanAndGroup, withLibrary } from './support/place.ts';

// A machine that is busy with other tests takes its time.
vi.setConfig({ testTimeout: 60_000 });

let place: ReturnType<typeof makePlace>;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

test('Groups are numbered from 1 by size, and no two faces of one photo share one.', async () => {
  // Twins on each photo: nothing but the photo tells them apart.
  for (let i = 0; i < 300; i++) place.put(`${i}.jpg`, madePhoto(['twin', 'twin', `p${i % 90}`], `${i}`));
  // 900 faces: enough that a thread of its own does the work.
  const faces = await withLibrary(place.file, async (library) => {
    // As many numbers as a real encoder gives: in fewer, ninety people crowd each other.
    const { folder } = await scanAndGroup(library, { folder: place.folder, pool: madePool({ size: 128 }) });
    return library.faces.ofFolder(folder);
  });
  const groups = Map.groupBy(
    faces.filter(({ group }) => group !== null),
    ({ group }) => group!,
  );
  const sizes = [...groups].sort(([a], [b]) => a - b).map(([, members]) => members.length);
  expect([...groups.keys()].sort((a, b) => a - b)).toEqual(sizes.map((_, i) => i + 1));
  expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
  // Ninety people, and the twins in two groups at least: who of them is who, nothing tells.
  expect(sizes.length).toBeGreaterThanOrEqual(92);
  for (const members of groups.values()) {
    expect(new Set(members.map(({ photoId }) => photoId)).size).toBe(members.length);
  }
});

test('A library without faces, or with one alone, has no groups.', async () => {
  place.put('nobody.jpg', madePhoto([]));
  await withLibrary(place.file, async (library) => {
    const { folder } = await scanAndGroup(library, { folder: place.folder, pool: madePool() });
    expect(library.faces.ofFolder(folder)).toEqual([]);
    place.put('one.jpg', madePhoto(['anna']));
    await scanAndGroup(library, { folder: place.folder, pool: madePool() });
    expect(library.faces.ofFolder(folder)).toMatchObject([{ group: null }]);
  });
});

test('Groups are made again for another calibration, and not for the same.', async () => {
  for (let i = 0; i < 4; i++) place.put(`${i}.jpg`, madePhoto(['anna'], `${i}`));
  // Links only what is nearer than 0.02.
  const strict: Calibration = { ...MADE_CALIBRATION, link: 15.6 };
  await withLibrary(place.file, async (library) => {
    const { folder } = await scanAndGroup(library, { folder: place.folder, pool: madePool() });
    const groups = () => library.faces.ofFolder(folder).map(({ group }) => group);
    expect(groups()).toEqual([1, 1, 1, 1]);
    const state = library.groups.state();
    await groupLibrary({ library, encoder: 'dlib', calibration: strict });
    expect(groups()).toEqual([null, null, null, null]);
    expect(library.groups.state()).toBe(state);
    await groupLibrary({ library, encoder: 'dlib', calibration: MADE_CALIBRATION });
    expect(new Set(groups()).size).toBe(1);
    expect(groups()).not.toContain(null);
  });
});

test('Vectors of another encoder never meet: grouping by one sees only its own.', async () => {
  for (let i = 0; i < 4; i++) place.put(`${i}.jpg`, madePhoto(['anna'], `${i}`));
  await withLibrary(place.file, async (library) => {
    await scanAndGroup(library, { folder: place.folder, pool: madePool() });
    expect(library.embeddings.all('facenet-512').faceIds).toEqual([]);
    await groupLibrary({ library, encoder: 'facenet-512', calibration: MADE_CALIBRATION });
    const folder = library.files.folder(place.folder);
    expect(library.faces.ofFolder(folder).map(({ group }) => group)).toEqual([null, null, null, null]);
  });
});

test('A grouping that is cancelled leaves the groups that were.', async () => {
  for (let i = 0; i < 600; i++) place.put(`${i}.jpg`, madePhoto([`p${i % 300}`], `${i}`));
  await withLibrary(place.file, async (library) => {
    const { folder } = await scanAndGroup(library, { folder: place.folder, pool: madePool() });
    const before = library.faces.ofFolder(folder);
    const calibration: Calibration = { ...MADE_CALIBRATION, link: 1 };
    const signal = AbortSignal.abort();
    await expect(groupLibrary({ library, encoder: 'dlib', calibration, signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(library.faces.ofFolder(folder)).toEqual(before);
  });
});

test('In however many imports photos come, and in whatever order, the groups are those of one import.', async () => {
  const photos = Array.from({ length: 60 }, (_, i) => ({
    name: `${i}.jpg`,
    people: [`p${i % 6}`, `q${i % 9}`],
  }));
  /** Groups by the photos whose faces they hold. */
  async function grownIn(imports: (typeof photos)[]): Promise<string[]> {
    const here = makePlace();
    try {
      return await withLibrary(here.file, async (library) => {
        for (const some of imports) {
          for (const { name, people } of some) here.put(name, madePhoto(people, name));
          await scanAndGroup(library, { folder: here.folder, pool: madePool({ size: 128 }) });
        }
        const folder = library.files.folder(here.folder);
        const paths = new Map(library.files.list(folder).map(({ path, photoId }) => [photoId, path]));
        const faces = library.faces.ofFolder(folder).filter(({ group }) => group !== null);
        const groups = Map.groupBy(faces, ({ group }) => group).values();
        return [...groups]
          .map((some) =>
            some
              .map(({ photoId }) => paths.get(photoId))
              .sort()
              .join(' '),
          )
          .sort();
      });
    } finally {
      here.remove();
    }
  }
  const atOnce = await grownIn([photos]);
  expect(atOnce).toHaveLength(15);
  const byPerson = Object.values(Object.groupBy(photos, ({ people }) => people[0]!)) as (typeof photos)[];
  expect(await grownIn(byPerson)).toEqual(atOnce);
  const backwards = photos.toReversed();
  expect(await grownIn([backwards.slice(0, 3), backwards.slice(3, 40), backwards.slice(40)])).toEqual(atOnce);
});

describe('Groups that new photos show to be one person', () => {
  /** A face so many degrees from the first. */
  const at = (degrees: number) => {
    const vector = new Float32Array(128);
    vector[0] = Math.cos((degrees * Math.PI) / 180);
    vector[1] = Math.sin((degrees * Math.PI) / 180);
    return vector;
  };
  let photos = 0;
  function add(library: Library, ...degrees: number[]): void {
    for (const angle of degrees) {
      const analysis = madeAnalysis(++photos, 1);
      const faces = [{ ...analysis.faces[0]!, embedding: at(angle) }];
      const seen = { path: `${photos}.jpg`, size: analysis.bytes, mtimeNs: 1n };
      const [file] = library.files.reconcile(library.files.folder('/made'), [seen], [''], 'ssd');
      const by = { detector: 'ssd', encoder: 'dlib' } as const;
      library.files.link(file!.id, library.photos.record({ ...analysis, faces }, by));
    }
  }
  /** Of each face, in the order in which they came. */
  function groups(library: Library): number[] {
    const { faceIds, groups: of } = library.embeddings.all('dlib');
    return faceIds
      .map((id, row) => ({ id, group: of[row]! }))
      .sort((a, b) => a.id - b.id)
      .map(({ group }) => group);
  }
  const grow = (library: Library, during?: GroupedScan) =>
    groupLibrary({
      ...{ library, encoder: 'dlib', scan: during },
      calibration: { ...MADE_CALIBRATION, founder: 0.1 },
    });
  const [few, many] = [
    [0, 6, 12],
    [24, 27, 30, 33, 36, 39, 42],
  ];

  test('are joined, which is undone for good.', async () => {
    await withLibrary(place.file, async (library) => {
      add(library, ...few, ...few.map((angle) => angle + 54));
      await grow(library);
      const apart = groups(library);
      const [one, other] = [apart[0], apart[5]];
      expect(apart).toEqual([one, one, one, other, other, other]);
      expect(one).not.toBe(other);
      add(library, ...many);
      const grown = await grow(library);
      expect(new Set(groups(library)).size).toBe(1);
      const [entry] = library.journal.list(0, 1).items;
      expect(entry).toMatchObject({ action: 'grow', by: 'kith', detail: { groups: 2 } });
      expect(grown).toEqual({ entry: entry!.id, groups: 2, why: 'photos' });

      library.journal.undo({ entry: entry!.id });
      expect(groups(library).slice(0, 6)).toEqual(apart);
      add(library, 3);
      await grow(library);
      expect(groups(library).slice(0, 6)).toEqual(apart);
      expect(groups(library)).not.toContain(0);
    });
  });

  test('are joined once the scan that brings it to light has ended, and without an entry where it made them itself.', async () => {
    await withLibrary(place.file, async (library) => {
      const after = library.groups.last();
      add(library, ...few, ...few.map((angle) => angle + 54));
      expect(await grow(library, { after, goesOn: true })).toBeNull();
      const apart = groups(library);
      const here = library.groups.last();
      add(library, ...many);
      expect(await grow(library, { after: here, goesOn: true })).toBeNull();
      expect(groups(library).slice(0, 6)).toEqual(apart);
      expect(groups(library).slice(6)).not.toContain(0);
      expect(await grow(library, { after, goesOn: false })).toBeNull();
      expect(new Set(groups(library)).size).toBe(1);
      expect(library.journal.list(0, 1).items).toEqual([]);
    });
  });

  test.each([
    [
      'named',
      (library: Library) =>
        library.labels.put([1 as FaceId], { verdict: 'ignored', person: null, by: 'hand' }, 1 as EntryId),
    ],
    ['hidden', (library: Library) => library.groups.setHidden([1 as GroupId], true)],
    ['arranged', (library: Library) => library.groups.move([3 as FaceId], library.groups.create())],
  ])('are held where one was %s: the other joins it.', async (_, label) => {
    await withLibrary(place.file, async (library) => {
      add(library, ...few, ...few.map((angle) => angle + 54));
      await grow(library);
      library.journal.act({ action: 'made', detail: {}, by: 'hand' }, () => label(library));
      const before = groups(library);
      const held = [...before.entries()].filter(([, group]) => library.groups.held().has(group as GroupId));
      expect(held.length).toBeGreaterThan(0);
      add(library, ...many);
      await grow(library);
      for (const [row, group] of held) expect(groups(library)[row]).toBe(group);
    });
  });
});
