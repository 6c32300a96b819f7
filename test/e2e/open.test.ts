import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copySamples, ended, kith, scratch, start } from './cli.ts';
import { enter, Page } from './page.ts';

// The app as a person starts it: a process of its own, its printed address, a signal to end it.

const project = resolve(import.meta.dirname, '../..');
let place: Awaited<ReturnType<typeof scratch>>;
let photos: string;
/** A machine without a display; the person's own data stays out of it. */
let env: Record<string, string>;

beforeAll(async () => {
  place = await scratch();
  photos = join(place.folder, 'photos');
  await mkdir(photos);
  await copySamples(photos, [1, 2]);
  env = { CI: '1', XDG_DATA_HOME: join(place.folder, 'data'), LOCALAPPDATA: join(place.folder, 'data') };
});
afterAll(() => place.remove());

/** The first line on standard output: where the app is. */
async function addressOf(child: ChildProcess): Promise<URL> {
  const lines = createInterface({ input: child.stdout! });
  const [line] = await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([status]) => Promise.reject(new Error(`It ended at once, with ${status}`))),
  ]);
  return new URL(line);
}

async function pageAt(address: URL): Promise<Page> {
  const page = new Page(Number(address.port), { cookie: await enter(address.href), origin: address.origin });
  expect(await page.opened()).toBeNull();
  return page;
}

describe('kith open', () => {
  it('scans a folder at once, and ends with 0 when Ctrl-C is pressed', async () => {
    const library = join(place.folder, 'open.kith');
    const child = start(['open', photos, '--library', library], { env });
    const end = ended(child);
    const page = await pageAt(await addressOf(child));
    expect(await page.scanned()).toMatchObject({ path: photos, phase: 'done' });
    expect(await page.call('library.overview', {})).toMatchObject({ photos: 2, faces: 6, file: library });
    const closed = once(page.socket, 'close');
    child.kill('SIGINT');
    expect((await closed)[0]).toBe(1001);
    const { status, stdout, stderr } = await end;
    expect(status).toBe(0);
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=\S{43}\n$/);
    expect(stderr).toContain('Open this address in a browser; Ctrl-C ends it.');
  });

  it('ends in the middle of a scan, and keeps what was found', async () => {
    const library = join(place.folder, 'ended.kith');
    const child = start(['open', photos, '--library', library], { env });
    const end = ended(child);
    const page = await pageAt(await addressOf(child));
    const { phase } = (await page.call('scan.state', {}))!;
    expect(phase).toBe('scanning');
    child.kill('SIGTERM');
    expect((await end).status).toBe(0);
    const { status } = await kith(['group', photos, '--library', library, '--json']);
    expect(status).toBe(0);
  });

  it('serves at the port that was asked for, and says when another program has it', async () => {
    const one = start(['open', '--library', join(place.folder, 'one.kith')], { env });
    const end = ended(one);
    const { port } = await addressOf(one);
    const taken = await kith(['open', '--port', port, '--library', join(place.folder, 'two.kith')], { env });
    expect(taken).toMatchObject({ status: 2, stdout: '' });
    expect(taken.stderr).toContain(`Port ${port} can't be used`);
    one.kill('SIGTERM');
    expect((await end).status).toBe(0);
    const again = start(['open', '--port', port, '--library', join(place.folder, 'two.kith')], { env });
    expect((await addressOf(again)).port).toBe(port);
    again.kill('SIGTERM');
    expect((await ended(again)).status).toBe(0);
  });

  it.each([
    ['open', 'no such folder'],
    ['open', '--port', 'x'],
    ['open', '--port', '70000'],
    ['open', 'a', 'b'],
  ])('ends with 2 and says why, for %s %s %s', async (...words) => {
    const end = await kith(words.filter(Boolean), { env, cwd: place.folder });
    expect(end).toMatchObject({ status: 2, stdout: '' });
    expect(end.stderr).not.toBe('');
  });

  // Browsers are found by the desktop's own rules; on Linux, without any, by this variable.
  it.runIf(process.platform === 'linux')('opens the browser with a ticket that is good once', async () => {
    const bare = await mkdtemp(join(tmpdir(), 'kith-browser-'));
    const [browser, note] = [join(bare, 'browser'), join(bare, 'opened')];
    await writeFile(browser, `#!/bin/sh\nprintf %s "$1" > '${note}'\n`);
    await chmod(browser, 0o755);
    const none = { XDG_DATA_HOME: bare, XDG_DATA_DIRS: bare, XDG_CONFIG_HOME: bare, XDG_CONFIG_DIRS: bare };
    const desktop = { CI: '', DISPLAY: ':99', BROWSER: browser, XDG_CURRENT_DESKTOP: 'X-Generic', ...none };
    const child = start(['open', '--library', join(place.folder, 'browser.kith')], { env: desktop });
    const end = ended(child);
    const address = await addressOf(child);
    let opened = '';
    for (; opened === ''; await pause(20)) opened = await readFile(note, 'utf8').catch(() => '');
    expect(new URL(opened).origin).toBe(address.origin);
    expect(opened).not.toBe(address.href);
    await enter(opened);
    await expect(enter(opened)).rejects.toThrow('403');
    await enter(address.href);
    child.kill('SIGTERM');
    expect((await end).stderr).toContain('Kith opens in your browser; Ctrl-C ends it.');
    await rm(bare, { recursive: true });
  });
});

describe('npm start', () => {
  const npmStart = (...words: string[]) =>
    spawn(process.execPath, ['build/node24.js', 'build/start.ts', ...words], {
      cwd: project,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  it('builds the page, serves it under its policy, and ends with 0 when it is told to', async () => {
    const child = npmStart(photos);
    const end = ended(child);
    const address = await addressOf(child);
    const cookie = await enter(address.href);
    const index = await fetch(address.origin, { headers: { cookie } });
    const html = await index.text();
    expect(html).toContain('<title>Kith</title>');
    const files = [...html.matchAll(/(?:src|href)="\.?\/?([^"]+)"/g)].map(([, path]) => path!);
    expect(files.some((path) => path.endsWith('.js'))).toBe(true);
    for (const path of files) {
      expect((await fetch(`${address.origin}/${path}`, { headers: { cookie } })).status).toBe(200);
    }
    // Whatever the policy forbids would be missed by the page without a word.
    expect(html).not.toMatch(/<style|<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=/);
    const page = await pageAt(address);
    expect(await page.scanned()).toMatchObject({ path: photos, phase: 'done' });
    child.kill('SIGTERM');
    expect((await end).status).toBe(0);
  }, 180_000);

  it.runIf(process.platform !== 'win32')(
    'leaves nothing behind when npm itself is ended',
    async () => {
      const child = spawn('npm', ['start', '--silent'], {
        cwd: project,
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const address = await addressOf(child);
      await enter(address.href);
      child.kill('SIGTERM');
      const isThere = () => fetch(address.origin).then(Boolean, () => false);
      while (await isThere()) await pause(50);
    },
    180_000,
  );

  it('takes one folder and nothing else', async () => {
    for (const words of [['a', 'b'], ['--help']]) {
      const { status, stderr } = await ended(npmStart(...words));
      expect(status).toBe(2);
      expect(stderr).toContain('npm start -- <folder>');
    }
  });
});
