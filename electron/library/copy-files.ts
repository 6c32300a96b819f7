import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { KithError } from '../contract/errors.ts';

/** The purposes of files that exist only for a while. */
export type PartKind = 'part' | 'restoring' | 'inspecting' | 'former' | 'erasing';

/** What SQLite puts beside a database. */
export const COMPANIONS = ['-wal', '-shm', '-journal'] as const;

/**
 * Milliseconds, one day, after which a part counts as abandoned even where a process with its writer's id runs: another
 * process may have that id by then. Chosen by hand.
 */
const ABANDONED = 24 * 60 * 60 * 1000;

const PART = /\.(part|restoring|inspecting|former|erasing)-(\d+)-[0-9a-f]{12}$/;

/**
 * A name beside `file` that no other process takes. It holds this process's id, so that others can see whether it
 * lives.
 */
export function partOf(file: string, kind: PartKind): string {
  return `${file}.${kind}-${process.pid}-${randomBytes(6).toString('hex')}`;
}

/** The parts in a folder whose writers are gone, with the file that each was to become. */
export function deadParts(folder: string): { path: string; kind: PartKind; of: string }[] {
  return namesIn(folder).flatMap((name) => {
    const [end, kind, writer] = PART.exec(name) ?? [];
    if (end === undefined) return [];
    const path = join(folder, name);
    const isDead = !isAlive(Number(writer)) || Date.now() - (modified(path) ?? Date.now()) > ABANDONED;
    return isDead ? [{ path, kind: kind as PartKind, of: join(folder, name.slice(0, -end.length)) }] : [];
  });
}

/** Names in a folder; none where it can't be read. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** Removes a part, and what SQLite put beside it. What can't be removed now is found by {@link deadParts} later. */
export function removeWithCompanions(part: string): void {
  for (const end of ['', ...COMPANIONS]) {
    try {
      rmSync(`${part}${end}`, { force: true });
    } catch {
      // It stays until it is found there.
    }
  }
}

/** Makes an empty file that only its owner may read. @throws where something has that name */
export function createPrivate(file: string): void {
  closeSync(openSync(file, 'wx', 0o600));
}

/** Copies all bytes of a file into a new one that only its owner may read, down to the disk. */
export function copyBytes(from: string, to: string): void {
  const source = openSync(from, 'r');
  try {
    const target = openSync(to, 'wx', 0o600);
    try {
      const buffer = Buffer.alloc(1024 * 1024);
      for (let read = readSync(source, buffer); read > 0; read = readSync(source, buffer)) {
        for (let at = 0; at < read; ) at += writeSync(target, buffer, at, read - at);
      }
      fsyncSync(target);
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}

/** Waits until a file's bytes are on the disk. */
export function syncFile(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Waits until the names in a folder are on the disk, where the system knows how to (Windows does not). */
export function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Without it a power cut may lose the name, and never what the file holds.
  }
}

/**
 * Gives a finished part its final name, in one step, and never over a file that is there.
 *
 * @throws KithError output-taken
 */
export function publish(part: string, final: string): void {
  if (exists(final)) throw new KithError('output-taken', final);
  try {
    // A link fails where the name was taken meanwhile, a rename would replace that file.
    linkSync(part, final);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw new KithError('output-taken', final, { cause: error });
    if (!CANNOT_LINK.has(codeOf(error))) throw error;
    renameSync(part, final);
    syncFolder(dirname(final));
    return;
  }
  syncFolder(dirname(final));
  unlinkSync(part);
}

/** The errors of file systems without hard links, such as exFAT. */
const CANNOT_LINK = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EINVAL',
  'EMLINK',
  'EXDEV',
  'EISDIR',
]);

/** Gives a file a second name. @returns false where the file system can't */
export function linked(file: string, second: string): boolean {
  try {
    linkSync(file, second);
    return true;
  } catch (error) {
    if (CANNOT_LINK.has(codeOf(error))) return false;
    throw error;
  }
}

/** A file's path without links. The file need not exist yet. */
export function realFile(path: string): string {
  const full = resolve(path);
  try {
    return realpathSync(full);
  } catch {
    try {
      return join(realpathSync(dirname(full)), basename(full));
    } catch {
      return full;
    }
  }
}

/** Whether anything has this name, a link that leads nowhere included. */
export function exists(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return false;
    throw error;
  }
}

/** Whether both names lead to one file, directly or by links. */
export function isSameFile(a: string, b: string): boolean {
  const [one, other] = [a, b].map((path) => statSync(path, { bigint: true, throwIfNoEntry: false }));
  return one !== undefined && other !== undefined && one.ino === other.ino && one.dev === other.dev;
}

/** Bytes of a file; 0 where there is none. */
export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** The first of `name.kith`, `name 2.kith`, `name 3.kith` … that nothing has. */
export function freeName(path: string): string {
  const end = /\.[^.]*$/.exec(basename(path))?.[0] ?? '';
  const stem = path.slice(0, path.length - end.length);
  for (let number = 1; ; number++) {
    const name = number === 1 ? path : `${stem} ${number}${end}`;
    if (!exists(name)) return name;
  }
}

/** The system's code of an error, such as `ENOSPC`; empty where it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function modified(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
}

/** Whether a process with this id runs, of this user or of another. */
function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
