import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DownloadOptions, download, type Patience } from '../../models/download.ts';
import type { DownloadProgress } from '../../models/download-rate.ts';
import { sha256 } from '../../models/hash.ts';
import { random } from '../fixtures/random.ts';
import { type Answering, sendFile, serve, type Web } from '../fixtures/web.ts';

const draw = random(1);
const file = Uint8Array.from({ length: 200_000 }, () => Math.floor(draw() * 256));
const half = file.length / 2;
const right = { sha256: sha256(file), bytes: file.length };

const patience: Partial<Patience> = { tries: 3, firstWait: 2, longestWait: 50, silence: 2000 };

let folder: string;
let target: string;
let web: Web | null = null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kith-download-'));
  target = join(folder, 'model.bin');
});

afterEach(async () => {
  vi.unstubAllGlobals();
  await web?.close();
  web = null;
  await rm(folder, { recursive: true, force: true });
});

/** Starts a server and downloads from it, as often as is asked for. */
async function from(answer: Answering) {
  web = await serve(answer);
  const { address, asked } = web;
  return {
    asked,
    address,
    get: (options: DownloadOptions = {}) =>
      download(`${address}/model.bin`, target, { patience, ...options }),
  };
}

/** Where the server hangs up. */
const cut = (at: number) => ({ at, file: `${target}.part` });

const files = () => readdir(folder);
const received = async () => sha256(await readFile(target));

