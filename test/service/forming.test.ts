import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ledger } from '../../electron/contract/people.ts';
import type { ScanState } from '../../electron/contract/screens.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { madePhoto, madePool } from './support/made-pool.ts';
import { makePlace } from './support/place.ts';

// Groups and names while a scan goes on, with made analyses in the place of the vision processes.

/** Photos that take no time, and those after them that take long: groups are formed every three seconds at most. */
const SOON = 20;
const LATE = 300;

let place: ReturnType<typeof makePlace>;
let app: App;
let scan: ScanState | null;
let ledgers: Ledger[];
/** Milliseconds that each of the late photos takes. */
let slow: number;

beforeEach(async () => {
  place = makePlace();
  slow = 200;
  const delay = (path: string) => (Number(/(\d+)\.jpg$/.exec(path)![1]) < SOON ? 5 : slow);
  app = await createApp({
    ...{ detector: 'ssd', encoder: 'dlib', libraryFile: place.file, poolSize: 2 },
    startPool: () => madePool({ delay }),
  });
  scan = null;
  ledgers = [];
  app.on((event) => {
    if (event.kind === 'scan') scan = event.state;
    if (event.kind === 'ledger') ledgers.push(event.ledger);
  });
});
afterEach(async () => {
  await app.close();
  place.remove();
});

function photos(count: number): void {
  for (let i = 0; i < count; i++)
    place.put(`${String(i).padStart(3, '0')}.jpg`, madePhoto(['anna', 'ben'], `${i}`));
}

async function groups(): Promise<{ id: number; size: number }[]> {
  const { items } = await app.call('groups.list', { cursor: null, limit: 10, hidden: false });
  return items.map(({ id, size }) => ({ id, size }));
}

async function nameGroup(group: number, name: string): Promise<Ledger> {
  const named = await app.call('name', { faces: [], groups: [group as never], name, merge: false });
  return (named as { ledger: Ledger }).ledger;
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await wait(5);
}

const PEOPLE = ['anna', 'ben', 'cleo', 'dora'];
let round = 0;

/** Somebody says something about one of the groups, whichever are there. */
async function say(what: 'name' | 'hide' | 'undo' | 'pause', which: number): Promise<void> {
  if (what === 'pause') {
    await app.call('scan.pause', {});
    await wait(20);
    await app.call('scan.resume', {});
  } else if (what === 'undo') await app.call('journal.undo', {});
  else {
    const { items } = await app.call('groups.list', { limit: 20 });
    const group = items[which % Math.max(1, items.length)]?.id;
    if (group === undefined) return;
    if (what === 'hide') await app.call('groups.hide', { groups: [group], hidden: true });
    else await app.call('name', { faces: [], groups: [group], name: `Name ${which}`, merge: true });
  }
}

function facesIn(file: string): { hash: string; x: number; group: number | null }[] {
  const sqlite = new DatabaseSync(file, { readOnly: true });
  const rows = sqlite
    .prepare('SELECT hash, x, group_id AS "group" FROM faces JOIN photos ON photos.id = photo_id')
    .all();
  sqlite.close();
  return rows as unknown as { hash: string; x: number; group: number | null }[];
}

