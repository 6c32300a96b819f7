import { join } from 'node:path';
import envPaths from 'env-paths';

/** Where the record is kept when nobody says otherwise: `KITH_LIBRARY`, else `library.kith` in the user's data folder. */
export function defaultLibraryFile(): string {
  return process.env.KITH_LIBRARY || join(envPaths('kith', { suffix: '' }).data, 'library.kith');
}
