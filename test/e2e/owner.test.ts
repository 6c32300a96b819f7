import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceEvent } from '../../electron/contract/events.ts';
import { keptCopies } from '../../electron/library/kept-copies.ts';
import { openLibrary } from '../../electron/library/open.ts';
import { addressOf } from '../../electron/owner/address.ts';
import { joinApp } from '../../electron/owner/join.ts';
import { lockLibrary } from '../../electron/owner/lock.ts';
import { startOwner } from '../../electron/owner/start.ts';
import type { App } from '../../electron/service/app/app.ts';
import { madeFaces } from '../fixtures/embeddings.ts';
import { recordFaces } from '../fixtures/recorded-faces.ts';
import { kith, scratch } from './cli.ts';

// One process owns a library, however many are connected to it. All of them are processes of their own here.

/** Faces of each of two people, a group each. */
const FACES = 4;

let place: Awaited<ReturnType<typeof scratch>>;
let file: string;
let apps: App[];
/** The user's own models and settings stay out of it. */
let env: Record<string, string>;
const usual = { ...process.env };

beforeEach(async () => {
  place = await scratch();
  file = join(place.folder, 'library.kith');
  env = { XDG_DATA_HOME: join(place.folder, 'data'), LOCALAPPDATA: join(place.folder, 'data') };
  Object.assign(process.env, env);
  apps = [];
  const library = openLibrary(file);
  const { vectors, size, person, quality } = madeFaces([FACES, FACES], { spread: 0.1, seed: 7 });
  const ids = recordFaces(library, { vectors, size, quality, people: person });
  const groups = [ids.slice(0, FACES), ids.slice(FACES)];
  library.groups.replace(groups, { encoder: 'dlib', method: 'made' }, library.groups.state());
  library.close();
});
afterEach(async () => {
  await Promise.all(apps.map((app) => app.close()));
  process.env = { ...usual };
  await place.remove();
});

async function joined(libraryFile = file): Promise<App> {
  const app = await joinApp({ libraryFile }, startOwner);
  apps.push(app);
  return app;
}

async function name(app: App, group: number, as: string): Promise<void> {
  const named = await app.call('name', { groups: [group], name: as });
  expect(named.kind).toBe('named');
}

/** The one copy that Kith keeps beside the library. */
function keptCopy(): string {
  const [kept, ...more] = keptCopies(file);
  expect(more).toEqual([]);
  expect(kept?.why).toBe('replaced');
  return kept!.path;
}

const names = async (app: App) => (await app.call('people.list', {})).items.map((person) => person.name);

