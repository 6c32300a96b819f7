import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Params } from '../../electron/contract/api.ts';
import type { FaceCard } from '../../electron/contract/people.ts';
import type { App } from '../../electron/service/app/app.ts';
import { filesOf, listedIn } from '../fixtures/exports.ts';
import { scan } from '../fixtures/scan.ts';
import { facesOf, openApp } from './app.ts';
import { copySamples } from './cli.ts';

// The page's export: real SQLite, real photos, and faces cut out of them by the real vision processes.

let home: string;
let album: string;
let photos: string;
let app: App;
let faces: FaceCard[];
let to: string;
let number = 0;
const NAMES = ['A?', 'A!', '😀', '😺', 'manifest.json', 'Anna'];

beforeAll(async () => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'kith-export-')));
  album = join(home, 'album');
  photos = join(album, 'photos');
  mkdirSync(photos, { recursive: true });
  await copySamples(photos, [1, 2, 3]);
  app = await openApp(join(home, 'library', 'library.kith'));
  expect(await scan(app, photos)).toMatchObject({ phase: 'done' });
  faces = await facesOf(app);
  for (const [index, name] of NAMES.entries()) await app.call('name', { faces: [faces[index]!.id], name });
});
afterAll(async () => {
  await app.close();
  rmSync(home, { recursive: true });
});
beforeEach(() => {
  number += 1;
  to = join(home, `faces-${number}`);
});

const write = (params: Partial<Params<'export.crops'>> = {}) =>
  app.call('export.crops', { all: true, folder: to, size: 64, ...params });
const rowsOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')).faces as {
    file: string;
    face: number;
    photo: string | null;
    person: { id: number; name: string } | null;
  }[];

/** Something that is done to the record's file behind the application's back. */
function record(sql: string, ...values: number[]): void {
  const sqlite = new DatabaseSync(join(home, 'library', 'library.kith'), { timeout: 5000 });
  sqlite.prepare(sql).run(...values);
  sqlite.close();
}

describe('Exported faces', () => {
  it('lie in a folder for each person, whatever they are called, and the manifest says whose each is', async () => {
    const { files, failed, skipped, cancelled, folder } = await write();
    expect({ failed, skipped, cancelled, folder }).toEqual({
      ...{ failed: [], skipped: [], cancelled: false },
      folder: to,
    });
    expect(listedIn(to)).toEqual(filesOf(to));
    expect(filesOf(to)).toHaveLength(files);
    const rows = rowsOf(to);
    const folders = new Map<string, Set<string>>();
    for (const { file, person, photo } of rows) {
      expect(statSync(join(to, file)).size).toBeGreaterThan(0);
      expect(statSync(photo!).isFile()).toBe(true);
      const [whose = ''] = file.split('/');
      folders.set(whose, (folders.get(whose) ?? new Set()).add(String(person?.id)));
    }
    for (const [name, whose] of folders) if (!name.startsWith('group ')) expect(whose.size).toBe(1);
    const people = new Map(rows.flatMap(({ person }) => (person ? [[person.name, person.id]] : [])));
    expect([...people.keys()].toSorted()).toEqual(NAMES.toSorted());
    expect([...folders.keys()]).toContain(`A (${people.get('A?')})`);
    expect([...folders.keys()]).toContain(`A (${people.get('A!')})`);
  });

  it('are written again to the same folders, each face once, whoever is asked for', async () => {
    await write();
    const before = rowsOf(to);
    const ids = before.flatMap(({ person }) => (person ? [person.id] : []));
    const people = [...new Set(ids), ...new Set(ids)].toReversed() as Params<'export.crops'>['people'];
    await write({ all: false, people });
    const fileOf = new Map(before.map(({ face, file }) => [face, file]));
    const after = rowsOf(to);
    expect(after).toHaveLength(ids.length);
    for (const { face, file } of after) expect(file).toBe(fileOf.get(face));
    expect(listedIn(to)).toEqual(filesOf(to));
  });

  it('are never scanned as photos, in a folder that is added later or a part of one', async () => {
    const inside = join(album, 'sorted', 'faces');
    await write({ folder: inside });
    await scan(app, album);
    await scan(app, inside);
    await scan(app, join(inside, 'Anna'));
    const { items } = await app.call('photos.list', {});
    expect(items.map(({ name }) => name).toSorted()).toEqual(['sample1.jpg', 'sample2.jpg', 'sample3.jpg']);
    // The album is a folder of photos now, so that its own place is none.
    await expect(write({ folder: inside })).rejects.toMatchObject({ code: 'output-among-photos' });
    rmSync(inside, { recursive: true });
    const { folder } = await write({ folder: null });
    expect(folder).toBe(join(home, 'Kith faces'));
  });
});

