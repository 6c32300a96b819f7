import { fork } from 'node:child_process';
import { once } from 'node:events';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ScanProgress } from '../../electron/contract/results.ts';
import { groupLibrary } from '../../electron/service/group.ts';
import { MADE_CALIBRATION, type MadePool, madePhoto, madePool } from './support/made-pool.ts';
import {
  everything,
  faults,
  makePlace,
  type RunOptions,
  scanAndGroup,
  withLibrary,
} from './support/place.ts';

// A machine that is busy with other tests takes its time.
vi.setConfig({ testTimeout: 60_000 });

const FACENET = { detector: 'ssd', encoder: 'facenet-512' } as const;
/** Vectors of the other encoder are shorter, so that a comparison across encoders could not go unnoticed. */
const facenetPool = (options: Parameters<typeof madePool>[0] = {}) => madePool({ size: 8, ...options });

let place: ReturnType<typeof makePlace>;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => {
  expect(faults(place.file)).toEqual([]);
  place.remove();
});

/** One run with its own opening of the library, as a person starts Kith. */
function run({ pool = madePool(), ...options }: Partial<RunOptions> & { pool?: MadePool } = {}) {
  return withLibrary(place.file, async (library) => {
    const { folder } = await scanAndGroup(library, { folder: place.folder, pool, ...options });
    return { faces: library.faces.ofFolder(folder), encoder: library.groups.encoder(), pool };
  });
}

/** What the record holds now, without running anything. */
function now(folder = place.folder) {
  return withLibrary(place.file, (library) => ({
    faces: library.faces.ofFolder(library.files.folder(folder)),
    encoder: library.groups.encoder(),
  }));
}

const vectorsOf = (encoder: string) =>
  (everything(place.file).embeddings as { encoder: string; vector: Uint8Array }[])
    .filter((row) => row.encoder === encoder)
    .map(({ vector }) => vector.length / 4);

function putMany(count: number, into = place): void {
  for (let i = 0; i < count; i++) into.put(`${i}.jpg`, madePhoto([`p${i % 4}`, `q${i % 3}`], `${i}`));
}