describe('While a scan goes on', () => {
  it('groups form, and a name that is given goes to faces that come later; one undo takes all back', async () => {
    photos(SOON + LATE);
    await app.call('scan.start', { path: place.folder });
    await until(async () => (await groups()).length === 2);
    expect(scan).toMatchObject({ phase: 'scanning' });
    const [first] = await groups();
    const ledger = await nameGroup(first!.id, 'Anna');
    await until(() => ledgers.length > 0);
    expect(scan).toMatchObject({ phase: 'scanning' });
    expect(ledgers[0]).toMatchObject({ entry: ledger.entry });
    expect(ledgers[0]!.sure).toBeGreaterThan(ledger.sure);
    slow = 0;
    await until(() => scan?.phase === 'done');
    expect(ledgers.at(-1)).toMatchObject({ photos: SOON + LATE });
    expect(await app.call('journal.list', { cursor: null, limit: 10 })).toMatchObject({
      items: [{ action: 'arrive', by: 'kith' }, { action: 'name' }],
    });
    await app.call('journal.undo', { entry: ledger.entry! });
    expect(await app.call('people.list', { cursor: null, limit: 10, hidden: false })).toMatchObject({
      total: 0,
    });
    expect(await app.call('library.overview', {})).toMatchObject({ people: 0, unnamed: 2 * (SOON + LATE) });
  });

  it('nothing that was there before changes, and a pause holds the groups as well', async () => {
    photos(SOON);
    await app.call('folder.group', { path: place.folder });
    const before = await groups();
    photos(SOON + LATE);
    await app.call('scan.start', { path: place.folder });
    await until(async () => (await groups())[0]!.size > before[0]!.size);
    expect(scan).toMatchObject({ phase: 'scanning' });
    await app.call('scan.pause', {});
    await wait(2 * slow);
    const paused = await groups();
    await wait(3500);
    expect(await groups()).toEqual(paused);
    expect(paused.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    await app.call('scan.cancel', {});
    expect(await app.call('journal.list', { cursor: null, limit: 10 })).toMatchObject({ items: [] });
  });

  it('only who is named meanwhile gets faces by the way; who was named before gets theirs at its end', async () => {
    photos(SOON);
    await app.call('folder.group', { path: place.folder });
    const [one, other] = await groups();
    const ben = await nameGroup(one!.id, 'Ben');
    photos(SOON + LATE);
    await app.call('scan.start', { path: place.folder });
    await until(async () => (await groups())[0]!.size > other!.size);
    // A command of the user names everybody of whom Kith is sure at that moment, Ben's faces too.
    await nameGroup(other!.id, 'Anna');
    const { sure } = await app.call('people.get', { id: ben.person.id });
    await until(() => ledgers.length > 0);
    expect(scan).toMatchObject({ phase: 'scanning' });
    expect(ledgers[0]).toMatchObject({ person: { name: 'Anna' } });
    expect(ledgers[0]!.sure).toBeGreaterThan(0);
    expect(await app.call('people.get', { id: ben.person.id })).toMatchObject({ sure });
    slow = 0;
    await until(() => scan?.phase === 'done');
    expect(await app.call('people.get', { id: ben.person.id })).toMatchObject({ photos: SOON + LATE });
  });

  it('ends with the groups of a scan during which no group was formed', async () => {
    photos(SOON + LATE);
    slow = 10;
    await app.call('folder.group', { path: place.folder });
    expect(await groups()).toEqual([
      { id: expect.any(Number), size: SOON + LATE },
      { id: expect.any(Number), size: SOON + LATE },
    ]);
  });

  it('with any labels given meanwhile, each person is in one group at the end, as without them', async () => {
    const step = fc.record({
      what: fc.constantFrom('name', 'hide', 'undo', 'pause'),
      which: fc.nat(20),
      after: fc.integer({ min: 0, max: 150 }),
    });
    const runs = fc.asyncProperty(
      fc.array(fc.subarray(PEOPLE, { minLength: 1 }), { minLength: 20, maxLength: 60 }),
      fc.array(step, { maxLength: 12 }),
      async (seen, steps) => {
        const names = new Map<string, string[]>();
        const folder = `run ${++round}`;
        for (const [at, people] of seen.entries()) {
          const photo = madePhoto(people, `${folder} ${at}`);
          place.put(join(folder, `${at + 100}.jpg`), photo);
          names.set(createHash('sha256').update(photo).digest('hex'), people);
        }
        slow = 20;
        await app.call('scan.start', { path: join(place.folder, folder) });
        for (const { what, which, after } of steps) {
          await wait(after);
          await say(what, which);
        }
        await app.call('scan.resume', {});
        await until(() => scan?.phase === 'done');
        const rows = facesIn(place.file).filter(({ hash }) => names.has(hash));
        const where = Map.groupBy(rows, ({ hash, x }) => names.get(hash)![Math.round(x / 0.2)]!);
        const often = [...where].filter(([, faces]) => faces.length > 1);
        const groupsOf = often.map(([person, faces]) => [
          person,
          new Set(faces.map(({ group }) => group)).size,
        ]);
        expect(groupsOf).toEqual(often.map(([person]) => [person, 1]));
        const all = often.map(([, faces]) => faces[0]!.group);
        expect(new Set(all).size).toBe(all.length);
      },
    );
    await fc.assert(runs, { numRuns: 5, seed: 13, endOnFailure: true });
  });
});
