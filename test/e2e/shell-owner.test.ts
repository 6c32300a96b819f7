import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Reply, ServiceEvent } from '../../electron/contract/events.ts';
import { lockLibrary } from '../../electron/owner/lock.ts';
import { buildShell } from '../fixtures/built-shell.ts';
import { MainProcess } from '../fixtures/main-process.ts';
import { sixPhotos } from '../fixtures/sample-faces.ts';
import { ended, kith, start as startKith } from './cli.ts';

// The window's library belongs to a process of its own, which others may join: what becomes of each when another goes.

const { built, remove } = buildShell();
const home = mkdtempSync(join(tmpdir(), 'kith-shell-owner-'));
const library = join(home, 'library.kith');
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
  remove();
});

let main: MainProcess;
afterEach(() => main.process.kill('SIGKILL'));

async function open(file = library): Promise<void> {
  main = new MainProcess(join(built, 'shell/main.js'), { KITH_TEST_HOME: home, KITH_LIBRARY: file });
  await main.until('window.loadURL');
}

async function quit(): Promise<void> {
  const end = once(main.process, 'exit');
  main.do('emit', 'will-quit').catch(() => {});
  expect(await end).toEqual([0, null]);
}

async function scanSamples(): Promise<void> {
  await main.call('scan.start', { path: await sixPhotos(home) });
  const [, { state }] = (await main.until('contents.send', ([, sent]) => {
    const { kind, state } = sent as { kind: string; state?: { phase: string } };
    return kind === 'scan' && ['done', 'failed'].includes(state!.phase);
  })) as [string, { state: object }];
  expect(state).toMatchObject({ phase: 'done', failure: null });
}

/** Utility processes that were started, by the name of their entry. */
const processes = async (entry: string) =>
  (await main.do<{ pid: number; file: string }[]>('processes'))
    .filter(({ file }) => file.endsWith(entry))
    .map(({ pid }) => pid);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie takes signals as well.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}

/** Events of these kinds of lists that the page was told of. */
const changes = async (what: string) =>
  (await main.asked('contents.send'))
    .map(([, sent]) => sent as ServiceEvent)
    .filter((event) => event.kind === 'changed' && event.what.includes(what as 'people')).length;

async function until(isIt: () => boolean | Promise<boolean>, seconds = 20): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await isIt())) {
    if (performance.now() > end) throw new Error(`Not within ${seconds} s: ${isIt}`);
    await wait(50);
  }
}

describe('The library of a window', () => {
  it('is shared with the command line, and both see what the other does', async () => {
    await open();
    await scanSamples();
    const { items } = await main.call<{ items: { id: number }[] }>('groups.list');
    const reply = await main.do<Reply>('call', 'name', { groups: [items[0]!.id], name: 'Anna' });
    expect(reply).toMatchObject({ ok: true, position: expect.any(Number) });

    const people = await kith(['people', '--library', library, '--json']);
    expect(JSON.parse(people.stdout)).toMatchObject([{ name: 'Anna' }]);
    const told = await changes('people');
    expect((await kith(['undo', '--library', library])).stdout).toContain('Undone');
    await until(async () => (await changes('people')) > told);
    expect(await main.call('people.list')).toMatchObject({ items: [] });
    expect(await processes('owner-entry.js')).toHaveLength(1);
    expect(existsSync(`${library}.owner`)).toBe(true);

    await quit();
    expect(existsSync(`${library}-wal`)).toBe(false);
    expect(existsSync(`${library}.owner`)).toBe(false);
  });

  it('gets another owner when the first dies, and nothing that was named is lost', async () => {
    await open();
    const { items } = await main.call<{ items: { id: number }[] }>('groups.list');
    await main.call('name', { groups: [items[0]!.id], name: 'Berta' });
    // Starts a vision process: that of a photo which is drawn anew.
    const { items: photos } = await main.call<{ items: { id: number }[] }>('photos.list');
    await main.do('get', `kith://app/photo/${photos[0]!.id}?size=500`);
    const [first] = await processes('owner-entry.js');
    const vision = await processes('vision-entry.js');
    expect(vision).not.toEqual([]);
    const told = await changes('people');

    process.kill(first!, 'SIGKILL');
    await until(async () => (await changes('people')) > told);
    expect(await main.call('people.list')).toMatchObject({ items: [{ name: 'Berta' }] });
    await until(() => !vision.some(isAlive));
    const { status } = await main.do<{ status: number }>('get', `kith://app/photo/${photos[0]!.id}?size=501`);
    expect(status).toBe(200);
    expect(await processes('owner-entry.js')).toHaveLength(2);
    await quit();
    expect(existsSync(`${library}-wal`)).toBe(false);
  });

  it.each(['looking on', 'in the midst of a scan'])(
    'is free within seconds after the main process was killed %s, and its processes end',
    async (when) => {
      const file = when === 'looking on' ? library : join(home, 'other.kith');
      await open(file);
      if (file === library) {
        const { items: photos } = await main.call<{ items: { id: number }[] }>('photos.list');
        await main.do('get', `kith://app/photo/${photos[0]!.id}?size=502`);
      } else {
        await main.call('scan.start', { path: await sixPhotos(home) });
        await main.until('contents.send', ([, sent]) => (sent as ServiceEvent).kind === 'found');
      }
      const started = [...(await processes('owner-entry.js')), ...(await processes('vision-entry.js'))];
      expect(started.length).toBeGreaterThan(1);
      main.process.kill('SIGKILL');
      await until(() => {
        const lock = lockLibrary(file);
        lock?.release();
        return lock !== null;
      });
      await until(() => !started.some(isAlive));
      expect(existsSync(`${file}-wal`)).toBe(false);
      expect(existsSync(`${file}.owner`)).toBe(false);
    },
  );

  it('stays with an owner that is there already, and with whoever uses it after the window', async () => {
    const host = startKith(['open', '--no-browser', '--library', library]);
    const end = ended(host);
    await once(host.stdout!, 'data');
    await open();
    expect(await main.call('library.overview')).toMatchObject({ shell: 'electron', photos: 6 });
    expect(await processes('owner-entry.js')).toEqual([]);
    await quit();
    const { stdout } = await kith(['people', '--library', library]);
    expect(stdout).toContain('Berta');
    host.kill('SIGTERM');
    expect(await end).toMatchObject({ stderr: expect.not.stringContaining('failed') });
  });
});
