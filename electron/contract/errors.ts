import { z } from 'zod';
import type { UnreadableCode } from './vision.ts';

/** Every way a request can fail. A closed list: the shells hold a sentence for each. */
export const ErrorCode = z.enum([
  'folder-missing',
  'folder-is-a-file',
  'folder-unreadable',
  'file-missing',
  'photo-unreadable',
  'no-face',
  'library-not-a-library',
  'library-from-newer-version',
  'library-unwritable',
  'library-busy',
  /** The library's file was moved, deleted or replaced while Kith had it open. */
  'library-gone',
  /** Pages of the library's file can't be read. */
  'library-damaged',
  'disk-full',
  'model-missing',
  'model-damaged',
  'model-unsupported',
  'download-failed',
  'pairs-malformed',
  'cancelled',
  /** The process that owns the library ended in the midst of a request, which it may have done or not. */
  'connection-lost',
  'output-unwritable',
  'bad-request',
  /** The person, group, face, photo or entry is not in the library (any more). */
  'not-found',
  /** The record has changed since the sender looked at it; nothing was done. */
  'changed-meanwhile',
  /** A backup that can't be restored: it is damaged, or may not be read. */
  'copy-unusable',
  /** There is no file where a backup was said to be. */
  'copy-missing',
  /** The library itself was given where a copy of it was expected. */
  'copy-is-library',
  /** Something else lies already where a file was to be written. */
  'output-taken',
  /** Another export is being written to the same folder. */
  'output-busy',
  /** An export would lie inside a folder of photos. */
  'output-among-photos',
  /** No absolute path of a file: empty, relative, or one of SQLite's special names. */
  'path-unusable',
  'vision-broken',
  /** A page may look around in the home folder and on drives only. */
  'folder-out-of-reach',
  /** Another folder is being scanned; `detail` is its path. */
  'scan-running',
  /** Nobody measured what the distances of these weights mean, so nobody can be grouped or named by them. */
  'encoder-unmeasured',
  /** The library is being brought over to another encoder. */
  'encoder-changing',
  /** ExifTool needs Perl, which is not on this machine; `detail` says what to install. */
  'perl-missing',
  /** The metadata of this folder's photos is kept up to date, which this would contradict; `detail` is its path. */
  'folder-kept',
  'not-a-record',
]);
export type ErrorCode = z.infer<typeof ErrorCode>;

/** How a request fails; the sentence is the page's. `internal`: a defect of Kith. */
export const Failure = z.object({ code: z.union([ErrorCode, z.literal('internal')]), detail: z.string() });
export type Failure = z.infer<typeof Failure>;

/**
 * A failure that a person can do something about. `detail` names the thing, the expected and the received;
 * the sentence around it is the shell's.
 */
export class KithError extends Error {
  readonly code: ErrorCode;
  readonly detail: string;

  constructor(code: ErrorCode, detail: string, options?: ErrorOptions) {
    super(`${code}: ${detail}`, options);
    this.name = 'KithError';
    this.code = code;
    this.detail = detail;
  }
}

/** Why nothing could be written at a library's place: the disk is full, or what the system says. */
export function unwritable(file: string, error: unknown): KithError {
  const isFull = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
  const why = error instanceof Error ? error.message : String(error);
  return new KithError(isFull ? 'disk-full' : 'library-unwritable', `${file}: ${why}`, { cause: error });
}

/** A file that gives no photo. Not a failure of the scan: the file is noted and the scan goes on. */
export class UnreadablePhoto extends Error {
  readonly code: UnreadableCode;
  readonly detail: string;

  constructor(code: UnreadableCode, detail: string, options?: ErrorOptions) {
    super(`${code}: ${detail}`, options);
    this.name = 'UnreadablePhoto';
    this.code = code;
    this.detail = detail;
  }
}
