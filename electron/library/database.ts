import { DatabaseSync, type PrepareOptions, type StatementSync } from 'node:sqlite';
import { KithError } from '../contract/errors.ts';

/**
 * One SQLite file. All statements run inside {@link Database.read} or {@link Database.write}, which turn
 * SQLite's numbers into errors that name the file.
 */
export class Database {
  readonly file: string;
  readonly sqlite: Sqlite;

  /** @param patience milliseconds that a statement waits for another process that is writing; 5 s are chosen by hand */
  constructor(file: string, patience = 5_000) {
    this.file = file;
    this.sqlite = this.read(() => new Sqlite(file, { timeout: patience }));
  }

  /** Runs statements that change nothing. */
  read<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw explain(error, this.file);
    }
  }

  /** Runs statements that change nothing and see one state of the record, while other processes may write. */
  snapshot<T>(work: () => T): T {
    if (this.sqlite.isTransaction) return this.read(work);
    return this.read(() => {
      this.sqlite.exec('BEGIN');
      try {
        return work();
      } finally {
        this.sqlite.exec('COMMIT');
      }
    });
  }

  /**
   * Runs statements as one transaction: all of them are in the record afterwards, or none. A `write` inside
   * a `write` is part of the outer one.
   */
  write<T>(work: () => T): T {
    if (this.sqlite.isTransaction) return work();
    return this.read(() => {
      // Immediate: a transaction that began by reading may be refused the lock when it writes, without waiting.
      this.sqlite.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        this.sqlite.exec('COMMIT');
        return result;
      } catch (error) {
        // A full disk has already rolled it back.
        if (this.sqlite.isTransaction) this.sqlite.exec('ROLLBACK');
        throw error;
      }
    });
  }

  close(): void {
    if (this.sqlite.isOpen) this.sqlite.close();
  }
}

/** Statements that are kept compiled: all that Kith has, and some that a search makes. Source: bound; speed only. */
const KEPT_STATEMENTS = 500;

/** A database that compiles each statement once: else that takes 3 to 5 of the 100 ms of a name in a library of 100,000 faces. */
class Sqlite extends DatabaseSync {
  /** By their text. */
  readonly #known = new Map<string, Shared>();

  /** A statement that others may have too. It gives all that it finds at once: `run`, `get` or `all`. */
  override prepare(sql: string): Shared {
    const known = this.#known.get(sql);
    if (known) return known;
    const statement = Object.assign(super.prepare(sql), ONLY_ALONE);
    if (this.#known.size === KEPT_STATEMENTS) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(sql, statement);
    return statement;
  }

  /** A statement that its caller alone has: to be read row by row, or set to give rows in another form. */
  prepareAlone(sql: string, options?: PrepareOptions): StatementSync {
    return super.prepare(sql, options);
  }
}

/** What would change a statement under the hands of its other users. */
const ALONE = ['iterate', 'setReturnArrays', 'setReadBigInts', 'setAllowBareNamedParameters'] as const;

/** A statement that several may have. */
type Shared = StatementSync & Record<(typeof ALONE)[number], never>;

const ONLY_ALONE = Object.fromEntries(
  ALONE.map((name) => [
    name,
    () => {
      throw new Error(`Expected a statement of prepareAlone for ${name}`);
    },
  ]),
) as Record<(typeof ALONE)[number], never>;

/** SQLite's primary result codes (sqlite.org/rescode.html) that the user can do something about. */
const CODES = new Map<number, ConstructorParameters<typeof KithError>[0]>([
  [3, 'library-unwritable'], // SQLITE_PERM
  [5, 'library-busy'], // SQLITE_BUSY
  [6, 'library-busy'], // SQLITE_LOCKED
  [8, 'library-unwritable'], // SQLITE_READONLY
  [10, 'library-unwritable'], // SQLITE_IOERR
  [11, 'library-not-a-library'], // SQLITE_CORRUPT
  [13, 'disk-full'], // SQLITE_FULL
  [14, 'library-unwritable'], // SQLITE_CANTOPEN
  [26, 'library-not-a-library'], // SQLITE_NOTADB
]);

/** No room for the index of the write-ahead log: SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_SHMOPEN. */
const NO_ROOM = new Set([4874, 4618]);

/** SQLite's error as one that names the library file; anything else comes back as it is. */
function explain(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return error;
  const code = NO_ROOM.has(error.errcode) ? 'disk-full' : CODES.get(error.errcode & 0xff);
  return code ? new KithError(code, `${file}: ${error.message}`, { cause: error }) : error;
}
