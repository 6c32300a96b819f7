import { mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { KithError } from '../contract/errors.ts';

/**
 * The one path of a library's file, without links, by which its owner is found. Makes the file's folder where there is
 * none, for this user alone.
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
    // The file does not exist yet.
    return join(realpathSync.native(dirname(file)), basename(file));
  }
}
