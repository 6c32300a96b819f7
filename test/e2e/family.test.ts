import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Exit } from '../../electron/host/output.ts';
import { openLibrary } from '../../electron/library/open.ts';
import { fillLibrary } from '../service/support/random-edits.ts';
import { kith } from './cli.ts';

// "kith family": who is related to whom, from the command line.

let home: string;
let libraryFile: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'kith-family-'));
  libraryFile = join(home, 'library.kith');
  const library = openLibrary(libraryFile);
  fillLibrary(library);
  library.journal.act({ action: 'made', detail: {}, by: 'hand' }, () => {
    for (const name of ['Anna', 'Ben', 'Cleo', 'Dora']) library.people.create(name);
  });
  library.close();
});
afterAll(() => rm(home, { recursive: true }));

const run = (...words: string[]) => kith([...words, '--library', libraryFile]);

it('says and lists who is related to whom; undo takes it back', async () => {
  expect((await run('family')).stdout).toBe('No relations are known.\n');
  const said = await run('family', 'anna', '--child', 'Ben', '--child', 'cleo', '--partner', 'Dora');
  expect(said).toMatchObject({
    ...{ status: Exit.done, stdout: 'Anna\n  child: Ben\n  child: Cleo\n  partner: Dora\n' },
  });
  expect((await run('family', 'Ben')).stdout).toBe(
    'Ben\n  parent: Anna\n  sibling: Cleo (they share a parent)\n',
  );
  const all = JSON.parse((await run('family', '--json')).stdout) as { name: string; relatives: unknown[] }[];
  expect(all.map(({ name, relatives }) => [name, relatives.length])).toEqual([
    ...[
      ['Anna', 3],
      ['Ben', 2],
      ['Cleo', 2],
      ['Dora', 1],
    ],
  ]);
  expect((await run('journal')).stdout).toMatch(/relate-partner: name Dora; other Anna/);
  await run('undo');
  expect((await run('family', 'Dora')).stdout).toBe('No relations are known.\n');
  expect((await run('family', 'Anna', '--remove', 'Cleo')).stdout).toBe('Anna\n  child: Ben\n');
}, 60_000);

it.each([
  [['family', 'Emil'], /no such thing .*: a person called Emil/],
  [['family', 'Anna', '--child', 'Emil'], /no such thing .*: a person called Emil/],
  [['family', 'Anna', '--parent', 'Anna'], /Anna can't be related to themselves: name somebody else/],
  [['family', 'Anna', '--parent', 'Ben'], /Ben is a child already. With --replace that becomes parent/],
  [['family', '--parent', 'Ben'], /Say whose family it is first/],
])('%j is refused in words', async (words, says) => {
  const { status, stderr } = await run(...words);
  expect(status).toBe(Exit.refused);
  expect(stderr).toMatch(says);
});

it('refuses somebody among their own ancestors, and replaces where that is asked for', async () => {
  await run('family', 'Ben', '--child', 'Cleo');
  const { status, stderr } = await run('family', 'Cleo', '--child', 'Anna');
  expect(status).toBe(Exit.refused);
  expect(stderr).toMatch(/Anna can't be a child of Cleo: somebody would be among their own ancestors/);
  expect((await run('family', 'Anna', '--sibling', 'Ben', '--replace')).stdout).toBe(
    'Anna\n  sibling: Ben\n',
  );
});
