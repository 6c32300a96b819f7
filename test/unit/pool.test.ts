import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { KithError, UnreadablePhoto } from '../../electron/contract/errors.ts';
import type { VisionSetup } from '../../electron/contract/vision.ts';
import {
  forkOf,
  type PoolOptions,
  type PoolTrouble,
  startPool,
  type VisionPool,
} from '../../electron/vision/pool.ts';

// The pool over a worker that crashes, hangs and bloats when told to: see rehearsal-worker.ts.
const spawn = forkOf(new URL('../fixtures/rehearsal-worker.ts', import.meta.url));

let folder: string;
let pool: VisionPool | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kith-pool-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => pool?.close());

function start(options: PoolOptions = {}, models = 'fine'): VisionPool {
  const setup: VisionSetup = { detector: 'ssd', encoder: 'dlib', models: [models], maxSide: 1600 };
  pool = startPool(setup, { size: 1, spawn, ...options });
  return pool;
}

it.each([
  ['card-hangs', 1],
  ['card-crashes', 1],
  // More processes are lost at once than the pool would otherwise bear.
  ['card-hangs', 4],
])('lets the processor compute where a graphics card does not: %s, %i processes', async (models, size) => {
  const refusals: unknown[] = [];
  const setup: VisionSetup = {
    ...{ detector: 'ssd', encoder: 'dlib', models: [models], maxSide: 1600 },
    provider: 'webgpu',
  };
  pool = startPool(setup, {
    ...{ size, spawn, timeoutMs: 2000 },
    onTrouble: (trouble) => refusals.push(trouble.kind === 'refused' ? trouble.refusal : trouble),
  });
  const photos = await Promise.all(Array.from({ length: 2 * size }, () => pool!.analyse('late')));
  expect(new Set(photos.map(({ bytes }) => bytes)).size).toBe(size);
  expect(refusals).toEqual(new Array(size).fill({ provider: 'webgpu', why: 'lost', detail: '' }));
});

it('says nothing of a graphics card where the pool is closed meanwhile', async () => {
  const troubles: PoolTrouble[] = [];
  const setup: VisionSetup = {
    detector: 'ssd',
    encoder: 'dlib',
    models: ['fine'],
    maxSide: 1600,
    provider: 'cuda',
  };
  pool = startPool(setup, { size: 1, spawn, onTrouble: (trouble) => troubles.push(trouble) });
  const photo = pool.analyse('hang').catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 500));
  await pool.close();
  await photo;
  expect(troubles.filter(({ kind }) => kind === 'refused')).toEqual([]);
});

it('carries an analysis over, typed arrays and all', async () => {
  const { faces } = await start().analyse('ok');
  expect(faces[0]!.embedding).toEqual(new Float32Array([0.6, 0.8]));
  expect(new Uint8Array(faces[0]!.crop)).toEqual(new Uint8Array([1, 2, 3]));
});

it('keeps one process for many photos, and starts no more than there is work for', async () => {
  const pool = start({ size: 4 });
  const pids = new Set<number>();
  for (let photo = 0; photo < 5; photo++) pids.add((await pool.analyse('ok')).bytes);
  expect(pids.size).toBe(1);
});

it('works on as many photos at once as it has processes', async () => {
  const pool = start({ size: 3 });
  const replies = await Promise.all(Array.from({ length: 9 }, () => pool.analyse('late')));
  expect(new Set(replies.map(({ bytes }) => bytes)).size).toBe(3);
});

it('answers 2,000 photos asked at once', async () => {
  const pool = start({ size: 2 });
  const replies = await Promise.all(Array.from({ length: 2000 }, () => pool.analyse('ok')));
  expect(replies).toHaveLength(2000);
});

it('gives a hash without a setup', async () => {
  expect(await start({}, 'crash').hash('anything')).toMatchObject({ bytes: 1 });
});

it('rejects with the reason for an unreadable photo, and goes on', async () => {
  const pool = start();
  await expect(pool.analyse('unreadable')).rejects.toMatchObject({ code: 'truncated' });
  await expect(pool.analyse('unreadable')).rejects.toBeInstanceOf(UnreadablePhoto);
  await expect(pool.analyse('ok')).resolves.toBeDefined();
});