describe('Going over to another encoder', () => {
  test('detects nothing; faces keep ids and boxes, and the library changes over at the end.', async () => {
    putMany(12);
    const before = await run();
    expect(before.encoder).toBe('dlib');
    const after = await run({ pool: facenetPool(), setup: FACENET });
    expect(after.pool.analysed).toEqual([]);
    expect(after.pool.hashed).toEqual([]);
    expect(after.pool.embedded.sort()).toEqual(
      Array.from({ length: 12 }, (_, i) => join(place.folder, `${i}.jpg`)).sort(),
    );
    expect(after.faces).toEqual(before.faces);
    expect(after.encoder).toBe('facenet-512');
    expect(vectorsOf('dlib')).toEqual(Array(24).fill(16));
    expect(vectorsOf('facenet-512')).toEqual(Array(24).fill(8));
  });

  test('opens only what is new when it is already done, and going back opens nothing.', async () => {
    putMany(6);
    await run();
    const first = await run({ pool: facenetPool(), setup: FACENET });
    place.put('new.jpg', madePhoto(['p1'], 'new'));
    const second = await run({ pool: facenetPool(), setup: FACENET });
    expect(second.pool.embedded).toEqual([]);
    expect(second.pool.analysed).toEqual([join(place.folder, 'new.jpg')]);
    rmSync(join(place.folder, 'new.jpg'));
    const back = await run();
    expect([back.pool.analysed, back.pool.embedded]).toEqual([[], []]);
    expect(back.encoder).toBe('dlib');
    expect(back.faces).toEqual(first.faces);
  });

  test('takes the photos of all folders along, not only of the one that was asked for.', async () => {
    const other = makePlace();
    putMany(4);
    for (const i of [1, 2, 3]) other.put(`${i}.jpg`, madePhoto(['p0'], `other ${i}`));
    await run();
    await run({ folder: other.folder });
    const before = await now(other.folder);
    const { pool } = await run({ pool: facenetPool(), setup: FACENET });
    expect(pool.embedded).toHaveLength(7);
    expect(await now(other.folder)).toEqual({ ...before, encoder: 'facenet-512' });
    const there = await run({ folder: other.folder, pool: facenetPool(), setup: FACENET });
    expect([there.pool.analysed, there.pool.embedded]).toEqual([[], []]);
    other.remove();
  });

  test('holds for other weights under one id, and their vectors never meet, stopped or not.', async () => {
    const [one, other] = ['a', 'b'].map(
      (letter) => ({ detector: 'ssd', encoder: `arcface-512@${letter.repeat(64)}` }) as const,
    );
    putMany(8);
    const before = await run({ setup: one! });
    expect(before.encoder).toBe(one!.encoder);
    const stop = new AbortController();
    const onProgress = ({ done }: ScanProgress) => done === 3 && stop.abort();
    const going = { setup: other!, signal: stop.signal, onProgress };
    await expect(run({ pool: facenetPool(), ...going })).rejects.toMatchObject({ code: 'cancelled' });
    // Some faces have both by now; the library is still the former weights'.
    expect(await now()).toEqual({ faces: before.faces, encoder: one!.encoder });
    expect(vectorsOf(other!.encoder).length).toBeGreaterThan(0);
    expect(vectorsOf(one!.encoder)).toEqual(Array(16).fill(16));
    const after = await run({ pool: facenetPool(), setup: other! });
    expect([after.pool.analysed, after.encoder]).toEqual([[], other!.encoder]);
    expect(vectorsOf(other!.encoder)).toEqual(Array(16).fill(8));
    // Going back costs nothing.
    const back = await run({ setup: one! });
    expect([back.pool.embedded, back.encoder]).toEqual([[], one!.encoder]);
  });

  test('detects anew where the detector is another one too.', async () => {
    putMany(3);
    await run();
    const { pool } = await run({
      pool: facenetPool({ shift: 0.01 }),
      setup: { detector: 'yunet', encoder: 'facenet-512' },
    });
    expect(pool.analysed).toHaveLength(3);
    expect(pool.embedded).toEqual([]);
  });

  test('finds a photo where it was moved, and in another copy when one is gone.', async () => {
    putMany(3);
    place.put('copy of 0.jpg', madePhoto(['p0', 'q0'], '0'));
    const before = await run();
    renameSync(join(place.folder, '1.jpg'), join(place.folder, 'moved.jpg'));
    const before0 = (path: string) => path.endsWith('/0.jpg') && rmSync(path, { force: true });
    const { pool, faces } = await run({ pool: facenetPool({ before: before0 }), setup: FACENET });
    expect(pool.analysed).toEqual([]);
    expect(pool.fromCrops).toEqual([]);
    expect(pool.embedded).toContain(join(place.folder, 'moved.jpg'));
    expect(pool.embedded).toContain(join(place.folder, 'copy of 0.jpg'));
    expect(faces.map(({ id, box }) => [id, box])).toEqual(before.faces.map(({ id, box }) => [id, box]));
  });

  test('takes the crops while a folder is not there, and the photos when it is back.', async () => {
    const disk = makePlace();
    putMany(4);
    for (const i of [1, 2, 3]) disk.put(`${i}.jpg`, madePhoto(['p0'], `disk ${i}`));
    await run();
    await run({ folder: disk.folder });
    const before = await now(disk.folder);
    renameSync(disk.folder, `${disk.folder} away`);
    const away = await run({ pool: facenetPool(), setup: FACENET });
    expect(away.pool.fromCrops).toHaveLength(3);
    expect(await now(disk.folder)).toEqual({ ...before, encoder: 'facenet-512' });
    // Tried once, not every time.
    const again = await run({ pool: facenetPool(), setup: FACENET });
    expect([again.pool.embedded, again.pool.fromCrops]).toEqual([[], []]);
    renameSync(`${disk.folder} away`, disk.folder);
    const back = await run({ folder: disk.folder, pool: facenetPool(), setup: FACENET });
    expect(back.pool.embedded).toHaveLength(3);
    expect(back.pool.analysed).toEqual([]);
    const settled = await run({ folder: disk.folder, pool: facenetPool(), setup: FACENET });
    expect(settled.pool.embedded).toEqual([]);
    disk.remove();
  });

  test('never gives a photo that was overwritten the former one’s faces.', async () => {
    putMany(2);
    const other = makePlace();
    other.put('a.jpg', madePhoto(['anna', 'ben'], 'first'));
    await run();
    await run({ folder: other.folder });
    other.put('a.jpg', madePhoto(['carl'], 'second'));
    const { pool } = await run({ pool: facenetPool(), setup: FACENET });
    // The file that no scan has seen yet shows another person: the crops are still those of Anna and Ben.
    expect(pool.fromCrops).toEqual([join(other.folder, 'a.jpg')]);
    other.remove();
  });
});

