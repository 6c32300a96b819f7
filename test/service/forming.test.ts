import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ledger } from '../../electron/contract/people.ts';
import type { ScanState } from '../../electron/contract/screens.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { madePhoto, madePool } from './support/made-pool.ts';
import { makePlace } from './support/place.ts';

// Groups and names while a scan goes on, with made analyses in the place of the vision processes.

/** Photos that come at once, and those that take long: a look at what was found is taken every three seconds. */
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

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await wait(5);
}

describe('While a scan goes on', () => {
  it('groups form, and a name that is given goes to faces that come later; one undo takes all back', async () => {
    photos(SOON + LATE);
    await app.call('scan.start', { path: place.folder });
    await until(async () => (await groups()).length === 2);
    expect(scan).toMatchObject({ phase: 'scanning' });
    const [first] = await groups();
    const named = await app.call('name', {
      faces: [],
      groups: [first!.id as never],
      name: 'Anna',
      merge: false,
    });
    const ledger = (named as { ledger: Ledger }).ledger;
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

  it('ends with the groups of a scan that nobody looked at', async () => {
    photos(SOON + LATE);
    slow = 10;
    await app.call('folder.group', { path: place.folder });
    expect(await groups()).toEqual([
      { id: expect.any(Number), size: SOON + LATE },
      { id: expect.any(Number), size: SOON + LATE },
    ]);
  });
});
