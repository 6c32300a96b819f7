import { mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { unwritable } from '../contract/errors.ts';

/**
 * The one path of a library's file, without links, by which its owner is found. Makes the file's folder where there is
 * none, for this user alone.
 *
 * @throws KithError library-unwritable, disk-full
 */
export function placeOf(library: string): string {
  const file = resolve(library);
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw unwritable(file, error);
  }
  try {
    return realpathSync.native(file);
  } catch {
    // The file does not exist yet.
    return join(realpathSync.native(dirname(file)), basename(file));
  }
}
