import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EntryId, FaceId } from '../../electron/contract/ids.ts';
import { Exit } from '../../electron/host/output.ts';
import { openLibrary } from '../../electron/library/open.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { fillLibrary } from '../service/support/random-edits.ts';
import { kith } from './cli.ts';

// "kith undo" of one entry, whatever was done since.

let home: string;
let libraryFile: string;
let [anna, ben, refused]: (EntryId | null)[] = [];
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'kith-undo-'));
  libraryFile = join(home, 'library.kith');
  const library = openLibrary(libraryFile);
  fillLibrary(library);
  library.close();
  const app = await createApp({ libraryFile, detector: 'ssd', encoder: 'dlib' });
  const name = async (face: number, name: string) => {
    const named = await app.call('name', { faces: [face as FaceId], name });
    if (named.kind !== 'named') throw new Error('Expected a new name');
    return named.ledger;
  };
  const ledger = await name(1, 'Anna');
  anna = ledger.entry;
  ben = (await name(4, 'Ben')).entry;
  ({ entry: refused } = await app.call('faces.refuse', { faces: [7 as FaceId], person: ledger.person.id }));
  await app.close();
});
afterAll(() => rm(home, { recursive: true }));

const run = (...words: string[]) => kith([...words, '--library', libraryFile]);

it('one entry is taken back, and what builds on it is named', async () => {
  const blocked = await run('undo', '--entry', String(anna));
  expect(blocked.stdout).toMatch(/^Nothing was changed.*undone or done again before:\n +\d+ .*refuse/);
  expect(blocked.stdout).toContain(`${refused} `);
  expect(blocked.status).toBe(Exit.refused);

  expect((await run('undo', '--entry', String(refused))).stdout).toMatch(/^Undone: .*refuse/);
  expect((await run('undo', '--entry', String(anna))).stdout).toMatch(/^Undone: .*name/);
  const people = await run('people');
  expect(people.stdout).toMatch(/Ben: 1 face/);
  expect(people.stdout).not.toMatch(/Anna/);
  expect((await run('journal')).stdout.match(/\(undone\)/g)).toHaveLength(2);

  expect((await run('undo', '--redo', '--entry', String(anna))).stdout).toMatch(/^Done again: .*name/);
  expect((await run('people')).stdout).toMatch(/Anna: 1 face/);
  expect((await run('undo', '--redo', '--entry', String(ben))).stdout).toMatch(/^There is nothing to redo/);
}, 60_000);

it.each([
  ['12345', /The library has no such thing .*: entry 12345/],
  ['last', /Expected a number as "kith journal" shows them/],
  ['-1', /Expected a number as "kith journal" shows them/],
])('entry %s is refused in words', async (entry, words) => {
  const { status, stderr } = await run('undo', `--entry=${entry}`);
  expect(status).not.toBe(0);
  expect(stderr).toMatch(words);
});
