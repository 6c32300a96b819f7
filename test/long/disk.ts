import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statfsSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small file system in memory that can be filled to the last page. */
export interface Disk {
  folder: string;
  /** Leaves about this many bytes free. */
  fill(left: number): void;
  /** Makes room again. */
  clear(): void;
  remove(): void;
}

/** @returns null where this process may not mount anything */
export function smallDisk(mebibytes: number): Disk | null {
  const root = mkdtempSync(join(tmpdir(), 'kith-disk-'));
  const folder = join(root, 'disk');
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(root, { recursive: true });
    return null;
  }
  const filler = join(folder, 'filler');
  return {
    folder,
    fill(left) {
      const { bavail, bsize } = statfsSync(folder);
      const descriptor = openSync(filler, 'a');
      const block = Buffer.alloc(bsize);
      for (let free = bavail * bsize; free > left; free -= bsize) writeSync(descriptor, block);
      closeSync(descriptor);
    },
    clear() {
      truncateSync(filler);
    },
    remove() {
      execFileSync('umount', ['-l', folder]);
      rmSync(root, { recursive: true });
    },
  };
}
