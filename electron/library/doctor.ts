import { DatabaseSync } from 'node:sqlite';
import type { Finding, FindingKind } from '../contract/doctor.ts';

/** A fault that a record with whole pages may have: how to count its cases, and how to repair them. */
interface Check {
  kind: FindingKind;
  /** Gives one row with the number of cases. */
  count: string;
  /** Statements that repair all of them; empty where only the user can decide. */
  repair: readonly string[];
  /** Whether the user sees a difference: then the repair can be undone. */
  isSeen?: true;
}

/** Faces with a label that names a person, on photos where a person can only be once. */
const CONFIRMED = `labels JOIN faces ON faces.id = labels.face_id JOIN photos ON photos.id = faces.photo_id
  WHERE labels.verdict = 'person' AND photos.several = 0 AND faces.withdrawn = 0`;

/** Faces that Kith named as a person who has another label on the same photo. */
const TWICE_BY_KITH = `SELECT labels.face_id FROM labels JOIN faces ON faces.id = labels.face_id
  JOIN photos ON photos.id = faces.photo_id
  WHERE labels.by_whom = 'sure' AND photos.several = 0 AND EXISTS (
    SELECT 1 FROM faces AS other JOIN labels AS o ON o.face_id = other.id
    WHERE other.photo_id = faces.photo_id AND other.id <> faces.id AND o.person_id = labels.person_id
      AND (o.by_whom <> 'sure' OR other.id < faces.id))`;

/** What a photo's row of `photo_counts` is to say: people, those without a name, and whether its files are gone. */
const COUNTED = `SELECT count(*), coalesce(sum(labelled = 0), 0),
    NOT EXISTS (SELECT 1 FROM files WHERE files.photo_id = photo_counts.photo_id) FROM faces
  WHERE photo_id = photo_counts.photo_id AND withdrawn = 0
    AND NOT EXISTS (SELECT 1 FROM labels WHERE face_id = faces.id AND verdict = 'not-a-face')`;

/** The checks in the order in which they are repaired: rows that refer to missing rows go first. */
const CHECKS: readonly Check[] = [
  orphans('orphan-files', [
    ['files', gone('folder_id', 'folders'), 'DELETE'],
    [
      'files',
      gone('photo_id', 'photos'),
      // The next scan looks at these files again.
      `UPDATE files SET status = 'pending', photo_id = NULL, reason_code = NULL, reason_detail = NULL`,
    ],
  ]),
  orphans('orphan-faces', [['faces', gone('photo_id', 'photos'), 'DELETE']]),
  orphans('orphan-pictures', [
    ['crops', gone('face_id', 'faces'), 'DELETE'],
    ['portraits', gone('face_id', 'faces'), 'DELETE'],
    ['thumbnails', gone('photo_id', 'photos'), 'DELETE'],
  ]),
  orphans('orphan-vectors', [
    ['embeddings', gone('face_id', 'faces'), 'DELETE'],
    ['analyses', gone('photo_id', 'photos'), 'DELETE'],
  ]),
  orphans('orphan-labels', [
    ...(['labels', 'refusals', 'suggestions'] as const).flatMap((table): [string, string, string][] => [
      [table, gone('face_id', 'faces'), 'DELETE'],
      [table, gone('person_id', 'people'), 'DELETE'],
    ]),
    ['presences', gone('photo_id', 'photos'), 'DELETE'],
    ['presences', gone('person_id', 'people'), 'DELETE'],
  ]),
  orphans('orphan-relations', [
    ['relations', `${gone('person_id', 'people')} OR ${gone('other_id', 'people')}`, 'DELETE'],
  ]),
  orphans('orphan-history', [['journal_changes', gone('entry_id', 'journal'), 'DELETE']]),
  orphans('missing-groups', [['faces', gone('group_id', 'groups'), 'UPDATE faces SET group_id = NULL']]),
  orphans('empty-groups', [
    ['groups', 'id NOT IN (SELECT group_id FROM faces WHERE group_id IS NOT NULL)', 'DELETE'],
  ]),
  orphans('wrong-marks', [
    [
      'faces',
      'labelled <> (id IN (SELECT face_id FROM labels))',
      'UPDATE faces SET labelled = (id IN (SELECT face_id FROM labels))',
    ],
    ['photo_counts', gone('photo_id', 'photos'), 'DELETE'],
    // With wrong counts, which the next check corrects.
    [
      'photos',
      'id NOT IN (SELECT photo_id FROM photo_counts)',
      'INSERT INTO photo_counts (photo_id, people, unnamed, gone) SELECT id, 0, 0, 1 FROM photos',
    ],
    [
      'photo_counts',
      `(people, unnamed, gone) <> (${COUNTED})`,
      `UPDATE photo_counts SET (people, unnamed, gone) = (${COUNTED})`,
    ],
  ]),
  {
    kind: 'twice-by-kith',
    count: `SELECT count(*) AS n FROM (${TWICE_BY_KITH})`,
    repair: [`DELETE FROM labels WHERE face_id IN (${TWICE_BY_KITH})`],
    isSeen: true,
  },
  {
    kind: 'refused-by-kith',
    count: `SELECT count(*) AS n FROM labels WHERE by_whom = 'sure'
      AND (face_id, person_id) IN (SELECT face_id, person_id FROM refusals)`,
    repair: [
      `DELETE FROM labels WHERE by_whom = 'sure'
        AND (face_id, person_id) IN (SELECT face_id, person_id FROM refusals)`,
    ],
    isSeen: true,
  },
  {
    kind: 'refused-and-confirmed',
    count: `SELECT count(*) AS n FROM labels WHERE by_whom <> 'sure'
      AND (face_id, person_id) IN (SELECT face_id, person_id FROM refusals)`,
    // The name stays: the user sees it and can correct it. A refusal beside it is not visible.
    repair: [
      `DELETE FROM refusals WHERE (face_id, person_id) IN
        (SELECT face_id, person_id FROM labels WHERE by_whom <> 'sure' AND person_id IS NOT NULL)`,
    ],
    isSeen: true,
  },
  {
    kind: 'twice-on-photo',
    count: `SELECT count(*) AS n FROM (SELECT 1 FROM ${CONFIRMED} AND labels.by_whom <> 'sure'
      GROUP BY faces.photo_id, labels.person_id HAVING count(*) > 1)`,
    repair: [],
  },
  {
    kind: 'own-ancestors',
    count: `WITH RECURSIVE descents (parent, child) AS (
        SELECT person_id, other_id FROM relations WHERE kind = 'parent'
        UNION ALL SELECT other_id, person_id FROM relations WHERE kind = 'child'),
      lines (parent, child) AS (
        SELECT parent, child FROM descents
        UNION SELECT lines.parent, descents.child FROM lines JOIN descents ON descents.parent = lines.child)
      SELECT count(*) AS n FROM lines WHERE parent = child`,
    repair: [],
  },
  {
    kind: 'missing-vectors',
    count: `SELECT count(*) AS n FROM (${missingVectors('faces.id')})`,
    // The next scan looks at their photos again.
    repair: [
      `DELETE FROM analyses WHERE (photo_id, encoder) IN (${missingVectors('faces.photo_id, analyses.encoder')})`,
    ],
  },
  {
    kind: 'missing-crops',
    count: `SELECT count(*) AS n FROM faces WHERE withdrawn = 0 AND id NOT IN (SELECT face_id FROM crops)`,
    repair: [],
  },
  {
    kind: 'missing-thumbnails',
    count: `SELECT count(*) AS n FROM photos WHERE id IN (SELECT photo_id FROM files)
      AND id NOT IN (SELECT photo_id FROM thumbnails)`,
    repair: [],
  },
];

