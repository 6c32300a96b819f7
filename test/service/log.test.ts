import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { joinApp } from '../../electron/owner/join.ts';
import { startOwner } from '../../electron/owner/start.ts';
import { forkOf, type PoolTrouble, startPool } from '../../electron/vision/pool.ts';
import { scan } from '../fixtures/scan.ts';

// What a real owner notes of its work, in a file that holds no names and no paths.

let folder: string;
const file = () => join(folder, 'log', 'kith.log');
const lines = () => readFileSync(file(), 'utf8').trimEnd().split('\n');
const told = () => lines().map((line) => line.split(' ').slice(1).join(' ').replace(/\/\d+/, ''));
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-Anna-'));
  vi.stubEnv('KITH_LOG', join(folder, 'log'));
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const owned = () =>
  joinApp({ libraryFile: join(folder, 'Anna.kith'), detector: 'ssd', encoder: 'dlib' }, startOwner);

it('begin and end, scans, copies, refusals, and who was connected', async () => {
  const app = await owned();
  const photos = join(folder, 'Anna Photos');
  mkdirSync(photos);
  writeFileSync(join(photos, 'Anna.jpg'), 'no photo');
  await scan(app, photos);
  await app.call('library.backup', { path: join(folder, 'copy of Anna.kith') });
  await expect(app.call('people.rename', { id: 9 as never, name: 'Anna' })).rejects.toThrow();
  await app.call('people.list', {});
  const shown = await app.call('diagnostics.get', {});
  await app.close();
  await expect.poll(() => told().at(-1)).toMatch(/^owner process\.ended/);

  const all = told();
  for (const expected of [
    /^owner process\.started kith=/,
    /^owner library\.migrated from=0 to=\d+ seconds=/,
    /^owner library\.opened version=\d+ photos=0 faces=0 people=0 detector=ssd encoder=dlib seconds=/,
    /^owner peer\.joined peers=1$/,
    /^owner scan\.phase phase=scanning seconds=0 /,
    /^owner scan\.phase phase=grouping seconds=[\d.]+ /,
    /^owner scan\.phase phase=done seconds=[\d.]+ done=1 total=1$/,
    /^owner request\.began request=library\.backup$/,
    /^owner request\.done request=library\.backup seconds=/,
    /^owner request\.refused request=people\.rename code=not-found seconds=/,
    /^owner peer\.left peers=0$/,
    /^owner process\.ended seconds=[\d.]+ peakMiB=\d+$/,
  ]) {
    expect(all, String(expected)).toContainEqual(expect.stringMatching(expected));
  }
  // What is read at once is not worth a line.
  expect(all.join('\n')).not.toContain('people.list');
  expect(all.join('\n')).not.toMatch(/anna|photos[^=]|jpg/i);
  expect(shown.file).toBe(file());
  expect(lines().join('\n')).toContain(shown.lines.join('\n'));
  expect(shown.system).toMatchObject({ platform: process.platform, cpus: expect.any(Number) });
});

it('is no concern of the work where it can’t be written', async () => {
  rmSync(join(folder, 'log'), { recursive: true });
  writeFileSync(join(folder, 'log'), '');
  const app = await owned();
  expect((await app.call('diagnostics.get', {})).lines).toEqual([]);
  expect(await app.call('settings.set', { theme: 'dark' })).toMatchObject({ theme: 'dark' });
  await app.close();
  rmSync(join(folder, 'log'));
  expect(existsSync(file())).toBe(false);
});

it('an owner that is killed leaves what it had noted, and the process that waits for it notes that it was lost', async () => {
  const app = await owned();
  await app.call('settings.get', {});
  const [line] = lines()
    .filter((each) => each.includes('process.started'))
    .slice(-1);
  process.kill(Number(/owner\/(\d+)/.exec(line!)![1]), 'SIGKILL');
  await wait(100);
  await app.call('settings.get', {});
  expect(told().filter((each) => each.startsWith('owner library.opened'))).toHaveLength(2);
  await app.close();
});

it('vision processes that crash are told without their paths', async () => {
  const troubles: PoolTrouble[] = [];
  const spawn = forkOf(new URL('../fixtures/rehearsal-worker.ts', import.meta.url));
  const setup = { detector: 'ssd' as const, encoder: 'dlib' as const, models: ['fine'], maxSide: 1600 };
  const pool = startPool(setup, {
    size: 1,
    spawn,
    timeoutMs: 3000,
    onTrouble: (each) => troubles.push(each),
  });
  await expect(pool.analyse('crash')).rejects.toThrow();
  await pool.close();
  const lost = { kind: 'lost', loss: { during: 'analyse', why: 'crashed', status: 7, outOfMemory: false } };
  expect(troubles).toEqual([lost, lost]);
});
