import { renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ScanProgress } from '../../electron/contract/results.ts';
import { scan } from '../../electron/service/scan.ts';
import { type MadePool, madePhoto, madePool } from './support/made-pool.ts';
import {
  everything,
  faults,
  makePlace,
  type RunOptions,
  SETUP,
  scanAndGroup,
  withLibrary,
} from './support/place.ts';

// A machine that is busy with other tests takes its time.
vi.setConfig({ testTimeout: 60_000 });

let place: ReturnType<typeof makePlace>;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => {
  expect(faults(place.file)).toEqual([]);
  place.remove();
});

/** One run with its own opening of the library, as a person starts Kith. */
async function run({ pool = madePool(), ...options }: Partial<RunOptions> & { pool?: MadePool } = {}) {
  const listed = await withLibrary(place.file, async (library) => {
    const { folder } = await scanAndGroup(library, { folder: place.folder, pool, ...options });
    return { files: library.files.list(folder), faces: library.faces.ofFolder(folder) };
  });
  return { ...listed, pool };
}

function putFamily(): void {
  place.put('a.jpg', madePhoto(['anna', 'ben'], '1'));
  place.put('b.jpg', madePhoto(['anna'], '22'));
  place.put('sub/c.jpg', madePhoto(['ben', 'carl'], '333'));
}

test('A folder gives its photos, their faces, and a group for each person who is there twice.', async () => {
  putFamily();
  const { files, faces } = await run();
  expect(files.map(({ path, status, width }) => [path, status, width])).toEqual([
    ['a.jpg', 'done', 1000],
    ['b.jpg', 'done', 1000],
    ['sub/c.jpg', 'done', 1000],
  ]);
  const groupOf = (photo: number, index: number) =>
    faces.filter(({ photoId }) => photoId === files[photo]!.photoId)[index]!.group;
  expect(groupOf(0, 0)).toBe(groupOf(1, 0));
  expect(groupOf(0, 1)).toBe(groupOf(2, 0));
  expect(groupOf(0, 0)).not.toBe(groupOf(0, 1));
  expect(groupOf(2, 1)).toBeNull();
  expect([...new Set(faces.map(({ group }) => group))].sort()).toEqual([1, 2, null]);
});

test('A second run over an unchanged folder asks for no vision process and changes nothing.', async () => {
  putFamily();
  place.put('empty.jpg', '');
  await run();
  const before = everything(place.file);
  const reports: ScanProgress[] = [];
  await withLibrary(place.file, async (library) => {
    const pool = () => {
      throw new Error('a pool was started');
    };
    const onProgress = (progress: ScanProgress) => reports.push(progress);
    await scan({ library, pool, poolSize: 2, folder: place.folder, setup: SETUP, onProgress });
  });
  expect(everything(place.file)).toEqual(before);
  expect(reports).toEqual([{ done: 4, total: 4, rate: 0, remaining: 0, path: null, faces: 0 }]);
});

test('A changed file is done again, and only that one; the other faces of its group stay in the group.', async () => {
  putFamily();
  await run();
  place.put('b.jpg', madePhoto(['dora'], 'new'));
  const { pool, faces, files } = await run();
  expect(pool.analysed).toEqual([join(place.folder, 'b.jpg')]);
  const photo = files.find(({ path }) => path === 'b.jpg')!.photoId;
  expect(faces.filter(({ photoId, group }) => photoId === photo && group === null)).toHaveLength(1);
  expect(faces.filter(({ group }) => group !== null)).toHaveLength(3);
});

test('A file that was only touched is hashed and keeps its faces.', async () => {
  putFamily();
  const before = await run();
  utimesSync(join(place.folder, 'a.jpg'), new Date(), new Date(2001, 0, 1));
  const after = await run();
  expect(after.pool.hashed).toEqual([join(place.folder, 'a.jpg')]);
  expect(after.pool.analysed).toEqual([]);
  expect(after.faces).toEqual(before.faces);
});

