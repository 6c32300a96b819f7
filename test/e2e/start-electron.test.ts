import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import envPaths from 'env-paths';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensurePage } from '../../build/page.ts';
import { ensureBundled } from '../../models/make.ts';
import { ProjectCopy } from '../fixtures/project-copy.ts';
import { type Answering, serve, type Web } from '../fixtures/web.ts';
import { zipOf } from '../fixtures/zip.ts';
import { type Ended, ended } from './cli.ts';

// `npm start` on a machine with a display and without Electron's program, which a mirror on this machine serves: a small
// program that writes down how it was started. The installer is the one of Electron's package, in a copy of the project.

const project = resolve(import.meta.dirname, '../..');
const isUnix = process.platform !== 'win32' && process.platform !== 'darwin';

/** Stands for Electron: says what it was given, and ends as it is told to. */
const PROGRAM = `#!/bin/sh
printf '%s\\n' "$@" > "$KITH_TEST_NOTE"
[ -z "$KITH_TEST_SIGNAL" ] || kill -s "$KITH_TEST_SIGNAL" $$
exit \${KITH_TEST_STATUS:-0}
`;

let copy: ProjectCopy;
let zip: Buffer;
let home: string;
let mirror: Web;
let answer: Answering;
const env: Record<string, string> = {};
const running: ChildProcess[] = [];

beforeAll(async () => {
  await ensurePage();
  await ensureBundled();
  copy = new ProjectCopy();
  zip = zipOf({
    electron: { bytes: Buffer.from(PROGRAM), mode: 0o755 },
    version: { bytes: Buffer.from(copy.version), mode: 0o644 },
    // So large that it comes in several parts.
    filling: { bytes: Buffer.alloc(3_000_000, 7), mode: 0o644 },
  });
  mirror = await serve((...asked) => answer(...asked));
}, 120_000);
afterAll(async () => {
  copy.remove();
  await mirror.close();
});
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kith-start-'));
  mkdirSync(join(home, 'cache/kith'), { recursive: true });
  // The models are made already.
  symlinkSync(
    join(envPaths('kith', { suffix: '' }).cache, 'models'),
    join(home, 'cache/kith/models'),
    'junction',
  );
  copy.forget();
  copy.expect(createHash('sha256').update(zip).digest('hex'));
  mirror.asked.length = 0;
  answer = (_request, response) => response.setHeader('content-length', zip.length).end(zip);
  for (const name of Object.keys(env)) delete env[name];
  Object.assign(env, {
    CI: '',
    DISPLAY: ':99',
    BROWSER: 'true',
    // No browser of this machine is found and opened.
    XDG_DATA_DIRS: home,
    XDG_CONFIG_HOME: home,
    XDG_CONFIG_DIRS: home,
    XDG_CURRENT_DESKTOP: 'X-Generic',
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CACHE_HOME: join(home, 'cache'),
    electron_config_cache: join(home, 'electron'),
    ELECTRON_MIRROR: `${mirror.address}/electron/`,
    KITH_FETCH_PATIENCE: '2000',
    KITH_TEST_NOTE: join(home, 'started'),
  });
});
afterEach(() => {
  for (const { pid } of running.splice(0)) {
    try {
      process.kill(-pid!, 'SIGKILL');
    } catch {
      // All of it has ended.
    }
  }
  rmSync(home, { recursive: true, force: true });
});

function npmStart(...words: string[]): ChildProcess {
  const child = spawn(process.execPath, ['build/node24.js', 'build/start.ts', ...words], {
    cwd: copy.folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, to be ended with all that it started.
    detached: true,
  });
  running.push(child);
  return child;
}

/** Starts, waits for the browser host's address, ends it. @returns all that was said */
async function inBrowser(): Promise<Ended> {
  const child = npmStart();
  const all = ended(child);
  const [line] = await once(createInterface({ input: child.stdout! }), 'line');
  expect(line).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=/);
  child.kill('SIGTERM');
  return all;
}

const fetched = () => existsSync(join(copy.electron, 'path.txt'));
const archives = () => mirror.asked.map(({ path }) => path);

