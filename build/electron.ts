import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const project = resolve(import.meta.dirname, '..');
const modules = join(project, 'node_modules');

/** How the app in Electron ended. */
export interface ElectronEnd {
  /** As a shell tells it: 128 and its number for a signal; 0 for the signal that asked it to end. */
  status: number;
  /** Whether there was a window to be seen, or the user ended it before. */
  wasOpen: boolean;
}

/**
 * Runs the built app in Electron, whose program must be here, until its end. (Forge's `start` is for `npm run app`: it
 * watches the sources, and waits for ever where the program ends before Forge looks.)
 *
 * @param folder to open it on
 */
export async function runElectron(program: string, folder: string | null): Promise<ElectronEnd> {
  const notes = mkdtempSync(join(tmpdir(), 'kith-start-'));
  const shown = join(notes, 'shown');
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const child = spawn(program, ['.', ...(folder === null ? [] : [folder])], {
    cwd: project,
    // Standard output is for the address of the browser host alone.
    stdio: ['inherit', 2, 2],
    env: { ...env, KITH_SHOWN_NOTE: shown },
  });
  let isAsked = false;
  const end = (signal: NodeJS.Signals) => {
    isAsked = true;
    // Ctrl-C reaches the child by itself.
    if (signal === 'SIGTERM') child.kill(signal);
  };
  process.on('SIGINT', end).on('SIGTERM', end);
  const status = await new Promise<number>((done) => {
    child.once('error', () => done(1));
    child.once('exit', (code, signal) => {
      done(code ?? (isAsked || signal === null ? 0 : 128 + constants.signals[signal]));
    });
  });
  process.off('SIGINT', end).off('SIGTERM', end);
  const wasOpen = isAsked || status === 0 || existsSync(shown);
  rmSync(notes, { recursive: true, force: true });
  return { status, wasOpen };
}

/** Where Electron's program lies; its package writes down where within itself that is, once it has it. */
export function electronProgram(): string | null {
  const home = join(modules, 'electron');
  const note = join(home, 'path.txt');
  if (!existsSync(note)) return null;
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH || join(home, 'dist');
  const program = join(dist, readFileSync(note, 'utf8').trim());
  return existsSync(program) ? program : null;
}
