import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { madePhoto, madePool } from './support/made-pool.ts';
import { everything, faults, makePlace, scanAndGroup, withLibrary } from './support/place.ts';

const MOMENTS = 20;

/**
 * Starts a scan in a process of its own and kills it (SIGKILL) after some milliseconds.
 * @returns how long it ran, in milliseconds
 */
async function scanIn(folder: string, file: string, killAfter: number): Promise<number> {
  const child = fork(new URL('./support/scan-child.ts', import.meta.url), [folder, file], { execArgv: [] });
  const ended = once(child, 'exit');
  await once(child, 'message');
  const begin = performance.now();
  await Promise.race([ended, wait(killAfter)]);
  child.kill('SIGKILL');
  await ended;
  return performance.now() - begin;
}

test(`A scan killed at ${MOMENTS} moments and run again ends with the rows of one that was not, ids included.`, {
  timeout: 120_000,
}, async () => {
  const place = makePlace();
  try {
    for (let i = 0; i < 150; i++) {
      // The last ten are copies of the first.
      const photo = i % 140;
      place.put(`${i % 7}/${i}.jpg`, madePhoto([`p${photo % 6}`, `q${photo % 11}`], `${photo}`));
    }
    place.put('empty.jpg', '');
    const undisturbed = join(place.root, 'undisturbed.kith');
    const duration = await scanIn(place.folder, undisturbed, 60_000);
    const expected = everything(undisturbed);
    expect(expected.faces).toHaveLength(280);
    expect(expected.groups!.length).toBeGreaterThan(10);

    let amid = 0;
    for (let moment = 0; moment < MOMENTS; moment++) {
      const file = join(place.root, `killed-${moment}.kith`);
      // Spread over the whole scan, and somewhere within each part of it.
      await scanIn(place.folder, file, ((moment + Math.random()) / MOMENTS) * duration);
      if (existsSync(file)) {
        expect(faults(file)).toEqual([]);
      }
      await withLibrary(file, async (library) => {
        const open = library.files
          .list(library.files.folder(place.folder))
          .filter(({ status }) => status === 'pending');
        if (open.length > 0 && open.length < 151) amid += 1;
        await scanAndGroup(library, { folder: place.folder, pool: madePool() });
      });
      expect(faults(file)).toEqual([]);
      expect(everything(file)).toEqual(expected);
    }
    expect(amid).toBeGreaterThan(MOMENTS / 4);
  } finally {
    place.remove();
  }
});

test('A scan killed again and again on the same record still ends as an undisturbed one.', {
  timeout: 120_000,
}, async () => {
  const place = makePlace();
  try {
    for (let i = 0; i < 100; i++) place.put(`${i}.jpg`, madePhoto([`p${i % 6}`], `${i}`));
    const undisturbed = join(place.root, 'undisturbed.kith');
    await withLibrary(undisturbed, (library) =>
      scanAndGroup(library, { folder: place.folder, pool: madePool() }),
    );
    for (let round = 0; round < 8; round++) await scanIn(place.folder, place.file, 20 + Math.random() * 60);
    await withLibrary(place.file, (library) =>
      scanAndGroup(library, { folder: place.folder, pool: madePool() }),
    );
    expect(faults(place.file)).toEqual([]);
    expect(everything(place.file)).toEqual(everything(undisturbed));
  } finally {
    place.remove();
  }
});