describe.runIf(isUnix)('npm start, without the program of Electron', () => {
  it('fetches it, says so, and opens what it got on the folder', async () => {
    const { status, stderr } = await ended(npmStart(home));
    expect(stderr).toContain(
      `Fetching Electron's program from ${new URL(mirror.address).host}, once (4 MB).`,
    );
    expect(readFileSync(env.KITH_TEST_NOTE!, 'utf8').trim().split('\n')).toEqual(['.', home]);
    expect(status).toBe(0);
    for (const built of ['main.js', 'preload.cjs', 'owner-entry.js', 'vision-entry.js'])
      expect(existsSync(join(copy.folder, '.vite/build/electron/shell', built)), built).toBe(true);
    expect(archives()).toEqual([`/electron/v${copy.version}/${copy.archive}`]);
    // What is there is not fetched again.
    expect((await ended(npmStart())).status).toBe(0);
    expect(mirror.asked).toHaveLength(1);
  }, 180_000);

  it.each([
    ['ends', { KITH_TEST_STATUS: '133' }],
    // As Electron does where it may not have its sandbox.
    ['crashes', { KITH_TEST_SIGNAL: 'TRAP' }],
  ])(
    'opens the browser where what it got %s before there is a window',
    async (_what, told) => {
      Object.assign(env, told);
      const { stderr } = await inBrowser();
      expect(stderr).toContain(
        'Electron ended with 133 before there was a window, so Kith opens in your browser',
      );
    },
    120_000,
  );

  it.each<[string, string, Answering]>([
    ['is not on the mirror', 'answered 404', (_request, response) => response.writeHead(404).end()],
    [
      'is another than its package expects',
      "what came is not what Electron's package expects",
      (_request, response) => response.end(Buffer.from(zip).fill(8, 900, 1000)),
    ],
    [
      'is cut off',
      'broke off',
      (_request, response) => {
        response.setHeader('content-length', zip.length).write(zip.subarray(0, 1_000_000));
        setTimeout(() => response.destroy(), 300);
      },
    ],
    [
      'stops coming',
      'stopped sending',
      (_request, response) =>
        void response.setHeader('content-length', zip.length).write(zip.subarray(0, 1_000_000)),
    ],
    ['does not come at all', 'did not answer', () => {}],
  ])(
    'opens the browser where it %s, and does not try again',
    async (_what, why, answering) => {
      answer = answering;
      const { stderr } = await inBrowser();
      expect(stderr).toMatch(/^Electron's program is not here \(.*\), so Kith opens in your browser/m);
      expect(stderr).toContain(why);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(fetched()).toBe(false);
      expect(mirror.asked).toHaveLength(1);
      expect((await inBrowser()).stderr).toContain('a download failed within the last day');
      expect(mirror.asked).toHaveLength(1);
      // Nothing of it is kept as if it were the program.
      expect(existsSync(join(home, 'electron')) ? readdirSync(join(home, 'electron')) : []).toEqual([]);
    },
    60_000,
  );

  it('tries again at once with another mirror', async () => {
    answer = (_request, response) => response.writeHead(404).end();
    await inBrowser();
    env.npm_config_electron_mirror = `${mirror.address}/other/`;
    const { stderr } = await inBrowser();
    expect(stderr).toContain('answered 404');
    expect(archives().at(-1)).toMatch(/^\/other\//);
  }, 60_000);

  it('takes as long as a slow mirror takes, while something comes', async () => {
    env.KITH_FETCH_PATIENCE = '1000';
    env.KITH_TEST_STATUS = '1';
    answer = async (_request, response) => {
      response.setHeader('content-length', zip.length);
      const part = Math.ceil(zip.length / 6);
      for (let at = 0; at < zip.length; at += part) {
        response.write(zip.subarray(at, at + part));
        await new Promise((next) => setTimeout(next, 400));
      }
      response.end();
    };
    expect((await inBrowser()).stderr).toContain('Electron ended with 1');
    expect(fetched()).toBe(true);
  }, 120_000);

  it("goes by way of npm's proxy", async () => {
    const asked: string[] = [];
    const proxy = createServer().on('connect', ({ url }, socket) => {
      asked.push(url!);
      const { port } = new URL(mirror.address);
      const through = connect(Number(port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        socket.pipe(through).pipe(socket);
      });
      for (const end of [socket, through]) end.on('error', () => socket.destroy());
    });
    proxy.on('request', ({ url }, response) => {
      asked.push(url!);
      const onward = request(`${mirror.address}${new URL(url!).pathname}`, (got) => got.pipe(response));
      onward.end();
    });
    await new Promise<void>((ready) => proxy.listen(0, '127.0.0.1', ready));
    // A name that only the proxy knows.
    env.ELECTRON_MIRROR = 'http://mirror.invalid/electron/';
    env.npm_config_proxy = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    answer = (_request, response) => response.writeHead(404).end();
    const { stderr } = await inBrowser();
    expect(stderr).toContain('mirror.invalid answered 404');
    expect(asked[0]).toContain('mirror.invalid');
    proxy.closeAllConnections();
    proxy.close();
  }, 60_000);

  it('fetches nothing on a machine without a display', async () => {
    env.DISPLAY = '';
    const { stderr } = await inBrowser();
    expect(stderr).not.toContain('Electron');
    expect(mirror.asked).toEqual([]);
  }, 60_000);
});

it('npm ci fetches nothing of it: the package has no script for that, and none is allowed', () => {
  const of = (file: string) => JSON.parse(readFileSync(join(project, file), 'utf8'));
  const { packages } = of('package-lock.json');
  expect(packages['node_modules/electron'].hasInstallScript).toBeUndefined();
  expect(of('node_modules/electron/package.json').scripts).toBeUndefined();
  expect(of('package.json').allowScripts.electron).toBeUndefined();
});
