import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { isNewer, stamp } from './stamp.ts';

const project = resolve(import.meta.dirname, '..');

/** What the page is built from. */
const SOURCES = ['renderer', 'electron/contract', 'build/vite.page.ts', 'package-lock.json'];

/** Written after a build, with the time at which it began. */
const STAMP = join(project, 'dist/page/.built');

/**
 * Builds the page where there is none, or where its sources are newer. Vite says on standard error what is wrong.
 *
 * @param tell is called before the build, which takes seconds
 * @throws Error where the page can't be built
 */
export async function ensurePage(tell: () => void = () => {}): Promise<void> {
  if (!(await isNewer(SOURCES, STAMP))) return;
  tell();
  const started = new Date();
  // In a process of its own: the app that is opened afterwards should not hold half a gigabyte for it.
  const words = ['build', '--config', 'build/vite.page.ts', '--logLevel', 'error'];
  const vite = spawn(process.execPath, [join(project, 'node_modules/vite/bin/vite.js'), ...words], {
    cwd: project,
    stdio: ['ignore', 2, 2],
  });
  const [status] = await once(vite, 'exit');
  if (status !== 0) throw new Error(`Expected Vite to build the page but it ended with ${status}`);
  await stamp(STAMP, started);
}
