import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Calibration } from '../../electron/contract/calibration.ts';
import type { EntryId, FolderId, GroupId } from '../../electron/contract/ids.ts';
import type { Library } from '../../electron/library/open.ts';
import { groupLibrary, isUpToDate, planRegroup } from '../../electron/service/group.ts';
import { scan } from '../../electron/service/scan.ts';
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
    expect(library.faces.embeddings('facenet-512').faceIds).toEqual([]);
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

describe('What the user does while faces are being grouped is kept:', () => {
  /** Two groups of four, then four faces more of the first. */
  async function grown(library: Library): Promise<FolderId> {
    for (const person of ['anna', 'ben']) {
      for (let i = 0; i < 4; i++) place.put(`${person}${i}.jpg`, madePhoto([person], `${i}`));
    }
    const { folder } = await scanAndGroup(library, { folder: place.folder, pool: madePool() });
    for (let i = 4; i < 8; i++) place.put(`anna${i}.jpg`, madePhoto(['anna'], `${i}`));
    await scan({
      ...{ library, folder: place.folder, poolSize: 1, setup: { detector: 'ssd', encoder: 'dlib' } },
      pool: () => madePool(),
    });
    return folder;
  }
  const groupsOf = (library: Library, folder: FolderId) =>
    library.faces.ofFolder(folder).map(({ group }) => group);
  const act = (library: Library, work: () => void) =>
    library.journal.act({ action: 'made', detail: {}, by: 'hand' }, work);
  const options = (library: Library) =>
    ({ library, encoder: 'dlib', calibration: MADE_CALIBRATION }) as const;

  test('who would have joined a group that was merged into another joins that one.', async () => {
    await withLibrary(place.file, async (library) => {
      const folder = await grown(library);
      const grouping = groupLibrary(options(library));
      act(library, () => library.groups.merge([1 as GroupId], 2 as GroupId));
      await grouping;
      expect(groupsOf(library, folder)).toEqual(new Array(12).fill(2));
    });
  });

  test('who would have joined a group whose faces are in none any more is grouped anew.', async () => {
    await withLibrary(place.file, async (library) => {
      const folder = await grown(library);
      const grouping = groupLibrary(options(library));
      const gone = library.faces.ofFolder(folder).flatMap(({ id, group }) => (group === 1 ? [id] : []));
      act(library, () => library.groups.move(gone, null));
      await grouping;
      const groups = groupsOf(library, folder);
      expect(groups).not.toContain(null);
      expect(new Set(groups).size).toBe(2);
      expect(library.groups.areCurrent('none')).toBe(false);
    });
  });

  test('a plan of groups is out of date once a face was moved, named, refused or withdrawn.', async () => {
    await withLibrary(place.file, async (library) => {
      const folder = await grown(library);
      const [face] = library.faces.ofFolder(folder);
      const changes = [
        () => library.groups.move([face!.id], null),
        () => library.labels.refuse([face!.id], library.people.create('Anna')),
        () =>
          library.labels.put([face!.id], { verdict: 'not-a-face', person: null, by: 'hand' }, 1 as EntryId),
        () => library.photos.setSeveral(face!.photoId, true),
      ];
      for (const change of changes) {
        const planned = await planRegroup(options(library));
        expect(isUpToDate(library, planned)).toBe(true);
        act(library, change);
        expect(isUpToDate(library, planned)).toBe(false);
        // Undoing is a change as well.
        const other = await planRegroup(options(library));
        library.journal.undo();
        expect(isUpToDate(library, other)).toBe(false);
      }
    });
  });
});
