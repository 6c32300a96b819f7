import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isNewer, stamp } from './stamp.ts';

const project = resolve(import.meta.dirname, '..');

/** Where `main` of package.json points into. */
const OUT = '.vite/build';

/** What the main process, its helpers and the preload script are built from. */
const SOURCES = [
  'electron',
  'models',
  'renderer/words',
  'build/vite.main.ts',
  'build/vite.preload.ts',
  'package-lock.json',
];

/** Written after a build, with the time at which it began. */
const STAMP = join(project, OUT, '.built');

/**
 * Builds what Electron runs outside the page where it is not there, or where its sources are newer.
 *
 * @param tell is called before the build, which takes seconds
 * @throws Error where it can't be built
 */
export async function ensureShell(tell: () => void = () => {}): Promise<void> {
  if (!(await isNewer(SOURCES, STAMP))) return;
  tell();
  const started = new Date();
  await rm(join(project, OUT), { recursive: true, force: true });
  for (const config of ['build/vite.main.ts', 'build/vite.preload.ts']) {
    const words = [
      'build',
      '--config',
      config,
      '--outDir',
      OUT,
      '--emptyOutDir',
      'false',
      '--logLevel',
      'error',
    ];
    const vite = spawn(process.execPath, [join(project, 'node_modules/vite/bin/vite.js'), ...words], {
      cwd: project,
      stdio: ['ignore', 2, 2],
    });
    const [status] = await once(vite, 'exit');
    if (status !== 0) throw new Error(`Expected Vite to build by ${config} but it ended with ${status}`);
  }
  await stamp(STAMP, started);
}
