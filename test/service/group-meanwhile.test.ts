import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EntryId, FolderId, GroupId } from '../../electron/contract/ids.ts';
import type { Library } from '../../electron/library/open.ts';
import { groupLibrary, isUpToDate, planRegroup } from '../../electron/service/group.ts';
import { scan } from '../../electron/service/scan.ts';
import { MADE_CALIBRATION, madePhoto, madePool } from './support/made-pool.ts';
import { makePlace, scanAndGroup, withLibrary } from './support/place.ts';

// The user changes names and groups while faces are being grouped; and names that contradict each other.

let place: ReturnType<typeof makePlace>;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

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

  test('who is like a part of a group that was merged joins the whole.', async () => {
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

  test('once a scan is paused or cancelled no face is grouped, however few there are.', async () => {
    await withLibrary(place.file, async (library) => {
      const folder = await grown(library);
      const before = groupsOf(library, folder);
      const stop = new AbortController();
      const grouping = groupLibrary({ ...options(library), signal: stop.signal });
      stop.abort();
      await expect(grouping).rejects.toMatchObject({ code: 'cancelled' });
      expect(groupsOf(library, folder)).toEqual(before);
      expect(before).toContain(null);
    });
  });

  test.each(['the user and Kith', 'Kith'])(
    'two faces of a photo stay apart, though %s put one person on both.',
    async (who) => {
      await withLibrary(place.file, async (library) => {
        place.put('0 both.jpg', madePhoto(['anna', 'ben']));
        const folder = await grown(library);
        const [one, other] = library.faces.ofFolder(folder).toSorted((a, b) => a.photoId - b.photoId);
        expect(one!.photoId).toBe(other!.photoId);
        act(library, () => {
          const entry = 1 as EntryId;
          const person = library.people.create('Anna');
          const probability = 0.9995;
          // Undoing may leave a record like this.
          library.photos.setSeveral(one!.photoId, true);
          if (who === 'Kith') library.labels.putSure([{ face: one!.id, person, probability }], entry);
          else library.labels.put([one!.id], { verdict: 'person', person, by: 'group' }, entry);
          library.labels.putSure([{ face: other!.id, person, probability }], entry);
          library.photos.setSeveral(one!.photoId, false);
        });
        expect(library.labels.all()).toHaveLength(2);
        const { groups } = await planRegroup(options(library));
        expect(groups.some((group) => group.includes(one!.id) && group.includes(other!.id))).toBe(false);
      });
    },
  );

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
