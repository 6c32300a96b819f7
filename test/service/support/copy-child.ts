import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * A process that backs up, restores or erases a library, and is killed in the midst of it by itself: before its nth call
 * that changes a file or waits for the disk. Arguments: what, the library, the path, n. It sends how many calls there
 * were, where it came to its end.
 */
const [what, library, path, moment] = process.argv.slice(2) as [string, string, string, string];
let calls = 0;
let isArmed = false;
for (const name of [
  'openSync',
  'writeSync',
  'fsyncSync',
  'linkSync',
  'renameSync',
  'unlinkSync',
  'rmSync',
  'chmodSync',
  'mkdirSync',
] as const) {
  const real = fs[name] as (...words: unknown[]) => unknown;
  Object.assign(fs, {
    [name]: (...words: unknown[]) => {
      if (isArmed) calls++;
      if (isArmed && calls === Number(moment)) process.kill(process.pid, 'SIGKILL');
      return real(...words);
    },
  });
}
const { writeCopy } = await import('../../../electron/library/copy-file.ts');
const { eraseLibrary } = await import('../../../electron/library/erase.ts');
const { prepareRestore, swapIn } = await import('../../../electron/library/restore.ts');
syncBuiltinESMExports();
isArmed = true;
if (what === 'backup') writeCopy(library, path);
else if (what === 'restore') swapIn(prepareRestore(path, library), library);
else eraseLibrary(library);
isArmed = false;
process.send!(calls);
process.disconnect();
