import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { createProgram } from '../../electron/host/program.ts';
import { Scratch } from './scratch.ts';

// The recipe of CONTRIBUTING.md for a command of the command line, followed on a copy of the sources.

const COMMAND = `import type { Command } from 'commander';
import { withApp } from '../engine.ts';
import { type End, Exit, print, printJson } from '../output.ts';
import { count } from '../words.ts';
import { jsonOption, libraryOption } from './options.ts';

export function addCount(program: Command, end: End): void {
  program
    .command('count')
    .summary('how many photos there are')
    .addOption(libraryOption())
    .addOption(jsonOption())
    .action(async ({ json, ...options }: { library?: string; json?: boolean }) => {
      const { photos } = await withApp(options, (app) => app.call('library.overview', {}));
      await (json ? printJson({ photos }) : print(count(photos, 'photo')));
      end(Exit.done);
    });
}
`;

it('a new command is three files, one of which registers it', async () => {
  const scratch = new Scratch();
  const kith = async (...words: string[]) =>
    (await promisify(execFile)(process.execPath, [join(scratch.folder, 'electron/host/cli.ts'), ...words]))
      .stdout;
  try {
    scratch.write('electron/host/commands/count.ts', COMMAND);
    scratch.insert(
      'electron/host/program.ts',
      "import { addCopies } from './commands/copies.ts';",
      "\nimport { addCount } from './commands/count.ts';",
    );
    scratch.insert('electron/host/program.ts', 'addCopies,', '\n    addCount,');
    // The third is README.md, which lists it.
    expect(scratch.touched.size + 1).toBeLessThanOrEqual(3);
    expect(await kith('--help')).toContain('how many photos there are');
    const library = join(scratch.folder, 'library.kith');
    expect(await kith('count', '--library', library)).toBe('0 photos\n');
    expect(JSON.parse(await kith('count', '--json', '--library', library))).toEqual({ photos: 0 });
  } finally {
    await scratch.remove();
  }
});

it('README.md lists every command', () => {
  const readme = readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8');
  const listed = readme.split('\n').filter((line) => line.startsWith('npm run -s kith -- '));
  const words = new Set(listed.flatMap((line) => line.split(' ')));
  const names = createProgram(() => {}).commands.map((command) => command.name());
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => !words.has(name))).toEqual([]);
});
