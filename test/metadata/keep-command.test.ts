import { existsSync, mkdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { kith } from '../e2e/cli.ts';
import { Here } from './here.ts';
import { NO_PERL } from './perl.ts';

// The command line alone keeps a folder's metadata up to date: its owner ends with each command.

const here = new Here();

const run = (...words: string[]) => kith([...words, '--library', here.place.file]);

describe.skipIf(NO_PERL !== null)(`kith metadata keep ${NO_PERL ?? ''}`, () => {
  test('writes at once, after each command that changes names, and no longer once it is off', async () => {
    await here.photos({ 'a.jpg': ['Anna'], 'b.jpg': ['Ben'] });
    const before = here.all();
    const folder = here.place.folder;
    const on = await run('metadata', 'keep', folder, '--preset', 'immich', '--json');
    expect(on).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(on.stdout)).toMatchObject({
      folder: { path: folder, keeps: { choices: { into: 'sidecar', forms: 'immich', sure: false } } },
      outcome: { create: 2, failed: [] },
    });

    // The last name that was given is Ben's.
    expect(await run('undo')).toMatchObject({ status: 0 });
    expect(existsSync(here.path('a.jpg.xmp'))).toBe(true);
    expect(existsSync(here.path('b.jpg.xmp'))).toBe(false);

    // What was not said stays.
    const again = await run('metadata', 'keep', folder, '--sure');
    expect(again.stdout).toContain(
      `The names in the photos of ${folder} are kept up to date.\n2 photos: nothing to do`,
    );
    const other = await run('metadata', 'write', folder);
    expect(other).toMatchObject({ status: 2 });
    expect(other.stderr).toContain('kith metadata keep <folder> --off');
    expect(await run('metadata', 'undo')).toMatchObject({ status: 2 });

    const off = await run('metadata', 'keep', folder, '--off');
    expect(off.stdout).toContain('"kith metadata undo" takes them out.');
    expect(existsSync(here.path('a.jpg.xmp'))).toBe(true);
    expect(await run('metadata', 'undo')).toMatchObject({ status: 0 });
    expect(here.all()).toEqual(before);
  }, 120_000);

  test('refuses a folder that is not one of the library', async () => {
    await here.photos({ 'a.jpg': ['Anna'] });
    mkdirSync(here.path('within'));
    const { status, stderr } = await run('metadata', 'keep', here.path('within'));
    expect(status).toBe(2);
    expect(stderr).toContain(`which is within ${here.place.folder}`);
    expect((await run('metadata', 'keep', here.place.root)).stderr).toContain(
      'Expected a folder whose photos Kith knows',
    );
  }, 60_000);
});
