import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const project = resolve(import.meta.dirname, '..');
const modules = join(project, 'node_modules');

/**
 * Starts the app in Electron, if Electron's program is here: its npm package is whole without it, and loads it down
 * when it is first started, from where not every machine can reach.
 *
 * @param folder to open the app on
 * @returns whether it was started; this process then ends with it, and with its status
 */
export function startElectron(folder: string | null): boolean {
  if (electronProgram() === null) return false;
  const forge = join(modules, '@electron-forge/cli/dist/electron-forge.js');
  const words = ['start', ...(folder === null ? [] : ['--', folder])];
  const child = spawn(process.execPath, [forge, ...words], { cwd: project, stdio: 'inherit' });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
  return true;
}

/** Where Electron's program lies; its package writes down where within itself that is, once it has it. */
export function electronProgram(): string | null {
  const home = join(modules, 'electron');
  const note = join(home, 'path.txt');
  if (!existsSync(note)) return null;
  const program = join(home, 'dist', readFileSync(note, 'utf8').trim());
  return existsSync(program) ? program : null;
}
