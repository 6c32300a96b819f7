import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FaceId } from '../../electron/contract/ids.ts';
import type { Ledger } from '../../electron/contract/people.ts';
import { openLibrary } from '../../electron/library/open.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { madeFaces } from '../fixtures/embeddings.ts';
import { recordFaces } from '../fixtures/recorded-faces.ts';

// So many faces that loading them takes longer than a command waits: the command itself is done at once, and its matching
// follows.

/** Faces of two people, in two groups each; then thousands of strangers. */
const FACES = 20;
const STRANGERS = 10_000;

let kept: string;
let folder: string;
let app: App;
let ids: FaceId[];
let heard: Ledger[];

beforeAll(() => {
  kept = mkdtempSync(join(tmpdir(), 'kith-follow-kept-'));
  const library = openLibrary(join(kept, 'library.kith'));
  const counts = [FACES, FACES, ...new Array<number>(STRANGERS).fill(1)];
  const { vectors, size, person, quality } = madeFaces(counts, { spread: 0.1, seed: 1 });
  ids = recordFaces(library, { vectors, size, quality, people: person });
  const groups = [0, 1, 2, 3].map((half) => ids.slice((half * FACES) / 2, ((half + 1) * FACES) / 2));
  library.groups.replace(groups, { encoder: 'dlib', method: 'made' }, library.groups.state());
  library.close();
});
afterAll(() => rmSync(kept, { recursive: true }));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kith-follow-'));
  const libraryFile = join(folder, 'library.kith');
  copyFileSync(join(kept, 'library.kith'), libraryFile);
  app = await createApp({ libraryFile, detector: 'ssd', encoder: 'dlib' });
  heard = [];
  app.on((event) => {
    if (event.kind === 'ledger') heard.push(event.ledger);
  });
});
afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

const group = async (at: number) => (await app.call('faces.get', { ids: [ids[at]!] }))[0]!.group!;

async function name(at: number, as: string): Promise<Ledger> {
  const answer = await app.call('name', { groups: [await group(at)], faces: [], name: as, merge: false });
  if (answer.kind !== 'named') throw new Error(`Expected ${as} to be new`);
  return answer.ledger;
}

/** How many faces have a name. */
async function named(): Promise<number> {
  const cards = await app.call('faces.get', { ids: ids.slice(0, 2 * FACES) });
  return cards.filter(({ status, person }) => person !== null && status !== 'ask').length;
}

/** A question with companions tells that they are. */
async function isAtHand(): Promise<boolean> {
  const { question } = await app.call('review.next', {});
  return (question?.also.length ?? 0) > 0;
}

/** Waits until the faces are loaded, and postponed matching is done. */
const all = () => expect.poll(() => heard.length, { timeout: 60_000 }).toBe(1);

describe('A name that is given while the faces are being loaded', () => {
  it('is given at once; the faces that follow are named within the same entry, and undone with it', async () => {
    const ledger = await name(0, 'Anna');
    expect(ledger).toMatchObject({ examples: FACES / 2, sure: 0, reading: true });
    expect(await named()).toBe(FACES / 2);

    await all();
    expect(heard[0]).toMatchObject({ entry: ledger.entry, sure: FACES / 2, photos: FACES, reading: false });
    expect(await named()).toBe(FACES);

    expect((await app.call('journal.undo', {})).entry!.id).toBe(ledger.entry);
    expect(await named()).toBe(0);
    await app.call('journal.redo', {});
    expect(await named()).toBe(FACES);
  });

  it('and undone before they are loaded, names no face later', async () => {
    await name(0, 'Anna');
    await app.call('journal.undo', {});
    expect(await named()).toBe(0);
    // By then they are; Ben has all of his, and Anna none.
    await expect.poll(async () => (await named()) > 0 || (await isAtHand()), { timeout: 60_000 }).toBe(true);
    expect(await named()).toBe(0);
    expect(await name(FACES, 'Ben')).toMatchObject({ sure: FACES / 2, reading: false });
    expect(await named()).toBe(FACES);
  });

  it('has an entry of its own in the history where something else was done meanwhile', async () => {
    const { entry } = await name(0, 'Anna');
    await app.call('people.birth', { id: 1 as never, birth: '1980-01-01' });
    await all();
    expect(heard[0]).toMatchObject({ entry, sure: FACES / 2 });
    const { items } = await app.call('journal.list', { cursor: '0', limit: 5 });
    expect(items.map(({ action, by }) => `${action} by ${by}`)).toEqual([
      'follow by kith',
      'birth by hand',
      'name by hand',
    ]);
    await app.call('journal.undo', { entry: items[0]!.id });
    expect(await named()).toBe(FACES / 2);
  });

  it('does not delay quitting: the thread that loads them is ended', async () => {
    const code = Promise.withResolvers<number>();
    const closed = new Promise<void>((resolve) => {
      process.once('worker', (thread) => {
        thread.once('exit', code.resolve);
        thread.once('online', () => resolve(app.close()));
      });
    });
    // The name may be given, or refused as the application closes; either is right here.
    await name(0, 'Anna').catch(() => {});
    await closed;
    // One that comes to its end by itself says 0.
    expect(await code.promise).toBe(1);
  });
});
