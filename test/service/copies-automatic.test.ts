import { utimesSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { writeCopy } from '../../electron/library/copy-file.ts';
import { Database } from '../../electron/library/database.ts';
import { keptCopies, placeForCopy } from '../../electron/library/kept-copies.ts';
import { MIGRATIONS } from '../../electron/library/migrations.ts';
import { AutomaticCopies } from '../../electron/service/app/automatic-copies.ts';
import { Copies } from '../../electron/service/app/copies.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { Engine } from '../../electron/service/app/engine.ts';
import { CAN_MOUNT, mountDisk } from './support/disk.ts';
import { faults } from './support/place.ts';
import { makeHome, makeRecord, namesOf } from './support/record.ts';

// Copies that the user did not ask for, of real SQLite files.

vi.setConfig({ testTimeout: 120_000 });

const DAY = 24 * 60 * 60 * 1000;
const NAMES = ['Anna', 'Ben'];

let home: ReturnType<typeof makeHome>;
beforeEach(() => {
  home = makeHome();
});
afterEach(() => home.remove());

async function withEngine(file: string, work: (copies: AutomaticCopies) => Promise<void>): Promise<void> {
  const engine = await Engine.start({ libraryFile: file, detector: 'ssd', encoder: 'dlib' });
  try {
    await work(new AutomaticCopies(engine, new Copies(engine)));
  } finally {
    await engine.close();
  }
}

test('A day after a library was made, and a week after each copy, its record is copied, if it has changed.', async () => {
  makeRecord(home.file, NAMES);
  await withEngine(home.file, async (automatic) => {
    const whys = () => keptCopies(home.file).map(({ why }) => why);
    await automatic.look(Date.now());
    expect(whys()).toEqual([]);
    await automatic.look(Date.now() + 2 * DAY);
    expect(whys()).toEqual(['weekly']);
    await automatic.look(Date.now() + 3 * DAY);
    await automatic.look(Date.now() + 8 * DAY);
    expect(whys()).toEqual(['weekly']);
    const later = new Date(Date.now() + 4 * DAY);
    utimesSync(home.file, later, later);
    await automatic.look(Date.now() + 8 * DAY);
    expect(whys()).toEqual(['weekly', 'weekly']);
  });
  for (const { path } of keptCopies(home.file)) {
    expect(faults(path)).toEqual([]);
    expect(namesOf(path)).toEqual(NAMES);
  }
});

test('An empty library is never copied.', async () => {
  makeRecord(home.file, []);
  await withEngine(home.file, (automatic) => automatic.look(Date.now() + 90 * DAY));
  expect(keptCopies(home.file)).toEqual([]);
});

test('Only some copies are kept.', async () => {
  makeRecord(home.file, NAMES);
  for (let week = 0; week < 12; week++) {
    writeCopy(home.file, placeForCopy(home.file, 'weekly', new Date(Date.now() - (week + 1) * 7 * DAY)));
  }
  const before = keptCopies(home.file);
  await withEngine(home.file, async (automatic) => {
    await automatic.keep('regroup');
  });
  const after = keptCopies(home.file);
  expect(after[0]!.why).toBe('regroup');
  expect(after.slice(1, 5)).toEqual(before.slice(0, 4));
  expect(after.length).toBeLessThan(10);
});

test.skipIf(!CAN_MOUNT)('No copy is made where it would fill the disk.', async () => {
  const disk = mountDisk(6000);
  try {
    const file = `${disk.path}/library.kith`;
    makeRecord(file, NAMES, 1_200_000);
    await withEngine(file, async (automatic) => {
      await expect(automatic.keep('weekly')).rejects.toMatchObject({ code: 'disk-full' });
      await automatic.look(Date.now() + 90 * DAY);
    });
    expect(keptCopies(file)).toEqual([]);
  } finally {
    disk.remove();
  }
});

test('Before the groups are made anew the record is copied.', async () => {
  makeRecord(home.file, NAMES);
  const app = await createApp({ libraryFile: home.file, detector: 'ssd', encoder: 'dlib' });
  try {
    await app.call('groups.regroup', {});
    expect(await app.call('library.copies', {})).toMatchObject([{ why: 'regroup', summary: { people: 2 } }]);
  } finally {
    await app.close();
  }
});

test('Before a library of an older version is brought up to date it is copied, and the copy can be restored.', async () => {
  const older = new Database(home.file);
  for (const step of MIGRATIONS.slice(0, -1)) older.sqlite.exec(step);
  older.sqlite.exec(`PRAGMA application_id = ${0x4b697468}; PRAGMA user_version = ${MIGRATIONS.length - 1}`);
  older.sqlite.exec(`INSERT INTO people (name, name_key) VALUES ('Anna', 'anna')`);
  older.close();
  const app = await createApp({ libraryFile: home.file, detector: 'ssd', encoder: 'dlib' });
  try {
    const [copy] = await app.call('library.copies', {});
    expect(copy).toMatchObject({ why: 'migration', summary: { people: 1, version: MIGRATIONS.length - 1 } });
    await app.call('people.hide', { ids: [1 as never], hidden: true });
    const done = await app.call('library.restore', { path: copy!.path });
    expect(done.summary.version).toBe(MIGRATIONS.length);
    expect((await app.call('people.list', {})).items.map(({ name }) => name)).toEqual(['Anna']);
    expect((await app.call('library.copies', {})).map(({ why }) => why).sort()).toEqual([
      'migration',
      'restore',
    ]);
  } finally {
    await app.close();
  }
});