describe('a download', () => {
  it('comes whole, with progress, and leaves nothing else', async () => {
    const { get, asked } = await from((request, response) => sendFile(request, response, file));
    const seen: DownloadProgress[] = [];
    await get({ ...right, onProgress: (progress) => seen.push(progress) });
    expect(await received()).toBe(right.sha256);
    expect(await files()).toEqual(['model.bin']);
    expect(asked).toEqual([{ path: '/model.bin', range: undefined, ifRange: undefined, sent: file.length }]);
    expect(seen.at(-1)).toMatchObject({ done: file.length, total: file.length, remaining: 0 });
    expect(seen.at(-1)!.rate).toBeGreaterThan(0);
  });

  it('says how far it is where nothing comes any more, and that it is not getting on', async () => {
    const stop = new AbortController();
    const { get } = await from((_, response) => {
      response.writeHead(200, { 'content-length': file.length });
      for (let at = 0; at < half; at += 1000) response.write(file.subarray(at, at + 1000));
    });
    const seen: DownloadProgress[] = [];
    const end = get({
      patience: { ...patience, silence: 20_000 },
      signal: stop.signal,
      onProgress: (progress) => seen.push(progress),
    });
    const rates = () => seen.filter(({ done, rate }) => done === half && rate > 0).map(({ rate }) => rate);
    await vi.waitUntil(() => rates().length >= 3, { timeout: 10_000 });
    expect(rates()).toEqual(rates().toSorted((a, b) => b - a));
    stop.abort();
    await expect(end).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('goes on where it was cut off, within one call', async () => {
    const { get, asked } = await from((request, response, nth) =>
      sendFile(request, response, file, { etag: '"1"', ...(nth === 0 && { cut: cut(half) }) }),
    );
    const said: string[] = [];
    await get({ onRetry: (why) => said.push(why) });
    expect(await received()).toBe(right.sha256);
    expect(asked).toMatchObject([
      { range: undefined, sent: half },
      { range: `bytes=${half}-`, ifRange: '"1"', sent: half },
    ]);
    expect(said).toHaveLength(1);
  });

  it('goes on where it was stopped, in another call', async () => {
    const { get, asked } = await from((request, response, nth) => {
      if (nth > 0) return sendFile(request, response, file, { etag: '"1"' });
      response.writeHead(200, { 'content-length': file.length, etag: '"1"' });
      response.write(file.subarray(0, half));
    });
    const stop = new AbortController();
    const stopped = get({
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    expect(await files()).toEqual(['model.bin.part', 'model.bin.part.json']);
    const { size } = await stat(`${target}.part`);
    expect(size).toBeGreaterThan(0);
    await get();
    expect(await received()).toBe(right.sha256);
    expect(asked[1]).toMatchObject({ range: `bytes=${size}-`, ifRange: '"1"', sent: file.length - size });
    expect(await files()).toEqual(['model.bin']);
  });

  it('begins anew when the server has another edition by then', async () => {
    const { get, asked } = await from((request, response, nth) =>
      nth === 0
        ? sendFile(request, response, file.toReversed(), { etag: '"1"', cut: cut(half) })
        : sendFile(request, response, file, { etag: '"2"' }),
    );
    await get();
    expect(await received()).toBe(right.sha256);
    expect(asked[1]).toMatchObject({ range: `bytes=${half}-`, sent: file.length });
  });

  it('begins anew when a server passes over If-Range and sends the rest of another edition', async () => {
    const { get, asked } = await from((request, response, nth) => {
      if (nth === 0) return sendFile(request, response, file.toReversed(), { etag: '"1"', cut: cut(half) });
      delete request.headers['if-range'];
      sendFile(request, response, file, { etag: '"2"' });
    });
    await get();
    expect(await received()).toBe(right.sha256);
    expect(asked.map(({ range }) => range)).toEqual([undefined, `bytes=${half}-`, undefined]);
  });

  it('takes the whole file from a server that knows no ranges', async () => {
    const { get, asked } = await from((request, response, nth) =>
      sendFile(request, response, file, {
        etag: '"1"',
        ignoreRange: true,
        ...(nth === 0 && { cut: cut(half) }),
      }),
    );
    await get();
    expect(await received()).toBe(right.sha256);
    expect(asked.map(({ sent }) => sent)).toEqual([half, file.length]);
  });

  it('never joins two halves of which nothing says that they are of one file', async () => {
    const { get, asked } = await from((request, response, nth) =>
      sendFile(request, response, file, nth === 0 ? { cut: cut(half) } : {}),
    );
    await get();
    expect(await received()).toBe(right.sha256);
    expect(asked.map(({ range }) => range)).toEqual([undefined, undefined]);
  });

  it('joins them all the same where the hash will tell', async () => {
    const { get, asked } = await from((request, response, nth) =>
      sendFile(request, response, file, nth === 0 ? { cut: cut(half) } : {}),
    );
    await get(right);
    expect(await received()).toBe(right.sha256);
    expect(asked.map(({ sent }) => sent)).toEqual([half, half]);
  });

  it.each([
    { name: 'all', there: file, ranges: [`bytes=${file.length}-`] },
    {
      name: 'more than all',
      there: Buffer.concat([file, file]),
      ranges: [`bytes=${2 * file.length}-`, undefined],
    },
    {
      name: 'the same length of something else',
      there: file.toReversed(),
      ranges: [`bytes=${file.length}-`, undefined],
    },
  ])('ends well when $name is there already (416)', async ({ there, ranges }) => {
    const { get, asked, address } = await from((request, response) =>
      sendFile(request, response, file, { etag: '"1"' }),
    );
    await writeFile(`${target}.part`, there);
    await writeFile(
      `${target}.part.json`,
      JSON.stringify({ address: `${address}/model.bin`, validator: '"1"' }),
    );
    await get(right);
    expect(await received()).toBe(right.sha256);
    expect(asked.map(({ range }) => range)).toEqual(ranges);
    expect(await files()).toEqual(['model.bin']);
  });

  it('passes over what came from another address, or without a note', async () => {
    const { get, asked } = await from((request, response) => sendFile(request, response, file));
    await writeFile(`${target}.part`, file.subarray(0, half));
    await get(right);
    expect(asked).toMatchObject([{ range: undefined }]);
  });

  it('is one file when two fetch it at once', async () => {
    const { get } = await from((request, response) => {
      setTimeout(() => sendFile(request, response, file, { etag: '"1"' }), 20);
    });
    await Promise.all([get(right), get(right)]);
    expect(await received()).toBe(right.sha256);
    expect(await files()).toEqual(['model.bin']);
  });
});

describe('a download in a bad network', () => {
  it.each([500, 503, 429, 408])('tries again after %i, with growing waits that differ', async (status) => {
    const { get, asked } = await from((request, response, nth) => {
      if (nth < 2) response.writeHead(status).end();
      else sendFile(request, response, file);
    });
    const waits: number[] = [];
    await get({ onRetry: (_, wait) => waits.push(wait) });
    expect(await received()).toBe(right.sha256);
    expect(asked).toHaveLength(3);
    expect(waits[0]).toBeGreaterThanOrEqual(1);
    expect(waits[0]).toBeLessThanOrEqual(2);
    expect(waits[1]).toBeGreaterThanOrEqual(2);
    expect(waits[1]).toBeLessThanOrEqual(4);
  });

  it('waits as long as the server asks for', async () => {
    const { get } = await from((request, response, nth) => {
      if (nth === 0) response.writeHead(429, { 'retry-after': '0' }).end();
      else if (nth === 1)
        response.writeHead(503, { 'retry-after': new Date(Date.now() + 3000).toUTCString() }).end();
      else sendFile(request, response, file);
    });
    const waits: number[] = [];
    const asked = get({ patience: { ...patience, longestWait: 1 }, onRetry: (_, wait) => waits.push(wait) });
    await expect(asked).rejects.toMatchObject({
      code: 'download-failed',
      detail: expect.stringMatching(/answered 503, busy for another [23] s$/),
    });
    expect(waits).toEqual([0]);
  });

  it('gives up after some tries that bring nothing, and keeps what came before', async () => {
    const { get, asked } = await from((request, response, nth) => {
      if (nth === 0) sendFile(request, response, file, { etag: '"1"', cut: cut(half) });
      else response.writeHead(500).end();
    });
    await expect(get()).rejects.toMatchObject({
      code: 'download-failed',
      detail: expect.stringMatching(/model\.bin: the server answered 500, tried 3 times$/),
    });
    expect(asked).toHaveLength(3);
    expect((await stat(`${target}.part`)).size).toBe(half);
  });

  it('does not give up while each try brings more', async () => {
    const { get, asked } = await from((request, response, nth) =>
      sendFile(request, response, file, { etag: '"1"', ...(nth < 7 && { cut: cut((nth + 1) * 20_000) }) }),
    );
    await get();
    expect(await received()).toBe(right.sha256);
    expect(asked).toHaveLength(8);
    expect(asked.reduce((sum, { sent }) => sum + sent, 0)).toBe(file.length);
  });

  it('gives up where each try begins anew and is cut off', async () => {
    const { get, asked } = await from((request, response) =>
      sendFile(request, response, file, { cut: cut(half) }),
    );
    await expect(get()).rejects.toMatchObject({ code: 'download-failed' });
    expect(asked).toHaveLength(3);
  });

  it('hangs up when nothing comes any more, and goes on', async () => {
    const { get, asked } = await from((request, response, nth) => {
      if (nth > 0) return sendFile(request, response, file, { etag: '"1"' });
      response.writeHead(200, { 'content-length': file.length, etag: '"1"' });
      response.write(file.subarray(0, half));
    });
    const said: string[] = [];
    await get({ patience: { ...patience, silence: 400 }, onRetry: (why) => said.push(why) });
    expect(said).toEqual(['nothing came for 1 s']);
    expect(asked[1]).toMatchObject({ range: `bytes=${half}-`, sent: half });
  });

  it('waits for a slow server as long as something comes', async () => {
    const { get, asked } = await from((_, response) => {
      response.writeHead(200, { 'content-length': file.length });
      const send = (at: number): void => {
        if (at >= file.length) return void response.end();
        response.write(file.subarray(at, at + 40_000));
        setTimeout(send, 150, at + 40_000);
      };
      send(0);
    });
    await get({ patience: { ...patience, silence: 600 } });
    expect(await received()).toBe(right.sha256);
    expect(asked).toHaveLength(1);
  });

  it('says that nobody answers', async () => {
    const { get } = await from(() => {});
    await web!.close();
    web = null;
    await expect(get()).rejects.toMatchObject({
      code: 'download-failed',
      detail: expect.stringMatching(/ECONNREFUSED.*tried 3 times/),
    });
    expect(await files()).toEqual([]);
  });

  it('stops between two tries', async () => {
    const { get } = await from((_, response) => response.writeHead(500).end());
    const stop = new AbortController();
    const stopped = get({
      patience: { ...patience, firstWait: 60_000, longestWait: 60_000 },
      signal: stop.signal,
      onRetry: () => stop.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    expect(await files()).toEqual([]);
  });
});

describe('a download that can come to nothing', () => {
  it.each([
    { status: 404, says: 'there is no such file' },
    { status: 410, says: 'there is no such file' },
    { status: 403, says: 'it was refused' },
  ])('is asked for once when the server answers $status', async ({ status, says }) => {
    const { get, asked, address } = await from((_, response) => response.writeHead(status).end('sorry'));
    await expect(get()).rejects.toMatchObject({
      code: 'download-failed',
      detail: `${address}/model.bin: the server answered ${status}, ${says}`,
    });
    expect(asked).toHaveLength(1);
    expect(await files()).toEqual([]);
  });

  it('refuses other bytes than those that were asked for, and keeps none', async () => {
    const { get, asked } = await from((request, response) => sendFile(request, response, file.toReversed()));
    await writeFile(target, 'what was there before');
    await expect(get(right)).rejects.toMatchObject({
      code: 'model-damaged',
      detail: expect.stringMatching(
        new RegExp(`expected SHA-256 ${right.sha256} but received ${sha256(file.toReversed())}`),
      ),
    });
    expect(asked).toHaveLength(1);
    expect(await files()).toEqual(['model.bin']);
    expect(await readFile(target, 'utf8')).toBe('what was there before');
  });

  it('refuses another size before any byte is taken', async () => {
    const { get } = await from((request, response) => sendFile(request, response, file));
    await expect(get({ bytes: 7 })).rejects.toMatchObject({
      code: 'model-damaged',
      detail: expect.stringContaining('expected 7 bytes but the server has 200000'),
    });
    await expect(get({ bytes: 7 })).rejects.toMatchObject({ code: 'model-damaged' });
    expect(await files()).toEqual([]);
  });

  it('refuses what is larger than any model', async () => {
    const { get } = await from((_, response) => {
      response.writeHead(200, { 'content-length': 5e9 });
      response.write('x');
    });
    await expect(get()).rejects.toMatchObject({ code: 'model-damaged' });
  });

  it('refuses an empty file', async () => {
    const { get } = await from((_, response) => response.end());
    await expect(get()).rejects.toMatchObject({ code: 'model-damaged' });
    expect(await files()).toEqual([]);
  });

  it('knows a login page when it gets one', async () => {
    const { get, asked } = await from((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<h1>Welcome aboard');
    });
    await expect(get()).rejects.toMatchObject({
      code: 'download-failed',
      detail: expect.stringContaining('a web page came instead of the file'),
    });
    expect(asked).toHaveLength(1);
  });

  it.skipIf(!existsSync('/dev/full'))('says that the disk is full', async () => {
    const { get } = await from((request, response) => sendFile(request, response, file));
    await symlink('/dev/full', `${target}.part`);
    await expect(get()).rejects.toMatchObject({
      code: 'disk-full',
      detail: expect.stringContaining('model.bin.part'),
    });
  });

  it('says that it may not write there', async () => {
    const { get } = await from((request, response) => sendFile(request, response, file));
    await writeFile(join(folder, 'in-the-way'), '');
    target = join(folder, 'in-the-way', 'model.bin');
    await expect(get()).rejects.toMatchObject({ code: 'output-unwritable' });
  });
});

describe('redirects', () => {
  it('are followed, with the range', async () => {
    const { get, asked } = await from((request, response, nth) => {
      if (request.url === '/model.bin') response.writeHead(302, { location: '/moved/1' }).end();
      else if (request.url === '/moved/1')
        response.writeHead(307, { location: `${web!.address}/moved/2` }).end();
      else sendFile(request, response, file, { etag: '"1"', ...(nth < 3 && { cut: cut(half) }) });
    });
    await get();
    expect(await received()).toBe(right.sha256);
    expect(asked.map(({ path }) => path)).toEqual([
      '/model.bin',
      '/moved/1',
      '/moved/2',
      '/model.bin',
      '/moved/1',
      '/moved/2',
    ]);
    expect(asked.at(-1)).toMatchObject({ range: `bytes=${half}-`, sent: half });
  });

  it('in a circle come to an end', async () => {
    const { get, asked } = await from((_, response) =>
      response.writeHead(302, { location: '/model.bin' }).end(),
    );
    await expect(get()).rejects.toMatchObject({
      code: 'download-failed',
      detail: expect.stringContaining('more than 10 times'),
    });
    expect(asked).toHaveLength(11);
  });

  it.each(['file:///etc/hostname', 'data:text/plain,x', 'http://', 'https://anna:secret@example.invalid/'])(
    'to %s are refused',
    async (location) => {
      const { get, asked } = await from((_, response) => response.writeHead(302, { location }).end());
      await expect(get()).rejects.toMatchObject({
        code: 'download-failed',
        detail: expect.stringContaining(location),
      });
      expect(asked).toHaveLength(1);
    },
  );

  it.each([
    { to: 'http://example.invalid/model.bin', followed: false },
    { to: 'http://127.0.0.1.example.invalid/model.bin', followed: false },
    { to: 'http://127.0.0.1:8000/model.bin', followed: true },
    { to: 'http://[::1]/model.bin', followed: true },
    { to: 'https://example.invalid/model.bin', followed: true },
  ])('from https to $to: $followed', async ({ to, followed }) => {
    const fetched = vi
      .fn()
      .mockResolvedValueOnce(new Response(null, { status: 302, headers: { location: to } }))
      .mockResolvedValueOnce(new Response(file));
    vi.stubGlobal('fetch', fetched);
    const got = download('https://example.invalid/', target, right);
    if (followed) await got;
    else
      await expect(got).rejects.toMatchObject({
        code: 'download-failed',
        detail: expect.stringContaining(to),
      });
    expect(fetched).toHaveBeenCalledTimes(followed ? 2 : 1);
  });
});
