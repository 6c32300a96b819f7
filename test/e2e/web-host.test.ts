import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaceId, PhotoId } from '../../electron/contract/ids.ts';
import { startWebHost, type WebHost } from '../../electron/host/web/host.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { sixPhotos } from '../fixtures/sample-faces.ts';
import { enter, Page } from './page.ts';

// The browser host as a browser meets it: a real server, the real application, the six photos of a package. Only the
// page is a stand-in, since what it holds is nothing to the host, and the file manager, which no test may open.

let home: string;
let app: App;
let host: WebHost;
let cookie: string;
const shown: string[] = [];
/** Holds pictures back until nobody waits for them, where a test says so. */
let hold: ((signal: AbortSignal) => Promise<void>) | null = null;

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** One request with exactly these headers, the path sent as it is. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: host.port, path, method, headers, agent: false };
    request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });
}

const origin = () => `http://127.0.0.1:${host.port}`;
const inside = (path: string, headers: Record<string, string> = {}) => ask(path, { cookie, ...headers });
const pathOf = (address: string) => new URL(address).pathname + new URL(address).search;

async function connect(): Promise<Page> {
  const page = new Page(host.port, { cookie, origin: origin() });
  expect(await page.opened()).toBeNull();
  return page;
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'kith-web-'));
  const page = join(home, 'page');
  await mkdir(join(page, 'assets'), { recursive: true });
  await writeFile(join(page, 'index.html'), '<!doctype html><title>Kith</title>');
  await writeFile(join(page, 'assets', 'main-1a2b3c.js'), 'export {};');
  await writeFile(join(home, 'secret.txt'), 'secret');
  app = await createApp({
    libraryFile: join(home, 'library.kith'),
    detector: 'ssd',
    encoder: 'dlib',
  });
  const desktop = {
    shell: 'browser' as const,
    async showFolder(path: string) {
      shown.push(path);
    },
  };
  const watched: App = {
    ...app,
    async picture(...words) {
      await hold?.(words[2]!.signal!);
      return app.picture(...words);
    },
  };
  host = await startWebHost(watched, { page, desktop });
  cookie = await enter(host.address);
});
afterAll(async () => {
  await host.close();
  await app.close();
  await rm(home, { recursive: true });
});

