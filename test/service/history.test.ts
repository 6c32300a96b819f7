import { cpSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GroupId } from '../../electron/contract/ids.ts';
import type { Library } from '../../electron/library/open.ts';
import { folderGroups } from '../../electron/service/folder-groups.ts';
import { madePhoto, madePool } from './support/made-pool.ts';
import { faults, makePlace, scanAndGroup, withLibrary } from './support/place.ts';

/** What the user may do to a folder between two scans; `a` and `b` choose among its files. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), a: fc.nat(), people: fc.subarray(['p', 'q', 'r', 's']) }),
  fc.record({
    kind: fc.constantFrom('remove', 'move', 'copy', 'overwrite', 'empty', 'scan'),
    a: fc.nat(),
    b: fc.nat(),
  }),
);

/**
 * Photos by path with boxes and groups: all but the ids, of faces and of groups, which tell of the order of arrival, and
 * groups of one, which hold still where the other faces have gone and are not begun by a fresh record.
 */
async function answer(library: Library, folder: string) {
  const outcome = await scanAndGroup(library, { folder, pool: madePool() });
  const { photos, groups } = folderGroups(library, outcome.folder);
  const numbers = new Map<GroupId, number>();
  const large = new Set(groups.filter(({ size }) => size > 1).map(({ id }) => id));
  const number = (group: GroupId | null) => {
    if (group === null || !large.has(group)) return null;
    if (!numbers.has(group)) numbers.set(group, numbers.size + 1);
    return numbers.get(group)!;
  };
  return {
    photos: photos.map((photo) => ({
      ...photo,
      faces: photo.faces.map((face) => ({ ...face, id: 0, group: number(face.group) })),
    })),
    sizes: groups.map(({ size }) => size).filter((size) => size > 1),
  };
}

test('Whatever happened to a folder between scans, the record says what a fresh one would.', async () => {
  let salt = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const place = makePlace();
      try {
        const seasoned = await withLibrary(place.file, async (library) => {
          for (const next of steps) {
            const files = readdirSync(place.folder).sort();
            const chosen = files[next.a % Math.max(files.length, 1)];
            if (next.kind === 'add') place.put(`${next.a % 40}.jpg`, madePhoto(next.people, `${salt++}`));
            else if (next.kind === 'scan') await answer(library, place.folder);
            else if (chosen)
              change(next.kind, join(place.folder, chosen), join(place.folder, `${next.b % 40}.jpg`));
          }
          return answer(library, place.folder);
        });
        expect(faults(place.file)).toEqual([]);
        const fresh = await withLibrary(join(place.root, 'fresh.kith'), (library) =>
          answer(library, place.folder),
        );
        expect(seasoned).toEqual(fresh);
      } finally {
        place.remove();
      }
    }),
    { numRuns: 60 },
  );

  function change(kind: string, path: string, other: string): void {
    if (kind === 'remove') rmSync(path);
    else if (kind === 'move') renameSync(path, other);
    else if (kind === 'copy' && path !== other) cpSync(path, other);
    else if (kind === 'overwrite') writeFileSync(path, madePhoto(['p', 's'], `${salt++}`));
    else if (kind === 'empty') writeFileSync(path, '');
  }
});
