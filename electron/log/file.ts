import { chmodSync, closeSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import electronLog from 'electron-log/node';
import envPaths from 'env-paths';

/**
 * Files and bytes that a log takes at most. A line has 100 to 400 bytes and a scan writes ten of them, so a megabyte is
 * months of a household's use, or some ten thousand failures in a row; one file goes into a mail, and all of them take less
 * room than two photos.
 */
export const MOST_FILES = 5;
export const MOST_BYTES = 1_000_000;

/** Longest line, in UTF-16 units; of what is longer the end is left out. */
const LONGEST_LINE = 2000;

/**
 * Bytes from which on another file is begun, before this one is full: room for what others write meanwhile. Three processes
 * that write as fast as they can fill it within 80 ms, where 4,000 bytes were full before a busy machine had changed the files.
 */
const ROOM = MOST_BYTES / 10;

/** Only this user may read the log. */
const PRIVATE = 0o600;
const PRIVATE_FOLDER = 0o700;

/** Who held up the others for longer than that has died meanwhile, in milliseconds. */
const STALE = 10_000;

/** The log's file, whether there is one yet or not: in `KITH_LOG`, else in the user's folder for logs. */
export function logFile(): string {
  return join(process.env.KITH_LOG || envPaths('kith', { suffix: '' }).log, 'kith.log');
}

/** That file and the older ones, the oldest first; not all of them need be there. */
export function logFiles(): string[] {
  return Array.from({ length: MOST_FILES }, (_, age) => aged(logFile(), MOST_FILES - 1 - age));
}

function aged(file: string, age: number): string {
  return age === 0 ? file : file.replace(/\.log$/, `.${age}.log`);
}

/**
 * Adds lines to the file, each by one write to its end, so that those of several processes never mix; it is there when
 * this returns, also where the process ends at once.
 *
 * @returns writes one line, and says whether that could be done. Never throws.
 */
export function openFile(): (text: string) => boolean {
  const file = logFile();
  const { transports } = electronLog;
  let hasFailed = false;
  transports.file.resolvePathFn = () => file;
  transports.file.setAppName('kith');
  transports.file.writeOptions = { flag: 'a', mode: PRIVATE, encoding: 'utf8' };
  transports.file.format = '{text}';
  // It knows only what this process wrote; see makeRoom.
  transports.file.maxSize = 0;
  // That is where it complains of a file that can't be written.
  transports.console = Object.assign(
    () => {
      hasFailed = true;
    },
    { ...transports.console, level: false as const },
  );
  return (text) => {
    try {
      hasFailed = false;
      if (!makeRoom(file)) return false;
      electronLog.info(text.slice(0, LONGEST_LINE));
      return !hasFailed;
    } catch {
      // The log must never hurt the work: whoever calls counts what was lost.
      return false;
    }
  };
}

/** Makes the file where there is none, and begins another once it is full. @returns whether one more line may be written */
function makeRoom(file: string): boolean {
  const now = statSync(file, { throwIfNoEntry: false });
  if (now === undefined) {
    mkdirSync(dirname(file), { recursive: true, mode: PRIVATE_FOLDER });
    closeSync(openSync(file, 'a', PRIVATE));
    return true;
  }
  // One that is there from elsewhere, such as a copy that somebody put back.
  if (process.platform !== 'win32' && (now.mode & 0o077) !== 0) chmodSync(file, PRIVATE);
  if (now.size + ROOM <= MOST_BYTES) return true;
  rotate(file);
  // Another process may be at it, or nobody can be: then there is still some room, and after that no more is written.
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) + LONGEST_LINE <= MOST_BYTES;
}

/** By one process at a time: two would move a file that has just been begun. */
function rotate(file: string): void {
  const lock = `${file}.lock`;
  try {
    closeSync(openSync(lock, 'wx', PRIVATE));
  } catch {
    // Another process is at it; or died in the midst of it.
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && Math.abs(Date.now() - since) > STALE) rmSync(lock, { force: true });
    return;
  }
  try {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) + ROOM <= MOST_BYTES) return;
    for (let age = MOST_FILES - 1; age > 0; age--) {
      const from = aged(file, age - 1);
      if (statSync(from, { throwIfNoEntry: false })) renameSync(from, aged(file, age));
    }
  } finally {
    rmSync(lock, { force: true });
  }
}