it('tries a photo once more in a fresh process when it crashes', async () => {
  const pool = start();
  const before = await pool.analyse('ok');
  const after = await pool.analyse(`crash-once:${join(folder, 'crash')}`);
  expect(after.bytes).not.toBe(before.bytes);
  expect(after.width).toBe(1);
});

it('gives a photo up after its second crash, and only that photo', async () => {
  const pool = start();
  const results = await Promise.allSettled(['ok', 'crash', 'ok'].map((path) => pool.analyse(path)));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  const { reason } = results[1] as PromiseRejectedResult;
  expect(reason).toBeInstanceOf(UnreadablePhoto);
  expect(reason).toMatchObject({ code: 'crashed', detail: 'crash: exit status 7' });
});

it('takes a reply that is not of the contract for a crash', async () => {
  await expect(start().analyse('gibberish')).rejects.toMatchObject({ code: 'crashed' });
});

it('ends a process that hangs, tries again, then gives up', async () => {
  const pool = start({ timeoutMs: 1500 });
  await expect(pool.analyse(`hang-once:${join(folder, 'hang')}`)).resolves.toBeDefined();
  await expect(pool.analyse('hang')).rejects.toMatchObject({ code: 'timed-out' });
  await expect(pool.analyse('ok')).resolves.toBeDefined();
}, 20_000);

it('replaces a process that holds too much memory, between photos', async () => {
  const pool = start({ memoryLimitMiB: 500 });
  const first = await pool.analyse('ok');
  const bloated = await pool.analyse('bloat');
  const next = await pool.analyse('ok');
  expect(bloated.bytes).toBe(first.bytes);
  expect(next.bytes).not.toBe(first.bytes);
  expect(await pool.memory()).toBe(900 * 1024 ** 2 + 1);
});

it('drops waiting photos when they are cancelled, and goes on with the others', async () => {
  const pool = start();
  const cancel = new AbortController();
  const running = pool.analyse('late', { signal: cancel.signal });
  const waiting = pool.analyse('ok', { signal: cancel.signal });
  const other = pool.analyse('ok');
  cancel.abort();
  await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  // The dropped photo that was in work is finished first; the waiting one never starts.
  expect((await other).width).toBe(2);
  await expect(pool.analyse('ok', { signal: cancel.signal })).rejects.toMatchObject({ name: 'AbortError' });
});

it('says what is missing when a process is broken, and takes no more work', async () => {
  const pool = start({ size: 2 }, 'broken');
  const results = await Promise.allSettled(['ok', 'ok', 'ok'].map((path) => pool.analyse(path)));
  for (const result of results) {
    expect(result).toMatchObject({
      status: 'rejected',
      reason: { code: 'model-missing', detail: 'ssd.onnx' },
    });
  }
  await expect(pool.analyse('ok')).rejects.toBeInstanceOf(KithError);
});

it('does not start for ever a process that dies before it is set up', async () => {
  const pool = start({ size: 2 }, 'crash');
  const results = await Promise.allSettled(['ok', 'ok', 'ok'].map((path) => pool.analyse(path)));
  for (const result of results) expect(result).toMatchObject({ reason: { code: 'vision-broken' } });
  const { reason } = results[0] as PromiseRejectedResult;
  expect(reason.detail).toContain('the rehearsal fell off the stage');
});

it('says so when the worker can not be started at all', async () => {
  const pool = start({ spawn: forkOf(new URL('./no-such-worker.ts', import.meta.url)) });
  await expect(pool.hash('ok')).rejects.toMatchObject({ code: 'vision-broken' });
});

it('lets go of everything when it is closed', async () => {
  const pool = start();
  const asked = Promise.allSettled([pool.analyse('hang'), pool.analyse('ok')]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await pool.close();
  for (const result of await asked) expect(result).toMatchObject({ reason: { code: 'cancelled' } });
  await expect(pool.analyse('ok')).rejects.toMatchObject({ code: 'cancelled' });
});
