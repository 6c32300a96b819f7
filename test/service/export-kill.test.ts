import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FaceId } from '../../electron/contract/ids.ts';
import { type CropFace, writeCrops } from '../../electron/export/crops.ts';
import { MARKER } from '../../electron/export/marker.ts';
import { exportIn, filesOf, listedIn } from '../fixtures/exports.ts';

/** How often an export is killed. */
const KILLS = Number(process.env.KITH_KILLS ?? 5);

/** Faces of each export. */
const FACES = 300;

let home: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'kith-export-kill-')));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const faces = (count: number): CropFace[] =>
  Array.from({ length: count }, (_, index) => ({
    id: (index + 1) as FaceId,
    photo: `/photos/${index}.jpg`,
    ...{ box: [0, 0, 10, 10], score: null, quality: 1, group: null },
  }));

/** As the process that is killed makes them. */
const bytesOf = (id: number) => Buffer.alloc(4000 + id, `crop of ${id};`);

/** What makes a crop one that was cut short, or mixed with another. */
function faultsIn(folder: string): string[] {
  return filesOf(folder).filter((file) => {
    const bytes = readFileSync(join(folder, file));
    const id = Number(/crop of (\d+);/.exec(bytes.toString())?.[1]);
    return !bytes.equals(bytesOf(id));
  });
}

/** Whatever is in a folder of exports that is no crop, sorted. */
function restOf(folder: string): string[] {
  const crops = new Set(filesOf(folder));
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((file) => !crops.has(file))
    .sort();
}

const BOOKS = [join(MARKER, 'files'), join(MARKER, 'lock'), 'manifest.csv', 'manifest.json'].sort();

test(`An export killed at ${KILLS} moments leaves whole files only, and its folder can be used again.`, {
  timeout: 60_000 + KILLS * 5000,
}, async () => {
  // How long an export takes that is not killed.
  const whole = exportIn(join(home, 'whole'), { faces: FACES });
  await once(whole, 'spawn');
  const start = performance.now();
  await once(whole, 'exit');
  const duration = performance.now() - start;

  for (let kill = 0; kill < KILLS; kill++) {
    const folder = join(home, String(kill % 3));
    const child = exportIn(folder, { faces: FACES });
    const ended = once(child, 'exit');
    await Promise.race([ended, wait(((kill + Math.random()) / KILLS) * duration)]);
    child.kill('SIGKILL');
    await ended;
    mkdirSync(folder, { recursive: true });
    expect(faultsIn(folder)).toEqual([]);
    if (restOf(folder).includes('manifest.json')) expect(listedIn(folder)).toEqual(filesOf(folder));

    const count = 1 + (kill % 100);
    const load = (batch: CropFace[]) => batch.map(({ id }) => ({ bytes: bytesOf(id!) }));
    expect((await writeCrops(folder, faces(count), load)).files).toBe(count);
    expect(filesOf(folder)).toHaveLength(count);
    expect(listedIn(folder)).toEqual(filesOf(folder));
    expect(faultsIn(folder)).toEqual([]);
    expect(restOf(folder)).toEqual(BOOKS);
  }
});

test('An export killed at each of its first writes gives the folder back.', { timeout: 60_000 }, async () => {
  for (const after of ['begun', 'spawn'] as const) {
    const folder = join(home, after);
    const child = exportIn(folder, { faces: FACES });
    const ended = once(child, 'exit');
    if (after === 'begun') await Promise.race([once(child, 'message'), ended]);
    else {
      while (child.exitCode === null && !isThere(folder)) await wait(1);
    }
    child.kill('SIGKILL');
    await ended;
    await writeCrops(folder, faces(3), (batch) => batch.map(({ id }) => ({ bytes: bytesOf(id!) })));
    expect(listedIn(folder)).toEqual(filesOf(folder));
    expect(restOf(folder)).toEqual(BOOKS);
  }
});

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** A file system of its own, of so many kibibytes; false where none may be mounted. */
function mountSmall(place: string, kibibytes: number): boolean {
  mkdirSync(place);
  try {
    execFileSync('/usr/bin/mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', place], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

describe('On a full disk', () => {
  test('an export says so, leaves whole files and no draft, and goes through once there is room.', async ({
    skip,
  }) => {
    for (const kibibytes of [4, 8, 12, 16, 24, 64, 200]) {
      const small = join(home, `small-${kibibytes}`);
      if (!mountSmall(small, kibibytes)) skip('no file system may be mounted here');
      try {
        const folder = join(small, 'faces');
        const load = (batch: CropFace[]) => batch.map(({ id }) => ({ bytes: bytesOf(id!) }));
        await expect(writeCrops(folder, faces(100), load)).rejects.toMatchObject({ code: 'disk-full' });
        if (isThere(folder)) {
          expect(faultsIn(folder)).toEqual([]);
          const rest = restOf(folder);
          expect(rest.filter((file) => !BOOKS.includes(file))).toEqual([]);
          if (rest.includes('manifest.json')) expect(listedIn(folder)).toEqual(filesOf(folder));
        }
        execFileSync('/usr/bin/mount', ['-o', 'remount,size=4m', small]);
        await writeCrops(folder, faces(100), load);
        expect(filesOf(folder)).toHaveLength(100);
        expect(listedIn(folder)).toEqual(filesOf(folder));
        expect(faultsIn(folder)).toEqual([]);
        expect(restOf(folder)).toEqual(BOOKS);
      } finally {
        execFileSync('/usr/bin/umount', [small]);
      }
    }
  });
});
