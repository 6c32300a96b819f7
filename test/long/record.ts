import { DatabaseSync } from 'node:sqlite';

/** One row of what people decide, as the file has it. */
export type Row = Readonly<Record<string, string | number | null>>;

/** All such rows at one moment, by table and key: `labels:12`. */
export type Rows = ReadonlyMap<string, Row>;

/** A row before and after; null where it was not there. */
export interface Change {
  key: string;
  before: Row | null;
  after: Row | null;
}

/** The columns that a hand can change, of each table, the key first. */
const TABLES = {
  people: ['id', 'name', 'birth', 'hidden', 'cover_face_id'],
  labels: ['face_id', 'verdict', 'person_id', 'by_whom', 'probability'],
  refusals: ['face_id', 'person_id'],
  groups: ['id', 'hidden'],
  faces: ['id', 'group_id', 'withdrawn', 'photo_id'],
  photos: ['id', 'several'],
  metrics: ['encoder', 'a'],
  albums: ['id', 'name', 'query'],
  presences: ['photo_id', 'person_id'],
  relations: ['person_id', 'other_id', 'kind'],
  files: ['id', 'path', 'status', 'photo_id'],
  folders: ['id', 'path'],
  arranged_groups: ['group_id'],
  suggestions: ['face_id', 'person_id', 'probability'],
  journal: ['id', 'state', 'action'],
} as const;
export type Table = keyof typeof TABLES;

/** How many of a table's columns are its key. */
const keysOf = (table: Table): number =>
  table === 'refusals' || table === 'presences' || table === 'relations' ? 2 : 1;

/** Reads a record while Kith has it open: what stands in the file, whatever Kith holds in memory. */
export class RecordReader {
  readonly #sqlite: DatabaseSync;
  readonly #statements;

  constructor(file: string) {
    this.#sqlite = new DatabaseSync(file, { readOnly: true });
    this.#statements = Object.entries(TABLES).map(([table, columns]) => {
      const keys = keysOf(table as Table);
      const statement = this.#sqlite.prepare(`SELECT ${columns.join(', ')} FROM ${table}`);
      return { table, keys, columns, statement };
    });
  }

  rows(): Rows {
    const rows = new Map<string, Row>();
    this.#sqlite.exec('BEGIN');
    for (const { table, keys, columns, statement } of this.#statements) {
      for (const row of statement.iterate() as Iterable<Row>) {
        const key = columns.slice(0, keys).map((name) => row[name]);
        rows.set(`${table}:${key.join(',')}`, row);
      }
    }
    const preferences = this.#sqlite.prepare(`SELECT value FROM settings WHERE key = 'preferences'`).get();
    if (preferences) rows.set('settings:preferences', preferences as Row);
    this.#sqlite.exec('COMMIT');
    return rows;
  }

  /** How far the journal has come: the greatest number of a change. */
  position(): number {
    return Number(
      this.#sqlite.prepare('SELECT coalesce(max(seq), 0) AS seq FROM journal_changes').get()!.seq,
    );
  }

  /** What the journal says was changed since then, by entry, in the order in which it was done. */
  journalSince(position: number): Map<number, Change[]> {
    const noted = this.#sqlite
      .prepare('SELECT entry_id, tbl, before, after FROM journal_changes WHERE seq > ? ORDER BY seq')
      .all(position) as unknown as {
      entry_id: number;
      tbl: Table;
      before: string | null;
      after: string | null;
    }[];
    const byEntry = Map.groupBy(noted, ({ entry_id: entry }) => entry);
    return new Map([...byEntry].map(([entry, rows]) => [entry, rows.map(changeOf)]));
  }

  close(): void {
    this.#sqlite.close();
  }
}

function changeOf({
  tbl,
  before,
  after,
}: {
  tbl: Table;
  before: string | null;
  after: string | null;
}): Change {
  const image = (text: string | null): Row | null => {
    if (text === null) return null;
    const row = JSON.parse(text) as Row;
    return Object.fromEntries(TABLES[tbl].flatMap((name) => (name in row ? [[name, row[name]!]] : [])));
  };
  const row = image(before ?? after)!;
  const keys = TABLES[tbl].slice(0, keysOf(tbl));
  return {
    key: `${tbl}:${keys.map((name) => row[name]).join(',')}`,
    before: image(before),
    after: image(after),
  };
}

/**
 * The rows as they are once these changes were made to them. What the journal does not say of a row stays. A name that Kith
 * gave, and that can't come back since something else was said of the face meanwhile, is only kept for another time.
 */
export function changed(rows: Rows, changes: readonly Change[]): Rows {
  const result = new Map(rows);
  for (const { key, before, after } of changes) {
    const now = result.get(key);
    // A label of the user replaces a name that Kith gave.
    const isOfKith = (after ?? before)!.by_whom === 'sure';
    if (isOfKith && !isSame(before, now ?? null)) continue;
    if (after === null) result.delete(key);
    else result.set(key, { ...now, ...after });
  }
  return result;
}

export function tableOf(key: string): string {
  return key.slice(0, key.indexOf(':'));
}

/** What is another row than before, or none. */
export function changesBetween(before: Rows, after: Rows): Change[] {
  const changes: Change[] = [];
  for (const [key, row] of before) {
    const now = after.get(key) ?? null;
    if (now === null || !isSame(row, now)) changes.push({ key, before: row, after: now });
  }
  for (const [key, row] of after) if (!before.has(key)) changes.push({ key, before: null, after: row });
  return changes;
}

export function isSame(a: Row | null, b: Row | null): boolean {
  if (a === null || b === null) return a === b;
  return Object.keys(a).every((name) => a[name] === b[name]);
}

/** Rows of one table. */
export function rowsOf(rows: Rows, table: Table): Row[] {
  return [...rows].filter(([key]) => tableOf(key) === table).map(([, row]) => row);
}

/** Derived, or merely tells of what was done: everything else of a record is what undo gives back. */
export function isUndoable(key: string): boolean {
  return !['arranged_groups', 'suggestions', 'journal', 'settings', 'files', 'folders'].includes(
    tableOf(key),
  );
}

/** What a hand has said: never touched but by a hand. */
export function isByHand({ key, before, after }: Change): boolean {
  const table = tableOf(key);
  if (table === 'labels') return [before, after].some((row) => row !== null && row.by_whom !== 'sure');
  return ['people', 'refusals', 'photos', 'presences', 'relations'].includes(table);
}
