import type { Database } from './database.ts';
import { getSetting, putSetting } from './settings.ts';

/** What is kept of the journal: the entries of the last year, and no more than this many. Chosen by hand. */
const KEPT_DAYS = 365;
const KEPT_ENTRIES = 100_000;

/** Rows that one step deletes. Chosen by hand: it takes some milliseconds. */
const ROWS_AT_ONCE = 2_000;

/**
 * Condition on entries that are not folded. Folded entries are deleted step by step, and count as gone from the
 * start.
 */
export const IS_KEPT = `position > coalesce(
  (SELECT CAST(value AS INTEGER) FROM settings WHERE key = 'journal-folded'), -1)`;

/** When the newest folded entry was made, UTC; null: none is folded. */
export function endOf(database: Database): string | null {
  return getSetting(database, 'journal-ends');
}

/**
 * Folds entries that are older than a year, and those beyond the last 100,000: the record stays as it is, and they can't be
 * undone any more. The oldest changes are always folded first, so that no entry that is kept is older than a folded one.
 *
 * The year is counted back from the last entry, and not from today, so that a clock that is wrong for a day deletes no
 * history.
 */
export function chooseFolded(database: Database, kept = { days: KEPT_DAYS, entries: KEPT_ENTRIES }): void {
  const { sqlite } = database;
  database.write(() => {
    const newest = sqlite.prepare('SELECT at FROM journal ORDER BY position DESC LIMIT 1').get()?.at;
    if (newest === undefined) return;
    const until = Math.min(Date.now(), Date.parse(newest as string)) - kept.days * 86_400_000;
    const young = sqlite
      .prepare('SELECT min(position) AS position FROM journal WHERE at >= ?')
      .get(new Date(until).toISOString())!.position as number | null;
    const many = sqlite
      .prepare('SELECT position FROM journal ORDER BY position DESC LIMIT 1 OFFSET ?')
      .get(kept.entries)?.position as number | undefined;
    const last = Math.max(young === null ? -1 : young - 1, many ?? -1);
    const ends = sqlite
      .prepare(`SELECT max(at) AS at FROM journal WHERE position <= ? AND ${IS_KEPT}`)
      .get(last)!.at as string | null;
    if (ends === null) return;
    putSetting(database, 'journal-folded', String(last));
    putSetting(database, 'journal-ends', ends);
  });
}

/** Deletes some of the folded entries. @returns whether there are more */
export function foldSome(database: Database, rows = ROWS_AT_ONCE): boolean {
  const { sqlite } = database;
  return database.write(() => {
    const gone = sqlite
      .prepare(
        `DELETE FROM journal_changes WHERE seq IN (
           SELECT seq FROM journal_changes WHERE entry_id IN (SELECT id FROM journal WHERE NOT (${IS_KEPT})) LIMIT ?)`,
      )
      .run(rows).changes;
    if (Number(gone) === rows) return true;
    return Number(sqlite.prepare(`DELETE FROM journal WHERE NOT (${IS_KEPT})`).run().changes) > 0;
  });
}
