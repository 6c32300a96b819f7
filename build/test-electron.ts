/** `npm run test:electron`: builds the app and drives it in Electron, where Electron's program is. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { electronProgram } from './electron.ts';
import { ensureShell } from './shell.ts';

const project = resolve(import.meta.dirname, '..');

/** @returns the exit status of a program of the project's packages */
function run(program: string, ...words: string[]): number {
  const { status } = spawnSync(process.execPath, [resolve(project, 'node_modules', program), ...words], {
    cwd: project,
    stdio: 'inherit',
  });
  return status ?? 1;
}

async function main(words: string[]): Promise<number> {
  if (electronProgram() === null) {
    console.log("Skipped: Electron's program is not here; npx install-electron fetches it from GitHub.");
    // Where it has to be there, nothing skipped passes for tested.
    return process.env.KITH_NEEDS_ELECTRON === undefined ? 0 : 1;
  }
  if (run('../build/prepare.ts')) return 1;
  await ensureShell();
  return run('@playwright/test/cli.js', 'test', '--config', 'build/playwright.electron.ts', ...words);
}

process.exitCode = await main(process.argv.slice(2));
