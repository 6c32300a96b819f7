import { writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeHome, makeRecord } from '../service/support/record.ts';
import { kith } from './cli.ts';

// The real command line as a process of its own.

let home: ReturnType<typeof makeHome>;
beforeAll(() => {
  home = makeHome();
  makeRecord(home.file, ['Anna', 'Ben']);
});
afterAll(() => home.remove());

const run = (...words: string[]) => kith([...words, '--library', home.file]);

it('backs up, shows what a copy holds, restores it once it is told to, and back again', async () => {
  const path = home.path('copy.kith');
  expect(await run('backup', path)).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/copy\.kith: 2 people, 2 faces named of 2, 2 photos; last named 20/),
  });
  expect(await run('backup', path)).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^Something else lies there already: .*copy\.kith/),
  });
  makeRecord(home.file, ['Cleo']);
  // Nobody is there to be asked.
  expect(await run('restore', path)).toMatchObject({
    status: 2,
    stdout: expect.stringMatching(/The copy holds: +2 people.*\nThe library holds now: 3 people/),
    stderr: expect.stringContaining('--yes'),
  });
  const done = JSON.parse((await run('restore', path, '--yes', '--json')).stdout);
  expect(done).toMatchObject({ summary: { people: 2 } });
  const copies = JSON.parse((await run('copies', '--json')).stdout);
  expect(copies).toMatchObject([{ path: done.former, why: 'restore', summary: { people: 3 } }]);
  expect(await run('restore', done.former, '--yes')).toMatchObject({ status: 0 });
  expect((await run('people')).stdout).toMatch(/Cleo/);
  expect((await run('copies')).stdout).toMatch(/the record before a restore: 2 people/);
});

it('refuses what is no copy, in a sentence', async () => {
  expect(await run('restore', home.path('none.kith'), '--yes')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(/^There is no such copy: .*none\.kith\. Check the path/),
  });
  expect(await run('restore', home.file, '--yes')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^This is the library itself/),
  });
});

it('looks for damage, repairs it, and says which copy to restore where a library is destroyed', async () => {
  expect(await run('doctor')).toMatchObject({ status: 0, stdout: 'The library is sound.\n' });
  const database = new DatabaseSync(home.file, { enableForeignKeyConstraints: false });
  database.exec(`INSERT INTO crops VALUES (98, x'00')`);
  database.close();
  expect(await run('doctor')).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/1 small pictures? .*--repair/),
  });
  expect(await run('doctor', '--repair')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('sound'),
  });

  writeFileSync(home.file, Buffer.alloc(50_000));
  const told = await run('doctor');
  expect(told).toMatchObject({ status: 1, stdout: expect.stringContaining('before repair') });
  const copy = /--restore (.*)/.exec(told.stdout)![1]!;
  expect(await run('doctor', '--restore', copy)).toMatchObject({ status: 0 });
  expect((await run('people')).stdout).toMatch(/Anna/);
});
