import { KithError } from '../contract/errors.ts';
import { log } from '../log/log.ts';
import type { Database } from './database.ts';
import { MIGRATIONS } from './migrations.ts';

/** "Kith" in ASCII. It is in the header of every library, so that Kith takes no other program's database for one. */
export const APPLICATION_ID = 0x4b697468;

/**
 * Brings a library to the newest schema: all missing steps in one transaction.
 *
 * @param keepCopy called before a library of an older schema is changed; nothing is changed if it throws
 * @throws KithError library-not-a-library for another program's database, library-from-newer-version
 */
export function migrate(
  database: Database,
  keepCopy: (file: string) => void,
  steps: readonly string[] = MIGRATIONS,
): void {
  const newest = steps.length;
  if (stateOf(database, newest) === newest) return;
  const from = stateOf(database, newest);
  if (from > 0) keepCopy(database.file);
  const began = performance.now();
  database.write(() => {
    // The version is read again: another process may have migrated the library first.
    for (let version = stateOf(database, newest); version < newest; version++) {
      database.sqlite.exec(steps[version]!);
    }
    database.sqlite.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${newest}`);
  });
  log.note('library.migrated', { from, to: newest, seconds: (performance.now() - began) / 1000 });
}

/** The schema's version, 0 for a new file. */
function stateOf(database: Database, newest: number): number {
  return database.read(() => {
    const application = pragma(database, 'application_id');
    const version = pragma(database, 'user_version');
    if (application === 0 && version === 0 && isBare(database)) return 0;
    if (application !== APPLICATION_ID) {
      throw new KithError('library-not-a-library', `${database.file}: a database of another program`);
    }
    if (version > newest) {
      throw new KithError(
        'library-from-newer-version',
        `${database.file}: expected version ${newest} or older but found ${version}`,
      );
    }
    return version;
  });
}

function pragma(database: Database, name: string): number {
  return Number(database.sqlite.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function isBare(database: Database): boolean {
  return database.sqlite.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
}
