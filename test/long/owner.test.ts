import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { addressOf } from '../../electron/owner/address.ts';
import { joinApp } from '../../electron/owner/join.ts';
import type { App } from '../../electron/service/app/app.ts';
import { scan } from '../fixtures/scan.ts';
import { madePhoto } from '../service/support/made-pool.ts';
import { startMadeOwner } from './made-owner.ts';

// The owner's process is killed, or it and its vision processes are stopped for a while, as when a lid is closed. Vision is
// replaced.

let folder: string;
let file: string;
let apps: App[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kith-owner-test-'));
  vi.stubEnv('XDG_DATA_HOME', join(folder, 'data'));
  file = join(folder, 'library.kith');
  for (let i = 0; i < 40; i++) writeFileSync(join(folder, `${i}.jpg`), madePhoto([`${i % 5}`], `${i}`));
  apps = [];
  for (let i = 0; i < 2; i++) apps.push(await joined());
});
afterEach(async () => {
  for (const app of apps) await app.close();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const joined = () =>
  joinApp({ libraryFile: file, detector: 'ssd', encoder: 'dlib' }, startMadeOwner('processes'));
const ownerPid = () => addressOf(file)!.pid;

function visionPids(): number[] {
  const children = `/proc/${ownerPid()}/task/${ownerPid()}/children`;
  return readFileSync(children, 'utf8').split(' ').filter(Boolean).map(Number);
}

test('When the owner is killed, all who were connected go on with one other owner within seconds, and lose no name.', async () => {
  const [one, other] = apps as [App, App];
  expect(await scan(one, folder)).toMatchObject({ phase: 'done' });
  await one.call('name', { faces: [1 as never], name: 'Ada' });
  for (let kill = 0; kill < 3; kill++) {
    const former = ownerPid();
    process.kill(former, 'SIGKILL');
    const begin = performance.now();
    const lists = await Promise.all([one, other].map((app) => app.call('people.list', {})));
    // Far less than somebody waits for an owner that does not answer.
    expect(performance.now() - begin).toBeLessThan(15_000);
    for (const { items } of lists) expect(items).toMatchObject([{ name: 'Ada' }]);
    expect(ownerPid()).not.toBe(former);
  }
});

test('Whoever leaves does not wait for the others to leave.', async () => {
  const [one, other] = apps as [App, App];
  await other.close();
  expect(await one.call('people.list', {})).toMatchObject({ items: [] });
}, 20_000);

test.skipIf(process.platform === 'win32')(
  'What is asked of an owner that is suspended is answered once it goes on.',
  async () => {
    const [one, other] = apps as [App, App];
    await scan(one, folder);
    const owner = ownerPid();
    process.kill(owner, 'SIGSTOP');
    const asked = one.call('name', { faces: [1 as never], name: 'Ada' });
    expect(await Promise.race([asked, wait(1000, 'nothing')])).toBe('nothing');
    process.kill(owner, 'SIGCONT');
    expect(await asked).toMatchObject({ kind: 'named' });
    expect((await other.call('people.list', {})).items).toMatchObject([{ name: 'Ada' }]);
    expect(ownerPid()).toBe(owner);
  },
);

test.skipIf(!existsSync('/proc/self/task'))(
  'A scan whose vision processes are suspended goes on with them, and misses no photo.',
  async () => {
    const [one] = apps as [App];
    const ended = scan(one, folder);
    while (visionPids().length === 0) await wait(5);
    const stopped = visionPids();
    for (const pid of stopped) process.kill(pid, 'SIGSTOP');
    expect(await Promise.race([ended, wait(1000, 'nothing')])).toBe('nothing');
    for (const pid of stopped) process.kill(pid, 'SIGCONT');
    expect(await ended).toMatchObject({ phase: 'done', failure: null });
    expect(await one.call('library.overview', {})).toMatchObject({ photos: 40, unreadable: 0 });
  },
);
