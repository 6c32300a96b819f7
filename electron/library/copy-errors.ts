import { type ErrorCode, KithError } from '../contract/errors.ts';
import { codeOf } from './copy-files.ts';

/** SQLite's primary result codes (sqlite.org/rescode.html) that tell of damaged pages. */
const DAMAGED = new Set([11, 26]); // SQLITE_CORRUPT, SQLITE_NOTADB

/** SQLITE_FULL, and no room for the index of the write-ahead log: SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_SHMOPEN. */
const FULL = new Set([13, 4874, 4618]);

/**
 * An error that names the file it is about.
 *
 * @param otherwise the code where the error is neither a full disk nor a KithError already
 */
export function failureAt(path: string, error: unknown, otherwise: ErrorCode): KithError {
  if (error instanceof KithError) return error;
  return new KithError(isFull(error) ? 'disk-full' : otherwise, path, { cause: error });
}

/** Whether SQLite found damaged pages. */
export function tellsOfDamage(error: unknown): boolean {
  return DAMAGED.has((numberOf(error) ?? 0) & 0xff);
}

function isFull(error: unknown): boolean {
  const number = numberOf(error);
  if (number !== null) return FULL.has(number) || (number & 0xff) === 13;
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(error));
}

/** SQLite's extended result code. */
function numberOf(error: unknown): number | null {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode
    : null;
}
