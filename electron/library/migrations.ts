import { journalTriggers } from './journalled.ts';

/**
 * The schema, as the steps that lead to it: step n takes a library from version n - 1 to version n. A step
 * that was ever released is never changed; a new one is added below it.
 *
 * Version 1. A photo is a content; a file is a place that holds it, so that moved, renamed and duplicate
 * files share one photo and its faces. A photo stays when its last file goes, for the file may come back.
 * Boxes are fractions of the upright photo. `analyses` has a row where every face of the photo, as the
 * detector found them, has a vector of the encoder that was made from the photo. Crops lie apart, so that giving a face a group
 * rewrites some bytes and not a picture.
 *
 * Version 2. Who is who. A label is what is known of a face; `by_whom` says who said so: a hand of this face, a hand
 * of the group that it was in, or Kith (`sure`). What people do is journalled by triggers, as images of the rows before
 * and after, while `journal_open` names an entry; so nothing that changes these tables can forget to be undoable.
 * `suggestions` are derived, and made anew at will.
 *
 * Version 3. Lists of a hundred thousand faces within milliseconds: a face knows whether it has a label, kept by triggers, so
 * that one index holds the faces that are nobody's, by group and the best first.
 *
 * Version 4. The nearest faces of each, which take minutes to find and follow from the vectors alone: see
 * nearest-lists.ts.
 *
 * Version 5. What was learned from confirmed faces: a change of an encoder's vectors. Whatever puts a metric down or takes
 * it away, undo too, changes the revision of the faces, for they are seen differently then.
 *
 * Version 6. A small picture of each photo. What a photo is does not change, so it is made once: by the scan, or when it is
 * first shown.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE folders (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE
  ) STRICT;

  CREATE TABLE photos (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
    bytes INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    taken_at TEXT
  ) STRICT;
  CREATE INDEX photos_by_bytes ON photos (bytes);

  CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    folder_id INTEGER NOT NULL REFERENCES folders ON DELETE CASCADE,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'done', 'unreadable')),
    reason_code TEXT,
    reason_detail TEXT,
    photo_id INTEGER REFERENCES photos,
    UNIQUE (folder_id, path),
    CHECK ((status = 'done') = (photo_id IS NOT NULL)),
    CHECK ((status = 'unreadable') = (reason_code IS NOT NULL))
  ) STRICT;
  CREATE INDEX files_by_photo ON files (photo_id);

  CREATE TABLE analyses (
    photo_id INTEGER NOT NULL REFERENCES photos ON DELETE CASCADE,
    encoder TEXT NOT NULL,
    detector TEXT NOT NULL,
    PRIMARY KEY (photo_id, encoder)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE groups (
    id INTEGER PRIMARY KEY
  ) STRICT;

  CREATE TABLE faces (
    id INTEGER PRIMARY KEY,
    photo_id INTEGER NOT NULL REFERENCES photos ON DELETE CASCADE,
    group_id INTEGER REFERENCES groups ON DELETE SET NULL,
    detector TEXT NOT NULL,
    x REAL NOT NULL,
    y REAL NOT NULL,
    width REAL NOT NULL,
    height REAL NOT NULL,
    landmarks TEXT,
    score REAL NOT NULL,
    quality REAL NOT NULL
  ) STRICT;
  CREATE INDEX faces_by_photo ON faces (photo_id);
  CREATE INDEX faces_by_group ON faces (group_id);

  CREATE TABLE crops (
    face_id INTEGER PRIMARY KEY REFERENCES faces ON DELETE CASCADE,
    jpeg BLOB NOT NULL
  ) STRICT;

  CREATE TABLE embeddings (
    face_id INTEGER NOT NULL REFERENCES faces ON DELETE CASCADE,
    encoder TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (face_id, encoder)
  ) STRICT;
  `,
  `
  CREATE TABLE people (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    birth TEXT,
    hidden INTEGER NOT NULL DEFAULT 0,
    cover_face_id INTEGER
  ) STRICT;

  CREATE TABLE labels (
    face_id INTEGER PRIMARY KEY REFERENCES faces ON DELETE CASCADE,
    verdict TEXT NOT NULL CHECK (verdict IN ('person', 'ignored', 'not-a-face')),
    person_id INTEGER REFERENCES people ON DELETE CASCADE,
    by_whom TEXT NOT NULL CHECK (by_whom IN ('hand', 'group', 'sure')),
    probability REAL,
    entry_id INTEGER,
    CHECK ((verdict = 'person') = (person_id IS NOT NULL))
  ) STRICT;
  CREATE INDEX labels_by_person ON labels (person_id, by_whom, face_id);
  CREATE INDEX labels_by_entry ON labels (entry_id);

  CREATE TABLE refusals (
    face_id INTEGER NOT NULL REFERENCES faces ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,
    PRIMARY KEY (face_id, person_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE suggestions (
    face_id INTEGER PRIMARY KEY REFERENCES faces ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,
    probability REAL NOT NULL
  ) STRICT;
  CREATE INDEX suggestions_by_person ON suggestions (person_id, probability DESC);

  ALTER TABLE photos ADD COLUMN several INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE faces ADD COLUMN drawn INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE faces ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE groups ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX photos_by_date ON photos (taken_at, id);

  CREATE TABLE journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL,
    by_whom TEXT NOT NULL CHECK (by_whom IN ('hand', 'kith')),
    state TEXT NOT NULL CHECK (state IN ('done', 'undone'))
  ) STRICT;
  CREATE TABLE journal_changes (
    seq INTEGER PRIMARY KEY,
    entry_id INTEGER NOT NULL REFERENCES journal ON DELETE CASCADE,
    tbl TEXT NOT NULL,
    before TEXT,
    after TEXT
  ) STRICT;
  CREATE INDEX journal_changes_by_entry ON journal_changes (entry_id, seq);
  CREATE TABLE journal_open (entry_id INTEGER NOT NULL) STRICT;
  ${journalTriggers(['people', 'labels', 'refusals', 'groups', 'faces', 'photos'])}
  `,
  `
  ALTER TABLE faces ADD COLUMN labelled INTEGER NOT NULL DEFAULT 0;
  UPDATE faces SET labelled = 1 WHERE id IN (SELECT face_id FROM labels);
  CREATE TRIGGER labels_insert_faces AFTER INSERT ON labels BEGIN
    UPDATE faces SET labelled = 1 WHERE id = new.face_id; END;
  CREATE TRIGGER labels_delete_faces AFTER DELETE ON labels BEGIN
    UPDATE faces SET labelled = 0 WHERE id = old.face_id; END;
  CREATE INDEX faces_open ON faces (group_id, quality DESC, id) WHERE labelled = 0 AND withdrawn = 0;
  CREATE INDEX faces_withdrawn ON faces (id) WHERE withdrawn = 1;
  CREATE INDEX files_unreadable ON files (id) WHERE status = 'unreadable';
  `,
  `
  CREATE TABLE nearest (
    encoder TEXT PRIMARY KEY,
    faces BLOB NOT NULL,
    marks BLOB NOT NULL,
    rows BLOB NOT NULL,
    dots BLOB NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE metrics (
    encoder TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    a TEXT NOT NULL,
    b TEXT NOT NULL,
    shift REAL NOT NULL,
    learning TEXT NOT NULL
  ) STRICT;
  ${['INSERT', 'UPDATE', 'DELETE'].map(revisionTrigger).join('\n')}
  ${journalTriggers(['metrics'])}
  `,
  `
  CREATE TABLE thumbnails (
    photo_id INTEGER PRIMARY KEY REFERENCES photos ON DELETE CASCADE,
    jpeg BLOB NOT NULL
  ) STRICT;
  `,
];

/** Does what `bumpRevision` does. */
function revisionTrigger(event: string): string {
  return `CREATE TRIGGER metrics_${event.toLowerCase()}_revision AFTER ${event} ON metrics BEGIN
    INSERT INTO settings (key, value) VALUES ('revision', '1')
    ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT); END;`;
}