describe('Until the last face is done', () => {
  test('the groups stay those of the former encoder; what was done is not done again.', async () => {
    putMany(20);
    const before = await run();
    const controller = new AbortController();
    const reports: ScanProgress[] = [];
    const onProgress = (progress: ScanProgress) => {
      reports.push(progress);
      if (reports.filter(({ done }) => done === 8).length > 0 && progress.total === 20 && progress.done === 8)
        controller.abort();
    };
    const pool = facenetPool({ delay: () => 2 });
    await expect(run({ pool, setup: FACENET, signal: controller.signal, onProgress })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(await now()).toEqual({ faces: before.faces, encoder: 'dlib' });
    expect(vectorsOf('facenet-512')).toHaveLength(16);
    // Meanwhile the former encoder goes on as if nothing had been.
    const meanwhile = await run();
    expect([meanwhile.pool.analysed, meanwhile.pool.embedded]).toEqual([[], []]);
    expect(meanwhile.faces).toEqual(before.faces);
    const after = await run({ pool: facenetPool(), setup: FACENET });
    expect(after.pool.embedded).toHaveLength(12);
    expect(after.pool.analysed).toEqual([]);
    expect(after.encoder).toBe('facenet-512');
  });

  test('progress counts the photos as a scan does.', async () => {
    putMany(5);
    await run();
    const reports: ScanProgress[] = [];
    await run({ pool: facenetPool(), setup: FACENET, onProgress: (progress) => reports.push(progress) });
    expect(reports.map(({ done, total }) => `${done}/${total}`)).toEqual([
      // The scan, which finds nothing to do.
      '5/5',
      ...['0/5', '1/5', '2/5', '3/5', '4/5', '5/5'],
    ]);
    expect(reports.at(-1)).toMatchObject({ remaining: 0, faces: 10, path: expect.stringContaining('.jpg') });
  });

  test('kill -9 at any moment and running again ends as if undisturbed.', { timeout: 120_000 }, async () => {
    putMany(60);
    await run();
    const undisturbed = join(place.root, 'undisturbed.kith');
    const start = everything(place.file);
    const changeOver = async (killAfter: number) => {
      const child = fork(
        new URL('./support/scan-child.ts', import.meta.url),
        [place.folder, place.file, 'facenet-512', '8'],
        { execArgv: [] },
      );
      const ended = once(child, 'exit');
      await once(child, 'message');
      await Promise.race([ended, wait(killAfter)]);
      child.kill('SIGKILL');
      await ended;
    };
    let amid = 0;
    // On a busy machine the first kills come before anything was done.
    for (let round = 0; round < 8 || (amid === 0 && round < 80); round++) {
      await changeOver(10 + round * 12);
      const vectors = vectorsOf('facenet-512').length;
      const { encoder } = await now();
      if (vectors > 0 && vectors < 120) amid += 1;
      if (vectors < 120) {
        expect(encoder).toBe('dlib');
        const { faces, groups } = everything(place.file);
        expect({ faces, groups }).toEqual({ faces: start.faces, groups: start.groups });
      }
      expect(faults(place.file)).toEqual([]);
    }
    expect(amid).toBeGreaterThan(0);
    const { encoder } = await run({ pool: facenetPool(), setup: FACENET });
    expect(encoder).toBe('facenet-512');
    await withLibrary(undisturbed, async (library) => {
      await scanAndGroup(library, { folder: place.folder, pool: madePool() });
      await scanAndGroup(library, { folder: place.folder, pool: facenetPool(), setup: FACENET });
    });
    expect(everything(place.file)).toEqual(everything(undisturbed));
  });
});

test('Vectors of two encoders never meet: grouping by either sees all of its own and nothing else.', async () => {
  putMany(12);
  await run();
  await run({ pool: facenetPool(), setup: FACENET });
  await withLibrary(place.file, async (library) => {
    for (const [encoder, size] of [
      ['dlib', 16],
      ['facenet-512', 8],
    ] as const) {
      const table = library.embeddings.all(encoder);
      expect(table.size).toBe(size);
      expect(table.faceIds).toHaveLength(24);
      for (let row = 0; row < 24; row++) {
        const vector = table.vectors.subarray(row * size, (row + 1) * size);
        expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
      }
      await groupLibrary({ library, encoder, calibration: MADE_CALIBRATION });
      expect(library.groups.encoder()).toBe(encoder);
    }
  });
});
