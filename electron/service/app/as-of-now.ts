import { existsSync } from 'node:fs';
import { KithError } from '../../contract/errors.ts';
import { Database } from '../../library/database.ts';
import { type Library, libraryOn } from '../../library/open.ts';

/**
 * Reads one state of the record in pieces, through a database connection of its own, so that other requests may write
 * meanwhile.
 *
 * @throws KithError `library-gone`
 */
export async function asOfNow<T>(libraryFile: string, read: (library: Library) => Promise<T>): Promise<T> {
  // SQLite would create an empty file.
  if (!existsSync(libraryFile)) throw new KithError('library-gone', libraryFile);
  const database = new Database(libraryFile);
  try {
    // Until this transaction ends, SQLite shows the state of its first statement.
    database.read(() => database.sqlite.exec('BEGIN'));
    return await read(libraryOn(database));
  } finally {
    database.close();
  }
}