/** Waits for something of another process, as long as a slow machine may need. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries++) {
    if (tries > 300) throw new Error('Expected it to become so within 15 s');
    await wait(50);
  }
}

describe('Two who open one library', () => {
  it('share its owner: each sees at once what the other does, and is told', async () => {
    const [one, other] = [await joined(), await joined()];
    const heard: ServiceEvent[] = [];
    other.on((event) => heard.push(event));
    await name(one, 1, 'Anna');
    expect(await names(other)).toEqual(['Anna']);
    expect(heard).toContainEqual({ kind: 'changed', what: expect.arrayContaining(['people']) });
    expect(addressOf(file)?.pid).not.toBe(process.pid);
  });

  it('are one also where one came by a link', async () => {
    const link = join(place.folder, 'link.kith');
    symlinkSync(file, link);
    const one = await joined();
    const other = await joined(link);
    await name(one, 1, 'Anna');
    expect(await names(other)).toEqual(['Anna']);
  });

  it('start one owner when they start at the same moment', async () => {
    const all = await Promise.all([1, 2, 3, 4].map(() => joined()));
    await name(all[0]!, 1, 'Anna');
    for (const app of all) expect(await names(app)).toEqual(['Anna']);
  });

  it('may be a page and a command line: what is undone there is undone here', async () => {
    const page = await joined();
    const heard: ServiceEvent[] = [];
    page.on((event) => heard.push(event));
    await name(page, 1, 'Anna');
    heard.length = 0;
    const { status, stdout } = await kith(['undo', '--library', file], { env });
    expect([status, stdout]).toEqual([0, expect.stringContaining('name Anna')]);
    expect(await names(page)).toEqual([]);
    expect(heard).toContainEqual({ kind: 'changed', what: expect.arrayContaining(['people']) });
  });
});

describe('The owner', () => {
  it('ends with the last who was connected, and leaves the record closed and free', async () => {
    const [one, other] = [await joined(), await joined()];
    const { pid, path } = addressOf(file)!;
    await one.close();
    expect(await names(other)).toEqual([]);
    await other.close();
    expect(existsSync(`${file}-wal`)).toBe(false);
    expect(addressOf(file)).toBeNull();
    if (process.platform !== 'win32') expect(existsSync(dirname(path))).toBe(false);
    const lock = lockLibrary(file);
    expect(lock).not.toBeNull();
    lock!.release();
    await until(() => !isRunning(pid));
  });

  it('ends by itself when those who were connected are killed', async () => {
    const child = await elsewhere();
    const { pid } = addressOf(file)!;
    child.kill('SIGKILL');
    await until(() => !isRunning(pid));
    expect(await names(await joined())).toEqual([]);
  });

  it('is followed by another when it is killed; nothing that was told as done is lost', async () => {
    const app = await joined();
    await name(app, 1, 'Anna');
    const heard: ServiceEvent[] = [];
    app.on((event) => heard.push(event));
    const { pid } = addressOf(file)!;
    process.kill(pid, 'SIGKILL');
    expect(await names(app)).toEqual(['Anna']);
    await name(app, 2, 'Ben');
    expect(await names(app)).toEqual(expect.arrayContaining(['Anna', 'Ben']));
    expect(addressOf(file)!.pid).not.toBe(pid);
    // Whoever shows something is told to look again.
    await until(() => heard.some(({ kind }) => kind === 'changed'));
  });

  it('says that a command may be lost which it did not live to answer, and never does it twice', async () => {
    const app = await joined();
    const { pid } = addressOf(file)!;
    process.kill(pid, 'SIGSTOP');
    const lost = name(app, 1, 'Anna');
    await wait(100);
    process.kill(pid, 'SIGKILL');
    await expect(lost).rejects.toMatchObject({ code: 'connection-lost' });
    expect(await names(app)).toEqual([]);
  });

  it('lets nobody in without the words of a file that only this user can read', async () => {
    await joined();
    const { path } = addressOf(file)!;
    if (process.platform !== 'win32') {
      for (const [what, mode] of [
        [path, 0o600],
        [dirname(path), 0o700],
        [`${file}.owner`, 0o600],
        [`${file}.lock`, 0o600],
      ] as const) {
        expect(statSync(what).mode & 0o777).toBe(mode);
      }
    }
    const socket = connect(path);
    socket.write(
      'GET / HTTP/1.1\r\nHost: owner\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    let answer = '';
    socket.on('data', (bytes) => {
      answer += bytes;
    });
    socket.on('error', () => {});
    await new Promise((resolve) => socket.once('close', resolve));
    expect(answer).toBe('');
  });

  it('that hangs is not waited for without end', async () => {
    const child = await elsewhere();
    const { pid } = addressOf(file)!;
    process.kill(pid, 'SIGSTOP');
    try {
      await expect(joinApp({ libraryFile: file }, startOwner, 8000)).rejects.toMatchObject({
        code: 'library-busy',
      });
    } finally {
      process.kill(pid, 'SIGCONT');
      child.kill('SIGKILL');
    }
    await until(() => !isRunning(pid));
  }, 90_000);

  it('of another Kith refuses whoever is of this one', async () => {
    await joined();
    const address = addressOf(file)!;
    const { Link } = await import('../../electron/owner/link.ts');
    await expect(Link.open(address, '0.0.1')).rejects.toMatchObject({ code: 'library-busy' });
  });
});

describe('A library that is taken away while it is open', () => {
  it('is put back when it was deleted, and work goes on', async () => {
    const app = await joined();
    await name(app, 1, 'Anna');
    rmSync(file);
    await expect(names(app)).rejects.toMatchObject({ code: 'library-gone', detail: file });
    expect(await names(app)).toEqual(['Anna']);
    await name(app, 2, 'Ben');
    await app.close();
    expect(await names(await joined())).toEqual(expect.arrayContaining(['Anna', 'Ben']));
  });

  it('is kept beside the one that was put in its place', async () => {
    const app = await joined();
    const empty = join(place.folder, 'empty.kith');
    openLibrary(empty).close();
    await name(app, 1, 'Anna');
    renameSync(empty, file);
    await expect(app.call('people.list', {})).rejects.toMatchObject({ code: 'library-gone' });
    expect(await names(app)).toEqual([]);
    expect(await names(await joined(keptCopy()))).toEqual(['Anna']);
  });

  it('is kept beside a stranger’s file, which is left alone', async () => {
    const app = await joined();
    await name(app, 1, 'Anna');
    const text = 'no library, and long enough to be looked at twice'.repeat(100);
    rmSync(file);
    writeFileSync(file, text);
    await expect(app.call('people.list', {})).rejects.toMatchObject({ code: 'library-not-a-library' });
    await expect(app.call('people.list', {})).rejects.toMatchObject({ code: 'library-not-a-library' });
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(await names(await joined(keptCopy()))).toEqual(['Anna']);
    rmSync(file);
    expect(await names(app)).toEqual([]);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Another process that joins the library and stays. */
async function elsewhere(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../fixtures/joined.ts'), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}
