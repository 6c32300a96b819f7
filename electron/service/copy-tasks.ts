import type { KeptCopy, RecordSummary } from '../contract/copies.ts';
import type { Finding } from '../contract/doctor.ts';
import type { Prepared } from '../library/restore.ts';
import { inThread } from './thread.ts';

/** Work that takes long with a large library, so that a thread does it. `library` is the path of a library's file. */
export type CopyTask =
  | { kind: 'write' | 'inspect' | 'prepare'; library: string; path: string }
  | { kind: 'list' | 'examine'; library: string };

const WORKER = new URL('./copy-worker.ts', import.meta.url);

/** Copies a library, and reads the copy. @throws KithError as {@link import('../library/copy-file.ts').writeCopy} does */
export function writeCopyInThread(library: string, path: string): Promise<RecordSummary> {
  return inThread(WORKER, { kind: 'write', library, path } satisfies CopyTask);
}

/** Reads a copy. @throws KithError as {@link import('../library/inspect.ts').inspectCopy} does */
export function inspectInThread(library: string, path: string): Promise<RecordSummary> {
  return inThread(WORKER, { kind: 'inspect', library, path } satisfies CopyTask);
}

/** Makes a copy ready. @throws KithError as {@link import('../library/restore.ts').prepareRestore} does */
export function prepareInThread(library: string, path: string): Promise<Prepared> {
  return inThread(WORKER, { kind: 'prepare', library, path } satisfies CopyTask);
}

export function listInThread(library: string): Promise<KeptCopy[]> {
  return inThread(WORKER, { kind: 'list', library } satisfies CopyTask);
}

/** What is wrong with a library. */
export function examineInThread(library: string): Promise<Finding[]> {
  return inThread(WORKER, { kind: 'examine', library } satisfies CopyTask);
}
