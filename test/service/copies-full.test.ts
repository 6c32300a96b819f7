import { readdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { KithError } from '../../electron/contract/errors.ts';
import { writeCopy } from '../../electron/library/copy-file.ts';
import { openLibrary } from '../../electron/library/open.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { CAN_MOUNT, mountDisk } from './support/disk.ts';
import { faults } from './support/place.ts';
import { makeHome, makeRecord, namesOf } from './support/record.ts';

// Backup, restore and erasing on a disk that is full, or becomes full in their midst.

/** How many different amounts of free room; `KITH_DISKS=20` for a long run. */
const DISKS = Number(process.env.KITH_DISKS ?? 6);

vi.setConfig({ testTimeout: 60_000 + DISKS * 20_000 });

const FORMER = Array.from({ length: 8 }, (_, i) => `Person ${i}`);
const LATER = ['Zoe'];
/** Bytes of each person's photo: the copy has about 2.4 MB, what was written since 0.3 MB. */
const EACH = 300_000;

/** From none to more than a restore and a backup take, in KiB. */
const rooms = Array.from({ length: DISKS }, (_, i) => Math.round((i * 7000) / Math.max(1, DISKS - 1)));

test.skipIf(!CAN_MOUNT)(
  `${DISKS} disks: each request is done whole, or refused as the disk is full and nothing is lost.`,
  async () => {
    const outcomes = new Set<string>();
    for (const room of rooms) {
      const home = makeHome();
      const disk = mountDisk(40_000);
      const library = join(disk.path, 'library.kith');
      let app: App | null = null;
      try {
        makeRecord(library, FORMER, EACH);
        const copy = home.path('copy.kith');
        writeCopy(library, copy);
        const before = readFileSync(copy);
        app = await createApp({ libraryFile: library, detector: 'ssd', encoder: 'dlib' });
        await app.call('settings.set', { theme: 'dark' });
        // Written by another connection, so that it is in the log alone.
        makeRecord(library, LATER, EACH);
        fill(disk.path, room);
        let expected = [...FORMER, ...LATER];
        const people = async () => (await app!.call('people.list', {})).items.map(({ name }) => name).sort();

        const target = join(disk.path, 'backup.kith');
        const backup = await outcome(app.call('library.backup', { path: target }));
        outcomes.add(`backup ${backup}`);
        if (backup === 'done') {
          expect(faults(target)).toEqual([]);
          expect(namesOf(target).sort()).toEqual(expected);
        }
        expect(readdirSync(disk.path).includes('backup.kith')).toBe(backup === 'done');

        const restore = await outcome(app.call('library.restore', { path: copy }));
        outcomes.add(`restore ${restore}`);
        if (restore === 'done') {
          const [kept] = await app.call('library.copies', {});
          expect(kept!.summary!.people).toBe(expected.length);
          expect(faults(kept!.path)).toEqual([]);
          expected = FORMER;
        }
        expect(await people()).toEqual(expected);
        expect(readFileSync(copy).equals(before)).toBe(true);
        await app.close();
        app = null;
        expect(readdirSync(disk.path).filter((name) => /-[0-9a-f]{12}/.test(name))).toEqual([]);
        writeFileSync(join(disk.path, 'filler'), '');
        expect(faults(library)).toEqual([]);
        expect(namesOf(library).sort()).toEqual(expected);
      } finally {
        await app?.close();
        disk.remove();
        home.remove();
      }
    }
    // The rooms were small enough, and large enough.
    expect([...outcomes].sort()).toEqual([
      'backup disk-full',
      'backup done',
      'restore disk-full',
      'restore done',
    ]);
  },
);

test.skipIf(!CAN_MOUNT)(
  'A log that does not fit into the file any more is left, and restoring is refused.',
  async () => {
    const disk = mountDisk(40_000);
    try {
      const library = join(disk.path, 'library.kith');
      makeRecord(library, FORMER, EACH);
      const kith = openLibrary(library);
      makeRecord(library, LATER, EACH);
      fill(disk.path, 0);
      expect(() => kith.checkpoint()).toThrow(expect.objectContaining({ code: 'disk-full' }));
      expect(kith.people.all()).toHaveLength(FORMER.length + 1);
      writeFileSync(join(disk.path, 'filler'), '');
      kith.close();
      expect(faults(library)).toEqual([]);
      expect(namesOf(library)).toHaveLength(FORMER.length + 1);
    } finally {
      disk.remove();
    }
  },
);

test.skipIf(!CAN_MOUNT)(
  'Erasing works on a full disk, and on one that can only be read erases nothing.',
  async () => {
    for (const isReadOnly of [false, true]) {
      const disk = mountDisk(40_000);
      const library = join(disk.path, 'library.kith');
      makeRecord(library, FORMER, EACH);
      const app = await createApp({
        libraryFile: library,
        detector: 'ssd',
        encoder: 'dlib',
      });
      try {
        await app.call('library.backup', { path: null });
        fill(disk.path, 0);
        if (isReadOnly) {
          // Mounted so only once nothing is open for writing.
          await app.close();
          disk.protect();
          await expect(
            createApp({ libraryFile: library, detector: 'ssd', encoder: 'dlib' }).then((again) =>
              again.call('library.erase', { sure: true }).finally(() => again.close()),
            ),
          ).rejects.toMatchObject({ code: 'library-unwritable' });
          expect(readdirSync(`${library}.copies`)).toHaveLength(1);
        } else {
          expect((await app.call('library.erase', { sure: true })).left).toEqual([]);
          expect((await app.call('people.list', {})).items).toEqual([]);
          await app.close();
        }
      } finally {
        disk.remove();
      }
    }
  },
);

/** Leaves so many KiB free. */
function fill(folder: string, room: number): void {
  const { bavail, bsize } = statfsSync(folder);
  writeFileSync(join(folder, 'filler'), Buffer.alloc(Math.max(0, bavail * bsize - room * 1024)));
}

async function outcome(request: Promise<unknown>): Promise<string> {
  try {
    await request;
    return 'done';
  } catch (error) {
    if (error instanceof KithError) return error.code;
    throw error;
  }
}