test('A moved file is recognised by its content and keeps the ids of its faces.', async () => {
  putFamily();
  const before = await run();
  renameSync(join(place.folder, 'a.jpg'), join(place.folder, 'sub', 'renamed.jpg'));
  const after = await run();
  expect(after.pool.analysed).toEqual([]);
  expect(after.files.map(({ path }) => path)).toEqual(['b.jpg', 'sub/c.jpg', 'sub/renamed.jpg']);
  expect(after.faces).toEqual(before.faces);
});

test('A photo whose file went and came back finds its faces again, in the groups that they were in.', async () => {
  putFamily();
  const before = await run();
  renameSync(join(place.folder, 'b.jpg'), join(place.root, 'b.jpg'));
  const without = await run();
  expect(without.faces).toHaveLength(4);
  expect(without.faces).toEqual(
    before.faces.filter(({ id }) => without.faces.some((face) => face.id === id)),
  );
  renameSync(join(place.root, 'b.jpg'), join(place.folder, 'b.jpg'));
  const after = await run();
  expect(after.pool.analysed).toEqual([]);
  expect(after.faces).toEqual(before.faces);
});

test('Files of the same content are one photo, analysed once, even when all are in flight together.', async () => {
  const content = madePhoto(['anna', 'ben']);
  for (const name of ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg']) place.put(name, content);
  const { files, faces, pool } = await run({ pool: madePool({ delay: () => 20 }) });
  expect(pool.analysed).toHaveLength(1);
  expect(new Set(files.map(({ photoId }) => photoId)).size).toBe(1);
  expect(faces).toHaveLength(2);
});

test('A copy of a photo in another folder shares its faces.', async () => {
  putFamily();
  const other = makePlace();
  other.put('copy.jpg', madePhoto(['anna'], '22'));
  const first = await run();
  const second = await run({ folder: other.folder });
  expect(second.faces).toEqual(first.faces.filter(({ id }) => id === second.faces[0]!.id));
  other.remove();
});

test('Unreadable files are noted with their reason, and the rest is done.', async () => {
  putFamily();
  place.put('empty.jpg', '');
  place.put('letter.jpg', 'Dear Anna,');
  const { files } = await run();
  const refused = files.filter(({ status }) => status === 'unreadable');
  expect(refused.map(({ path, reasonCode }) => [path, reasonCode])).toEqual([
    ['empty.jpg', 'empty-file'],
    ['letter.jpg', 'not-an-image'],
  ]);
  expect(refused[0]!.reasonDetail).toContain('empty.jpg');
  expect(files.filter(({ status }) => status === 'done')).toHaveLength(3);
});

test('A file that was unreadable and is mended is done.', async () => {
  place.put('a.jpg', '');
  await run();
  place.put('a.jpg', madePhoto(['anna']));
  const { files } = await run();
  expect(files).toMatchObject([{ path: 'a.jpg', status: 'done', reasonCode: null, reasonDetail: null }]);
});

test('A photo deleted between walk and reading is unreadable in this run and gone in the next.', async () => {
  putFamily();
  const pool = madePool({ before: (path) => path.endsWith('b.jpg') && rmSync(path, { force: true }) });
  const first = await run({ pool });
  expect(first.files.find(({ path }) => path === 'b.jpg')).toMatchObject({
    status: 'unreadable',
    reasonCode: 'vanished',
  });
  const second = await run();
  expect(second.files.map(({ path }) => path)).toEqual(['a.jpg', 'sub/c.jpg']);
});

test('A twin that vanishes while it is read does not take its copy along.', async () => {
  place.put('a.jpg', madePhoto(['anna']));
  place.put('b.jpg', madePhoto(['anna']));
  const opened = new Set<string>();
  let gone: string | null = null;
  const pool = madePool({
    delay: () => 20,
    before: (path) => {
      // Both are hashed first; whichever is analysed then goes in between.
      if (opened.has(path) && gone === null) {
        gone = path;
        rmSync(path);
      }
      opened.add(path);
    },
  });
  const { files } = await run({ pool });
  expect(files.map(({ status }) => status).sort()).toEqual(['done', 'unreadable']);
});

test('A file that changes between walk and reading is recorded as read and done again next time.', async () => {
  place.put('a.jpg', madePhoto(['anna']));
  const pool = madePool({ before: (path) => writeFileSync(path, madePhoto(['ben', 'carl'])) });
  expect((await run({ pool })).faces).toHaveLength(2);
  const { pool: second, faces } = await run();
  expect(second.hashed).toHaveLength(1);
  expect(second.analysed).toHaveLength(0);
  expect(faces).toHaveLength(2);
});

describe('Another detector or encoder', () => {
  test('does the photos again; faces that are found again keep their ids, the others go.', async () => {
    putFamily();
    const before = await run();
    // Moved by a fifth of their width: IoU 0.67. By three fifths: 0.25.
    const near = await run({
      pool: madePool({ shift: 0.02 }),
      setup: { detector: 'yunet', encoder: 'dlib' },
    });
    expect(near.faces.map(({ id }) => id)).toEqual(before.faces.map(({ id }) => id));
    expect(near.faces[0]!.box.x).toBeCloseTo(0.02);
    const far = await run({ pool: madePool({ shift: 0.08 }), setup: { detector: 'haar', encoder: 'dlib' } });
    expect(far.faces).toHaveLength(5);
    const ids = new Set(before.faces.map(({ id }) => id));
    expect(far.faces.filter(({ id }) => ids.has(id))).toEqual([]);
  });

  test('of the same boxes keeps the vectors of the former encoder beside its own.', async () => {
    putFamily();
    const before = await run();
    const after = await run({ setup: { detector: 'ssd', encoder: 'facenet-512' } });
    expect(after.faces.map(({ id }) => id)).toEqual(before.faces.map(({ id }) => id));
    expect(everything(place.file).embeddings).toHaveLength(10);
    const back = await run();
    expect(back.pool.analysed).toEqual([]);
    expect(back.faces).toEqual(before.faces);
  });

  test('leaves no vector of an encoder that saw other boxes.', async () => {
    putFamily();
    await run();
    await run({ pool: madePool({ shift: 0.02 }), setup: { detector: 'yunet', encoder: 'facenet-512' } });
    const { embeddings, analyses } = everything(place.file) as {
      embeddings: { encoder: string }[];
      analyses: unknown[];
    };
    expect(embeddings.map(({ encoder }) => encoder)).toEqual(Array(5).fill('facenet-512'));
    expect(analyses).toHaveLength(3);
  });
});

test('An aborted scan keeps what was done and goes on from there.', async () => {
  for (let i = 0; i < 40; i++) place.put(`${i}.jpg`, madePhoto(['anna'], `${i}`.repeat(i + 1)));
  const controller = new AbortController();
  let recorded = 0;
  const onProgress = ({ done }: ScanProgress) => {
    recorded = done;
    if (done === 10) controller.abort();
  };
  const pool = madePool({ delay: () => 2 });
  await expect(run({ pool, signal: controller.signal, onProgress })).rejects.toMatchObject({
    code: 'cancelled',
    detail: place.folder,
  });
  expect(faults(place.file)).toEqual([]);
  const done = pool.analysed.length;
  expect(done).toBeLessThan(40);
  const { pool: second, files } = await run();
  // What had been analysed when the end was called for may still be put down; nothing of it is done again.
  expect(recorded).toBeGreaterThanOrEqual(10);
  expect(second.analysed).toHaveLength(40 - recorded);
  expect(files.every(({ status }) => status === 'done')).toBe(true);
});

test('An error of the vision processes themselves ends the scan.', async () => {
  putFamily();
  const pool = madePool({
    before: (path) => {
      if (path.endsWith('b.jpg')) throw new Error('no model');
    },
  });
  await expect(run({ pool })).rejects.toThrow('no model');
});

test('Progress counts every file once and ends with none left.', async () => {
  putFamily();
  place.put('empty.jpg', '');
  const reports: ScanProgress[] = [];
  await run({ onProgress: (progress) => reports.push(progress) });
  expect(reports.map(({ done, path }) => [done, path])).toEqual([
    [0, null],
    [1, 'a.jpg'],
    [2, 'b.jpg'],
    [3, 'empty.jpg'],
    [4, 'sub/c.jpg'],
  ]);
  expect(reports[0]).toMatchObject({ total: 4, rate: 0, remaining: null, faces: 0 });
  expect(reports.at(-1)).toMatchObject({ total: 4, remaining: 0, faces: 5 });
});
