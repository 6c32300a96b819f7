import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const quietly = (program: string, words: string[]) => execFileSync(program, words, { stdio: 'ignore' });

/** A file system in memory, of so many KiB. */
export function mountDisk(size: number) {
  const path = mkdtempSync(join(tmpdir(), 'kith-disk-'));
  quietly('mount', ['-t', 'tmpfs', '-o', `size=${size}k`, 'none', path]);
  return {
    path,
    /** From now on it can only be read. */
    protect: () => quietly('mount', ['-o', 'remount,ro', path]),
    remove() {
      quietly('umount', [path]);
      rmSync(path, { recursive: true });
    },
  };
}

/** Whether this user may mount a file system: root in most containers may. */
export const CAN_MOUNT = canMount();

function canMount(): boolean {
  try {
    mountDisk(64).remove();
    return true;
  } catch {
    return false;
  }
}
