import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ScanState } from '../../electron/contract/screens.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import type { EngineOptions } from '../../electron/service/app/engine.ts';
import { inThread } from '../../electron/service/thread.ts';
import { type MadePool, madePhoto, madePool } from './support/made-pool.ts';
import { makePlace } from './support/place.ts';

// The one scan that may run: begun, paused, resumed and ended, with made analyses in the place of the vision processes.

/** Milliseconds that a made photo takes. */
const SLOW = 15;

/** Photos that are in hand when a scan is paused: two for each of two processes. */
const IN_HAND = 4;

let place: ReturnType<typeof makePlace>;
let app: App;
let pool: MadePool;
let states: ScanState[];

beforeEach(() => {
  place = makePlace();
});
afterEach(async () => {
  await app.close();
  place.remove();
});

async function open(options: Partial<EngineOptions> = {}, size = 16): Promise<void> {
  pool = madePool({ delay: () => SLOW, size });
  const models = { detector: 'ssd', encoder: 'dlib' } as const;
  app = await createApp({
    ...models,
    libraryFile: place.file,
    poolSize: 2,
    startPool: () => pool,
    ...options,
  });
  states = [];
  app.on((event) => {
    if (event.kind === 'scan') states.push(event.state);
  });
}

function photos(count: number, people: readonly string[] = ['anna', 'ben']): void {
  for (let i = 0; i < count; i++) place.put(`${i}.jpg`, madePhoto(people, `${i}`));
}

const phases = () => states.map(({ phase }) => phase).filter((phase, i, all) => phase !== all[i - 1]);

/** Faces that are in a group. */
async function grouped(): Promise<number> {
  const { items } = await app.call('groups.list', {});
  return items.reduce((sum, { size }) => sum + size, 0);
}

/** Waits until the scan is, or has been, in a phase. */
async function until(phase: ScanState['phase']): Promise<void> {
  while (!states.some((state) => state.phase === phase)) await wait(2);
}

describe('Two starts at the same moment', () => {
  it('are one scan and one refusal, and the one that runs can be cancelled', async () => {
    photos(60);
    await open();
    const starts = await Promise.allSettled([
      app.call('scan.start', { path: place.folder }),
      app.call('scan.start', { path: place.folder }),
    ]);
    expect(starts.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(starts.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'scan-running' },
    });
    await app.call('scan.cancel', {});
    expect(phases().at(-1)).toBe('cancelled');
    const { length } = pool.analysed;
    await wait(5 * SLOW);
    expect(pool.analysed).toHaveLength(length);
    expect(length).toBeLessThan(60);
  });

  it('leave the way free where the folder is not there', async () => {
    photos(1);
    await open();
    const gone = app.call('scan.start', { path: `${place.folder} gone` });
    await expect(gone).rejects.toMatchObject({ code: 'folder-missing' });
    await app.call('scan.start', { path: place.folder });
    await until('done');
  });

  it('of a command line wait for each other', async () => {
    photos(10);
    await open();
    const work = { path: place.folder };
    const [one, other] = await Promise.all([app.call('folder.group', work), app.call('folder.group', work)]);
    expect(other.photos).toEqual(one.photos);
    expect(pool.analysed).toHaveLength(10);
  });
});

describe('A pause', () => {
  it('holds while photos are looked at', async () => {
    photos(40);
    await open();
    await app.call('scan.start', { path: place.folder });
    while (pool.analysed.length < 8) await wait(2);
    await app.call('scan.pause', {});
    const { length } = pool.analysed;
    await wait(8 * SLOW);
    expect(pool.analysed.length).toBeLessThanOrEqual(length + IN_HAND);
    expect(await app.call('scan.state', {})).toMatchObject({ phase: 'paused' });
    await app.call('scan.resume', {});
    await until('done');
    expect(pool.analysed).toHaveLength(40);
  });

  it('holds while the library is brought over to another encoder, which goes on as such', async () => {
    photos(40);
    await open();
    await app.call('folder.group', { path: place.folder });
    await app.close();
    await open({ encoder: 'facenet-512' }, 32);
    await app.call('scan.start', { path: place.folder });
    while (pool.embedded.length < 8) await wait(2);
    await app.call('scan.pause', {});
    const { length } = pool.embedded;
    await wait(8 * SLOW);
    expect(pool.embedded.length).toBeLessThanOrEqual(length + IN_HAND);
    expect(await app.call('scan.state', {})).toMatchObject({ phase: 'paused' });
    await app.call('scan.resume', {});
    expect(await app.call('scan.state', {})).toMatchObject({ phase: 'embedding' });
    await until('done');
    expect(pool.embedded).toHaveLength(40);
  });

  it('breaks grouping off, which is begun again after it', async () => {
    const people = Array.from({ length: 5 }, (_, i) => `person ${i}`);
    photos(110, people);
    await open();
    const paused = new Promise<void>((resolve) => {
      const stop = app.on((event) => {
        if (event.kind !== 'scan' || event.state.phase !== 'grouping') return;
        stop();
        void app.call('scan.pause', {}).then(() => resolve());
      });
    });
    await app.call('scan.start', { path: place.folder });
    await paused;
    await wait(1000);
    expect(await app.call('scan.state', {})).toMatchObject({ phase: 'paused' });
    // Some were grouped while photos were still looked at, but not all.
    expect(await grouped()).toBeLessThan(110 * people.length);
    await app.call('scan.resume', {});
    await until('done');
    expect((await app.call('groups.list', {})).total).toBe(people.length);
    expect(await grouped()).toBe(110 * people.length);
  });

  it('ends with the scan that it holds', async () => {
    photos(40);
    await open();
    await app.call('scan.start', { path: place.folder });
    while (pool.analysed.length < 4) await wait(2);
    await app.call('scan.pause', {});
    await app.call('scan.cancel', {});
    expect(phases().at(-1)).toBe('cancelled');
    states.length = 0;
    await app.call('scan.start', { path: place.folder });
    await until('done');
  });
});

it('A thread that has answered is not held by the signal that could have ended it.', async () => {
  await open();
  const { signal } = new AbortController();
  let listeners = 0;
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = (...words: Parameters<typeof add>) => {
    listeners++;
    add(...words);
  };
  signal.removeEventListener = (...words: Parameters<typeof remove>) => {
    listeners--;
    remove(...words);
  };
  const file = new URL('../fixtures/answering-thread.ts', import.meta.url);
  for (let i = 0; i < 3; i++) expect(await inThread(file, i, signal)).toBe(i);
  expect(listeners).toBe(0);
});