describe('A place for exported faces', () => {
  it('is refused inside a folder of photos, also by a link, and where it is no place at all', async () => {
    const link = join(home, 'link');
    symlinkSync(photos, link);
    for (const folder of [photos, join(photos, 'faces'), join(link, 'faces')]) {
      await expect(write({ folder })).rejects.toMatchObject({ code: 'output-among-photos' });
    }
    for (const folder of ['', 'faces', '../x', 'file:///tmp/x']) {
      await expect(write({ folder })).rejects.toMatchObject({ code: 'bad-request' });
    }
    for (const folder of ['/proc/self/faces', '/sys', '/dev/faces']) {
      await expect(write({ folder })).rejects.toMatchObject({ code: 'output-unwritable' });
    }
    expect(readdirSync(photos).toSorted()).toEqual(['sample1.jpg', 'sample2.jpg', 'sample3.jpg']);
  });

  it('takes one export at a time, and two places take two', async () => {
    const both = await Promise.allSettled([
      write(),
      write(),
      write({ folder: join(home, `other-${number}`) }),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    const refused = both.find(({ status }) => status === 'rejected');
    expect(refused).toMatchObject({ reason: { code: 'output-busy' } });
    expect(listedIn(to)).toEqual(filesOf(to));
  });

  it('has whole files and a true manifest when the export is cancelled', async () => {
    const total = (await write()).files;
    rmSync(to, { recursive: true });
    const stop = app.on((event) => {
      if (event.kind === 'work') void app.call('export.cancel', {});
    });
    const { cancelled, files } = await write().finally(stop);
    expect(cancelled).toBe(true);
    expect(files).toBeLessThan(total);
    expect(filesOf(to)).toHaveLength(files);
    expect(listedIn(to)).toEqual(filesOf(to));
    expect(await write()).toMatchObject({ cancelled: false, files: total });
  });
});

describe('What is gone', () => {
  afterEach(() => copySamples(photos, [1, 2, 3]));

  it('is told: a face whose photo is gone has its small picture, one without that is not written', async () => {
    const { items } = await app.call('photos.list', {});
    const lost = items.find(({ name }) => name === 'sample3.jpg')!;
    const path = join(photos, 'sample3.jpg');
    const [without, ...others] = faces.filter(({ photo }) => photo === lost.id);
    const total = (await write()).files;
    rmSync(path);
    record('DELETE FROM crops WHERE face_id = ?', without!.id);
    const { files, failed, skipped } = await write();
    const exported = others.filter(({ id }) => rowsOf(to).some(({ face }) => face === id));
    expect(failed).toEqual([without, ...exported].map(() => path));
    expect(skipped).toEqual([path]);
    expect(files).toBe(total - 1);
    expect(listedIn(to)).toEqual(filesOf(to));
    for (const file of filesOf(to)) expect(statSync(join(to, file)).size).toBeGreaterThan(0);
    for (const { face, photo } of rowsOf(to)) {
      if (exported.some(({ id }) => id === face)) expect(photo).toBeNull();
      else expect(existsSync(photo!)).toBe(true);
    }
  });

  it('is not replaced by a part of whatever photo has its path now', async () => {
    copyFileSync(join(photos, 'sample1.jpg'), join(photos, 'sample2.jpg'));
    const { failed } = await write();
    expect(new Set(failed.map((path) => basename(path)))).toEqual(new Set(['sample2.jpg']));
  });

  it('while the export runs is skipped, and the rest stays as it was when it began', async () => {
    await write();
    const before = rowsOf(to);
    rmSync(to, { recursive: true });
    const last = before.at(-1)!;
    let isFirst = true;
    const stop = app.on((event) => {
      if (event.kind !== 'work' || !isFirst) return;
      isFirst = false;
      record('DELETE FROM faces WHERE id = ?', last.face);
      const people = before.flatMap(({ person }) => (person ? [person.id] : []));
      void app.call('people.rename', { id: people[0] as never, name: 'Somebody else' });
    });
    const { files, skipped } = await write().finally(stop);
    expect(skipped).toHaveLength(1);
    expect(files).toBe(before.length - 1);
    expect(rowsOf(to).map(({ file }) => file)).toEqual(before.slice(0, -1).map(({ file }) => file));
    expect(listedIn(to)).toEqual(filesOf(to));
  });

  it('is all of it where the library is erased meanwhile: the export ends, and no face of the next is mixed in', async () => {
    let isFirst = true;
    let erased: Promise<unknown> = Promise.resolve();
    const stop = app.on((event) => {
      if (event.kind !== 'work' || !isFirst) return;
      isFirst = false;
      erased = app.call('library.erase', { sure: true });
    });
    // Larger, so that there is time for it.
    await expect(write({ size: 2048 }).finally(stop)).rejects.toMatchObject({ code: 'changed-meanwhile' });
    await erased;
    expect(listedIn(to)).toEqual(filesOf(to));
  });
});
