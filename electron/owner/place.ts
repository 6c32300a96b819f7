import { mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { KithError } from '../contract/errors.ts';

/**
 * The one name of a library's file, whatever links lead to it: by that its owner is found. Makes the folder that it lies
 * in, or will lie in, for this user alone.
 *
 * @throws KithError library-unwritable
 */
export function placeOf(library: string): string {
  const file = resolve(library);
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    const why = error instanceof Error ? error.message : String(error);
    throw new KithError(code === 'ENOSPC' ? 'disk-full' : 'library-unwritable', `${file}: ${why}`, {
      cause: error,
    });
  }
  try {
    return realpathSync.native(file);
  } catch {
    // It is not there yet.
    return join(realpathSync.native(dirname(file)), basename(file));
  }
}
