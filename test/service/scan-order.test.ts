import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { madePhoto, madePool } from './support/made-pool.ts';
import { everything, faults, makePlace, scanAndGroup, withLibrary } from './support/place.ts';

// What happens to come first is nothing to the record.

vi.setConfig({ testTimeout: 60_000 });

let place: ReturnType<typeof makePlace>;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => {
  expect(faults(place.file)).toEqual([]);
  place.remove();
});

/** @param delay milliseconds that a photo takes, by its path */
async function grouped(
  file: string,
  folders: readonly string[],
  delay = (_path: string) => 0,
): Promise<void> {
  await withLibrary(file, async (library) => {
    for (const folder of folders) await scanAndGroup(library, { folder, pool: madePool({ delay }) });
  });
}

test('How long photos take leaves no trace in the record.', async () => {
  for (let i = 0; i < 30; i++) place.put(`${i}.jpg`, madePhoto([`p${i % 4}`, `q${i % 3}`], `${i}`));
  const random = (path: string) => (path.length * 7919 + path.charCodeAt(path.length - 5) * 31) % 12;
  await grouped(place.file, [place.folder], random);
  const slow = everything(place.file);
  rmSync(place.file);
  rmSync(`${place.file}-wal`, { force: true });
  await grouped(place.file, [place.folder]);
  expect(everything(place.file)).toEqual(slow);
});

test('The order in which folders were added leaves no trace in the groups.', async () => {
  const second = makePlace();
  for (let i = 0; i < 12; i++) {
    const where = i % 2 === 0 ? place : second;
    where.put(`${i}.jpg`, madePhoto([`p${i % 3}`, `q${i % 4}`], `${i}`));
  }
  const groupsOf = async (file: string, folders: string[]) => {
    await grouped(file, folders);
    const { faces, photos } = everything(file) as {
      faces: { id: bigint; photo_id: bigint; x: number; group_id: bigint | null }[];
      photos: { id: bigint; hash: string }[];
    };
    const hashes = new Map(photos.map(({ id, hash }) => [id, hash]));
    const groups = Map.groupBy(faces, ({ group_id, id }) => group_id ?? `alone ${id}`).values();
    // A group goes by its faces, for its number tells which came first.
    return [...groups]
      .map((faces) => faces.map(({ photo_id, x }) => `${hashes.get(photo_id)} ${x}`).sort())
      .sort();
  };
  const one = await groupsOf(place.file, [place.folder, second.folder]);
  const other = await groupsOf(second.file, [second.folder, place.folder]);
  expect(other).toEqual(one);
  second.remove();
});
