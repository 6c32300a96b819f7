import { join } from 'node:path';
import envPaths from 'env-paths';

/** The library where the user names no file: `KITH_LIBRARY`, else `library.kith` in the user's data folder. */
export function defaultLibraryFile(): string {
  return process.env.KITH_LIBRARY || join(envPaths('kith', { suffix: '' }).data, 'library.kith');
}