describe('The door of the browser host', () => {
  it('exchanges the token for a cookie that scripts and other sites never see', async () => {
    const { status, headers } = await ask(pathOf(host.address));
    expect(status).toBe(303);
    expect(headers.location).toBe('/');
    expect(String(headers['set-cookie'])).toMatch(/; HttpOnly; SameSite=Strict$/);
    expect(String(headers['set-cookie'])).not.toContain(new URL(host.address).searchParams.get('token'));
    const page = await inside('/');
    expect(page.status).toBe(200);
    expect(page.body.toString()).toContain('<title>Kith</title>');
  });

  it.each(['/', '/face/1', '/photo/1', '/assets/main-1a2b3c.js', '/socket'])(
    'gives %s to nobody without it',
    async (path) => {
      expect((await ask(path)).status).toBe(401);
      expect((await ask(path, { cookie: `kith-${host.port}=guessed` })).status).toBe(401);
    },
  );

  it('refuses another token, and a ticket that was used', async () => {
    expect((await ask('/?token=guessed')).status).toBe(403);
    const ticket = pathOf(host.ticket());
    expect((await ask(ticket)).status).toBe(303);
    expect((await ask(ticket)).status).toBe(403);
  });

  it.each([
    ['another name that leads here', { host: 'evil.example' }],
    ['another port in the name', { host: '127.0.0.1:1' }],
    ['localhost', () => ({ host: `localhost:${host.port}` })],
    ['a page from elsewhere', { origin: 'https://evil.example' }],
    ['a sandboxed page', { origin: 'null' }],
    ['a page of another port of this machine', { 'sec-fetch-site': 'same-site' }],
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
  ])('refuses %s, cookie or not', async (_who, wrong) => {
    const headers = typeof wrong === 'function' ? wrong() : wrong;
    for (const path of ['/', '/face/1', pathOf(host.address)]) {
      const { status, headers: said } = await inside(path, headers as Record<string, string>);
      expect(status).toBe(403);
      expect(said['set-cookie']).toBeUndefined();
      expect(said['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('opens the socket to its own page alone', async () => {
    const status = (headers: Record<string, string>) => new Page(host.port, headers).opened();
    expect(await status({ cookie })).toBe(403);
    expect(await status({ cookie, origin: 'https://evil.example' })).toBe(403);
    expect(await status({ cookie, origin: origin(), host: 'evil.example' })).toBe(403);
    expect(await status({ origin: origin() })).toBe(401);
    expect(await status({ origin: origin(), cookie: `kith-${host.port}=guessed` })).toBe(401);
    const page = await connect();
    page.socket.close();
  });

  it('is not written to, and knows no other upgrade than to a socket', async () => {
    expect((await ask('/', { cookie }, 'POST')).status).toBe(405);
    expect((await inside('/', { connection: 'upgrade', upgrade: 'h2c', origin: origin() })).status).toBe(200);
  });

  it('tells the browser what the page may do, on answers and refusals alike', async () => {
    for (const { headers } of [await inside('/'), await ask('/'), await inside('/face/4711')]) {
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
      expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${host.port}`);
      expect(policy).toContain("frame-ancestors 'none'");
      // `display: contents;` is the one style that an attribute may hold.
      const rest = policy?.replace(/style-src-attr 'unsafe-hashes' 'sha256-[^']+'/, '');
      expect(rest).not.toMatch(/unsafe|\*/);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
    }
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//secret.txt',
    '/%00',
  ])('gives no file outside the page: %s', async (path) => {
    const { status, body } = await inside(path);
    expect(status).toBe(404);
    expect(body.toString()).not.toContain('secret');
  });

  it('lets browsers keep what is named by its content, and ask again for the rest', async () => {
    expect((await inside('/assets/main-1a2b3c.js')).headers['cache-control']).toContain('immutable');
    expect((await inside('/')).headers['cache-control']).toBe('no-cache');
  });

  it('says plainly when there is no page yet, and when its port is taken', async () => {
    const bare = await startWebHost(app, { page: join(home, 'none') });
    const answer = await fetch(`http://127.0.0.1:${bare.port}/`, {
      headers: { cookie: await enter(bare.address) },
    });
    expect(await answer.text()).toMatch(/^The page has not been built yet/);
    await expect(startWebHost(app, { port: bare.port })).rejects.toMatchObject({ code: 'bad-request' });
    await bare.close();
  });
});

describe('The socket of the browser host', () => {
  it('scans a folder, names a group and tells two pages of all of it', async () => {
    const [one, other] = [await connect(), await connect()];
    const path = await sixPhotos(home);
    expect(await one.call('scan.start', { path })).toMatchObject({ phase: 'scanning' });
    for (const page of [one, other]) {
      expect(await page.scanned()).toMatchObject({ phase: 'done', failure: null });
      expect(page.events.flatMap((event) => (event.kind === 'found' ? event.faces : []))).toHaveLength(22);
    }
    expect(await other.call('library.overview', {})).toMatchObject({
      photos: 6,
      faces: 22,
      shell: 'browser',
    });

    const [group] = (await one.call('groups.list', {})).items;
    other.events.length = 0;
    const named = await one.call('name', { groups: [group!.id], name: 'Anna' });
    expect(named).toMatchObject({ kind: 'named', ledger: { person: { name: 'Anna' } } });
    await other.until(() =>
      other.events.some((event) => event.kind === 'changed' && event.what.includes('people')),
    );
    expect((await other.call('people.list', {})).items).toMatchObject([{ name: 'Anna' }]);
    for (const page of [one, other]) page.socket.close();
  }, 120_000);

  it('answers a failure as a failure, with its code', async () => {
    const page = await connect();
    expect(await page.raw('people.get', { id: 4711 })).toMatchObject({
      ok: false,
      failure: { code: 'not-found' },
    });
    expect(await page.raw('no.such', {})).toMatchObject({ ok: false, failure: { code: 'bad-request' } });
    expect(await page.raw('scan.start', { path: join(home, 'none') })).toMatchObject({
      ok: false,
      failure: { code: 'folder-missing' },
    });
    page.socket.close();
  });

  it('outlives whatever a page may send', async () => {
    const page = await connect();
    for (const bad of ['', 'no json', '[]', 'null', '{"name":"library.overview"}', '{"id":-1,"name":"x"}']) {
      page.socket.send(bad);
    }
    page.socket.send(Buffer.from([0, 1, 2]));
    page.socket.send(JSON.stringify({ id: 900 }));
    expect(await page.reply(900)).toMatchObject({ ok: false, failure: { code: 'bad-request' } });
    page.socket.send(JSON.stringify({ id: 901, name: '__proto__', params: {} }));
    expect(await page.reply(901)).toMatchObject({ ok: false, failure: { code: 'bad-request' } });
    expect(page.replies.map(({ id }) => id).toSorted()).toEqual([900, 901]);
    expect(await page.call('library.overview', {})).toMatchObject({ photos: 6 });

    const closed = new Promise<number>((resolve) => page.socket.once('close', resolve));
    page.socket.send(JSON.stringify({ id: 902, name: 'x', params: 'x'.repeat(5 * 1024 ** 2) }));
    expect(await closed).toBe(1009);
    const next = await connect();
    expect(await next.call('library.overview', {})).toMatchObject({ photos: 6 });
    next.socket.close();
  });

  it('answers a thousand requests that come at once, each of them once', async () => {
    const page = await connect();
    const ids = Array.from({ length: 1000 }, (_, index) => 1000 + index);
    for (const id of ids) page.socket.send(JSON.stringify({ id, name: 'people.list', params: {} }));
    await page.until(() => page.replies.length === ids.length);
    expect(page.replies.every(({ ok }) => ok)).toBe(true);
    expect(page.replies.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(ids);
    page.socket.close();
  });

  it('shows folders of the library and of exports in the file manager, and no others', async () => {
    const page = await connect();
    const folder = join(home, 'crops');
    await mkdir(folder);
    const reveal = (where: string) => page.raw('shell.reveal', { folder: where });
    for (const unknown of [folder, '/', '/etc', tmpdir()]) {
      expect(await reveal(unknown)).toMatchObject({ ok: false, failure: { code: 'bad-request' } });
    }
    expect(await reveal(join(home, 'none'))).toMatchObject({ failure: { code: 'folder-missing' } });
    for (const wrong of ['shell.reveal', 'shell.chooseFolder', 'shell.format'])
      expect(await page.raw(wrong, {})).toMatchObject({ failure: { code: 'bad-request' } });
    expect(shown).toEqual([]);

    const { folder: written } = await page.call('export.crops', { all: true, folder, size: 64 });
    const path = (await page.call('folders.list', {}))[0]!.path;
    for (const known of [written, path]) expect(await reveal(known)).toMatchObject({ ok: true });
    expect(shown).toEqual([written, path]);
    page.socket.close();
  }, 60_000);
});

describe('Pictures of the browser host', () => {
  const firstPhoto = async () => (await app.call('photos.list', {})).items[0]!.id;
  const firstFace = async (photo: PhotoId): Promise<FaceId> =>
    (await app.call('photos.get', { id: photo })).faces[0]!.id;

  it('are a face’s crop and a photo at the size asked for, kept as long as they are the same', async () => {
    const photo = await firstPhoto();
    const [crop, picture] = [
      await inside(`/face/${await firstFace(photo)}`),
      await inside(`/photo/${photo}?size=320`),
    ];
    for (const { status, headers } of [crop, picture]) {
      expect(status).toBe(200);
      expect(headers).toMatchObject({ 'content-type': 'image/jpeg', 'cache-control': 'private, no-cache' });
    }
    expect((await sharp(crop.body).metadata()).format).toBe('jpeg');
    const { width, height } = await sharp(picture.body).metadata();
    expect(Math.max(width, height)).toBe(320);

    const etag = String(picture.headers.etag);
    const again = await inside(`/photo/${photo}?size=320`, { 'if-none-match': etag });
    expect(again).toMatchObject({ status: 304, body: Buffer.alloc(0) });
    expect((await inside(`/photo/${photo}?size=160`, { 'if-none-match': etag })).status).toBe(200);
  });

  it('are not there for ids and sizes that are not', async () => {
    const photo = await firstPhoto();
    for (const path of ['/face/4711', '/face/0', '/face/x', '/face/99999999999999999999', '/photo/4711']) {
      expect((await inside(path)).status).toBe(404);
    }
    for (const size of ['0', '-1', '1e9', 'x', '']) {
      expect((await inside(`/photo/${photo}?size=${size}`)).status).toBe(400);
    }
  });

  it('are not drawn for a page that has scrolled past them', async () => {
    const photo = await firstPhoto();
    const gone = new AbortController();
    const asked = app.picture('photo', photo, { size: 4000, signal: gone.signal });
    gone.abort();
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    // So does the host when a page ends its request.
    const leaving = new AbortController();
    const dropped = new Promise<void>((resolve) => {
      hold = async (signal) => {
        leaving.abort();
        await once(signal, 'abort');
        resolve();
      };
    });
    const answer = fetch(`${origin()}/photo/${photo}`, { headers: { cookie }, signal: leaving.signal });
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    await dropped;
    hold = null;
    expect((await inside(`/photo/${photo}?size=64`)).status).toBe(200);
  }, 60_000);

  it('change with the library, though ids come again', async () => {
    const face = await firstFace(await firstPhoto());
    const { headers } = await inside(`/face/${face}`);
    const backup = join(home, 'backup.kith');
    await app.call('library.backup', { path: backup });
    await app.call('library.erase', { sure: true });
    expect((await inside(`/face/${face}`, { 'if-none-match': String(headers.etag) })).status).toBe(404);
    await app.call('library.restore', { path: backup });
    expect((await inside(`/face/${face}`, { 'if-none-match': String(headers.etag) })).status).toBe(304);
  });
});

it('ends with its pages told, and its port free again', async () => {
  const ending = await startWebHost(app, { page: join(home, 'page') });
  const page = new Page(ending.port, {
    cookie: await enter(ending.address),
    origin: `http://127.0.0.1:${ending.port}`,
  });
  expect(await page.opened()).toBeNull();
  const closed = new Promise<number>((resolve) => page.socket.once('close', resolve));
  await ending.close();
  expect(await closed).toBe(1001);
  const next = await startWebHost(app, { port: ending.port, page: join(home, 'page') });
  expect(next.port).toBe(ending.port);
  await next.close();
});
