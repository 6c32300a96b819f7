import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { writeCopy } from '../../electron/library/copy-file.ts';
import { keptCopies } from '../../electron/library/kept-copies.ts';
import { settle } from '../../electron/library/settle.ts';
import { faults } from './support/place.ts';
import { makeHome, makeRecord, namesOf } from './support/record.ts';

// Killed (SIGKILL) in the midst of a backup, a restore or an erasing: no half file stands under a final name, and one of
// the records is there, whole.

/** How often each is killed at a random moment; `KITH_KILLS=200` for a long run. */
const KILLS = Number(process.env.KITH_KILLS ?? 5);

vi.setConfig({ testTimeout: 60_000 + KILLS * 20_000 });

let home: ReturnType<typeof makeHome>;
beforeEach(() => {
  home = makeHome();
});
afterEach(() => home.remove());

const NOW = ['Anna', 'Ben', 'Cleo'];
const FORMER = ['Anna', 'Ben'];

/** A library of three people, and a copy of it with two, in folders that are made anew. */
function makeBoth(round: number, bytes = 20_000): { library: string; copy: string; folder: string } {
  const template = home.path(`of ${bytes}`);
  if (!existsSync(template)) {
    mkdirSync(template);
    makeRecord(`${template}/library.kith`, FORMER, bytes);
    writeCopy(`${template}/library.kith`, `${template}/copy.kith`);
    makeRecord(`${template}/library.kith`, NOW.slice(2), bytes);
  }
  const folder = home.path(`${round}`);
  cpSync(template, folder, { recursive: true });
  return { library: `${folder}/library.kith`, copy: `${folder}/copy.kith`, folder };
}

/** @returns how many calls there were, null where it was killed before its end */
async function killedAt(what: string, library: string, path: string, moment: number): Promise<number | null> {
  const words = [what, library, path, `${moment}`];
  const child = fork(new URL('./support/copy-child.ts', import.meta.url), words, { execArgv: [] });
  let calls: number | null = null;
  child.on('message', (count) => {
    calls = Number(count);
  });
  const [status, signal] = await once(child, 'exit');
  expect([status, signal]).toEqual(calls === null ? [null, 'SIGKILL'] : [0, null]);
  return calls;
}

/** Kills a process at a random moment of one request. @param longest milliseconds within which that is */
async function killedWithin(name: string, library: string, path: string, longest: number): Promise<number> {
  const child = fork(new URL('./support/app-child.ts', import.meta.url), [library, name, path], {
    execArgv: [],
  });
  const ended = once(child, 'exit');
  await once(child, 'message');
  const begin = performance.now();
  const done = once(child, 'message').then(
    () => performance.now() - begin,
    () => 0,
  );
  await Promise.race([ended, wait(Math.random() * longest), done]);
  const took = performance.now() - begin;
  child.kill('SIGKILL');
  await ended;
  return took;
}

function expectWhole(file: string, names: readonly string[]): void {
  expect(faults(file)).toEqual([]);
  expect(namesOf(file).sort()).toEqual(names);
}

/** After a restore that was killed, the library is opened again. */
function expectOneOfBoth(library: string, copy: string, before: Buffer): void {
  settle(library);
  expect(readFileSync(copy).equals(before)).toBe(true);
  expect(faults(library)).toEqual([]);
  const names = namesOf(library).sort();
  const kept = keptCopies(library);
  if (names.length === NOW.length) expect(kept).toEqual([]);
  else {
    expect(names).toEqual(FORMER);
    expect(kept.map(({ why }) => why)).toEqual(['restore']);
    expectWhole(kept[0]!.path, NOW);
  }
  expect(
    readdirSync(home.root, { recursive: true }).filter((name) => /-[0-9a-f]{12}/.test(`${name}`)),
  ).toEqual([]);
}

test('A backup killed before each of its steps leaves nothing, or all of it, under its name.', async () => {
  let isDone = false;
  for (let moment = 1; !isDone; moment++) {
    const { library, folder } = makeBoth(moment);
    const target = `${folder}/backup.kith`;
    isDone = (await killedAt('backup', library, target, moment)) !== null;
    if (existsSync(target)) expectWhole(target, NOW);
    expectWhole(library, NOW);
    // The next one clears away what the killed one left.
    writeCopy(library, `${folder}/next.kith`);
    const names = readdirSync(folder).filter((name) => !/-(wal|shm)$/.test(name) && name !== 'backup.kith');
    expect(names).toEqual(['copy.kith', 'library.kith', 'next.kith']);
    expect(moment).toBeLessThan(100);
  }
});

test('A restore killed before each of its steps leaves one record in place, and loses neither.', async () => {
  let swapped = 0;
  let isDone = false;
  for (let moment = 1; !isDone; moment++) {
    const { library, copy } = makeBoth(moment);
    const before = readFileSync(copy);
    isDone = (await killedAt('restore', library, copy, moment)) !== null;
    expectOneOfBoth(library, copy, before);
    if (namesOf(library).length === FORMER.length) swapped++;
    expect(moment).toBeLessThan(200);
  }
  // The kills came before and after the one step in which the name changes hands.
  expect(swapped).toBeGreaterThan(1);
});

test('An erasing killed before each of its steps has erased nothing, or is finished at the next start.', async () => {
  const ends = new Set<boolean>();
  let isDone = false;
  for (let moment = 1; !isDone; moment++) {
    const { library, folder } = makeBoth(moment);
    await killedAt('restore', library, `${folder}/copy.kith`, 0);
    isDone = (await killedAt('erase', library, '', moment)) !== null;
    settle(library);
    const isErased = !existsSync(library);
    ends.add(isErased);
    if (isErased) expect(readdirSync(folder)).toEqual(['copy.kith']);
    else {
      expectWhole(library, FORMER);
      expectWhole(keptCopies(library)[0]!.path, NOW);
    }
    expect(moment).toBeLessThan(100);
  }
  expect(ends).toEqual(new Set([true, false]));
});

test(`The application, killed at ${KILLS} random moments of a backup, leaves nothing, or all of it, under its name.`, async () => {
  const { library, folder } = makeBoth(0, 10_000_000);
  const longest = await killedWithin('library.backup', library, `${folder}/undisturbed.kith`, 60_000);
  for (let kill = 0; kill < KILLS; kill++) {
    const target = `${folder}/${kill}.kith`;
    await killedWithin('library.backup', library, target, longest);
    if (existsSync(target)) expectWhole(target, NOW);
    expectWhole(library, NOW);
  }
});

test(`The application, killed at ${KILLS} random moments of a restore, leaves one record in place, and loses neither.`, async () => {
  const trial = makeBoth(KILLS, 10_000_000);
  const longest = await killedWithin('library.restore', trial.library, trial.copy, 60_000);
  for (let kill = 0; kill < KILLS; kill++) {
    const { library, copy } = makeBoth(kill, 10_000_000);
    const before = readFileSync(copy);
    await killedWithin('library.restore', library, copy, longest);
    expectOneOfBoth(library, copy, before);
  }
});