/**
 * Faces without a vector, on photos that are noted as analysed by that encoder. Drawn and labelled faces are left
 * out.
 */
function missingVectors(columns: string): string {
  return `SELECT ${columns} FROM faces JOIN analyses ON analyses.photo_id = faces.photo_id
    AND analyses.detector = faces.detector
    WHERE faces.drawn = 0 AND faces.withdrawn = 0 AND faces.labelled = 0
      AND NOT EXISTS (SELECT 1 FROM embeddings WHERE face_id = faces.id AND encoder = analyses.encoder)`;
}

/** Condition: a column refers to a row that is not there. NULL refers to none, which SQL would not tell by `NOT IN`. */
function gone(column: string, table: string): string {
  return `${column} IS NOT NULL AND ${column} NOT IN (SELECT id FROM ${table})`;
}

/** A check for rows that must not be, by table and condition, and how each is repaired. */
function orphans(kind: FindingKind, rows: readonly (readonly [string, string, string])[]): Check {
  return {
    kind,
    count: `SELECT ${rows.map(([table, where]) => `(SELECT count(*) FROM ${table} WHERE ${where})`).join(' + ')} AS n`,
    repair: rows.map(([table, where, what]) =>
      what === 'DELETE' ? `DELETE FROM ${table} WHERE ${where}` : `${what} WHERE ${where}`,
    ),
  };
}

/** Examines a library that other processes may have open: see {@link examine}. Changes nothing. */
export function examineFile(library: string): Finding[] {
  const sqlite = new DatabaseSync(library, { readOnly: true, timeout: PATIENCE });
  try {
    sqlite.exec('BEGIN');
    return examine(sqlite);
  } finally {
    sqlite.close();
  }
}

/** Milliseconds that examining waits for another process that is writing. Chosen by hand. */
const PATIENCE = 30_000;

/**
 * Counts everything that is wrong with a library. Reads all of its pages.
 *
 * @returns nothing where it is sound
 */
export function examine(sqlite: DatabaseSync): Finding[] {
  const pages = damagedPages(sqlite);
  // What damaged pages hold can't be counted.
  if (pages > 0) return [{ kind: 'pages', count: pages, repairable: false }];
  return CHECKS.flatMap(({ kind, count, repair }) => {
    const number = Number(sqlite.prepare(count).get()!.n);
    return number === 0 ? [] : [{ kind, count: number, repairable: repair.length > 0 }];
  });
}

function damagedPages(sqlite: DatabaseSync): number {
  try {
    const rows = sqlite.prepare('PRAGMA integrity_check(100)').all();
    return rows.filter((row) => row.integrity_check !== 'ok').length;
  } catch {
    return 1;
  }
}

/**
 * Repairs faults of these kinds that can be repaired. To be called within a transaction.
 *
 * @param seen true: repairs only faults whose repair the user sees, within an entry of the journal; false: only the others
 */
export function repair(sqlite: DatabaseSync, kinds: readonly FindingKind[], seen: boolean): void {
  for (const check of CHECKS) {
    if (!kinds.includes(check.kind) || (check.isSeen === true) !== seen) continue;
    for (const statement of check.repair) sqlite.exec(statement);
  }
}
