import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { KithError } from '../../electron/contract/errors.ts';
import type { PictureOptions } from '../../electron/service/app/app.ts';
import { serve } from '../../electron/shell/protocol.ts';

// `kith://app/…` over a real folder, with the requests and responses that Electron hands over: Fetch's own.

let home: string;
let answer: (request: Request) => Promise<Response>;
/** Pictures that nobody waited for any more. */
const dropped: number[] = [];
const picture = vi.fn(async (kind: string, id: number, { known, head, signal }: PictureOptions = {}) => {
  if (id === 14 && !head)
    await new Promise((_, fail) =>
      signal!.addEventListener('abort', () => fail(new Error(`${dropped.push(id)}`)), { once: true }),
    );
  if (id % 100 >= 15 && id % 100 <= 16 && !head) await wait(150);
  if (id === 16 && !head) throw new KithError('vision-broken', 'no luck');
  if (id === 13) throw new KithError('vision-broken', 'no luck');
  const bytes = head || known === 'a1' ? null : Buffer.from(`${kind} ${id}`);
  return id < 100 ? { edition: 'a1', bytes, type: 'image/jpeg' } : null;
});
const get = (path: string, init?: RequestInit) => answer(new Request(`kith://app${path}`, init));

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'kith-page-'));
  const folder = join(home, 'page');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(folder, 'index.html'), '<!doctype html>');
  await writeFile(join(folder, 'assets', 'main-1.js'), 'export {};');
  await writeFile(join(folder, 'odd.kith'), 'no type');
  await writeFile(join(home, 'secret.html'), 'secret');
  await mkdir(join(home, 'page-too'));
  await writeFile(join(home, 'page-too', 'secret.html'), 'secret');
  await symlink(join(home, 'secret.html'), join(folder, 'link.html')).catch(() => {});
  answer = serve({ folder, picture });
});
afterAll(() => rm(home, { recursive: true }));

describe('The page', () => {
  it('comes with its type and under a policy that allows nothing inline and nothing from elsewhere', async () => {
    const response = await get('/');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('<!doctype html>');
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    const policy = response.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    // One declaration by its hash, as the browser host allows it.
    expect(policy.replace("style-src-attr 'unsafe-hashes' 'sha256-", '')).not.toMatch(/unsafe|https?:|\*/);
    expect(policy).toContain("worker-src 'self'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });
  it('has scripts', async () => {
    const response = await get('/assets/main-1.js?v=1');
    expect(response.headers.get('content-type')).toMatch(/javascript/);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });
  it.each([
    '/secret.html',
    '/../secret.html',
    '/%2e%2e/secret.html',
    '/..%2fsecret.html',
    '/%2e%2e%2fsecret.html',
    '/assets/..%2f..%2fsecret.html',
    '/..%5csecret.html',
    '/..%2fpage-too%2fsecret.html',
    '/link.html',
    '//etc/passwd',
    '/%00',
    '/%ff',
    '/assets',
    '/odd.kith',
  ])('holds nothing at %s', async (path) => {
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('');
  });
  it('is served to our own address alone, and only read', async () => {
    expect((await answer(new Request('kith://other/'))).status).toBe(403);
    expect((await answer(new Request('kith://app.example/index.html'))).status).toBe(403);
    expect((await answer(new Request('kith://app/', { method: 'POST' }))).status).toBe(405);
  });
});

describe('Pictures', () => {
  it('come by id', async () => {
    const response = await get('/face/12');
    expect(await response.text()).toBe('face 12');
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect(picture).toHaveBeenLastCalledWith('face', 12, expect.objectContaining({ size: undefined }));
    await get('/photo/3?size=800');
    expect(picture).toHaveBeenLastCalledWith('photo', 3, expect.objectContaining({ size: 800 }));
  });
  it('are not sent again to whoever has them in this size', async () => {
    const etag = (await get('/photo/3?size=800')).headers.get('etag')!;
    const again = (path: string) => get(path, { headers: { 'if-none-match': etag } });
    const same = await again('/photo/3?size=800');
    expect([same.status, await same.text(), same.headers.get('etag')]).toEqual([304, '', etag]);
    expect((await again('/photo/3?size=320')).status).toBe(200);
  });
  it('that take long can be let go of, as Electron does it: by destroying the body', async () => {
    const response = await get('/photo/14?size=2400');
    expect([response.status, response.headers.get('etag')]).toEqual([200, '"a1-2400"']);
    expect(dropped).toEqual([]);
    // What lib/browser/api/protocol.ts makes of the body, and NodeStreamLoader does at its end.
    Readable.fromWeb(response.body as WebStream).destroy();
    await vi.waitFor(() => expect(dropped).toEqual([14]));
  });
  it('that take long come as soon as they are drawn', async () => {
    const response = await get('/photo/15?size=2400');
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect(await response.text()).toBe('photo 15');
    expect((await get('/photo/115?size=2400')).status).toBe(404);
  });
  it('that take long and can’t be drawn break off', async () => {
    const response = await get('/photo/16?size=2400');
    await expect(response.arrayBuffer()).rejects.toThrow('could not be drawn');
  });
  it('are 404 where there is none, and 503 where vision fails', async () => {
    expect((await get('/face/100')).status).toBe(404);
    expect((await get('/face/13')).status).toBe(503);
    expect((await get('/face/x')).status).toBe(404);
  });
  it.each(['0', '-1', '9000', '1e9', 'big', '800.5', ''])('have no size %j', async (size) => {
    expect((await get(`/photo/3?size=${size}`)).status).toBe(400);
  });
});
