/**
 * Who is who. A label says what a face is; `by_whom` says who gave it: the user to this face (`hand`), the user to the
 * face's group (`group`), or Kith (`sure`). While `journal_open` names an entry, triggers keep each changed row, before and
 * after. So every change of these tables can be undone. `suggestions` are derived, and can be made again at any time.
 */
export const PEOPLE = `
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
  CREATE TRIGGER journal_people_update AFTER UPDATE OF name, name_key, birth, hidden, cover_face_id ON people WHEN old.id IS NOT new.id OR old.name IS NOT new.name OR old.name_key IS NOT new.name_key OR old.birth IS NOT new.birth OR old.hidden IS NOT new.hidden OR old.cover_face_id IS NOT new.cover_face_id BEGIN
         INSERT INTO journal_changes (entry_id, tbl, before, after)
       SELECT entry_id, 'people', json_object('id', old.id, 'name', old.name, 'name_key', old.name_key, 'birth', old.birth, 'hidden', old.hidden, 'cover_face_id', old.cover_face_id), json_object('id', new.id, 'name', new.name, 'name_key', new.name_key, 'birth', new.birth, 'hidden', new.hidden, 'cover_face_id', new.cover_face_id) FROM journal_open; END;
CREATE TRIGGER journal_people_insert AFTER INSERT ON people BEGIN INSERT INTO journal_changes (entry_id, tbl, before, after)
       SELECT entry_id, 'people', NULL, json_object('id', new.id, 'name', new.name, 'name_key', new.name_key, 'birth', new.birth, 'hidden', new.hidden, 'cover_face_id', new.cover_face_id) FROM journal_open; END;
CREATE TRIGGER journal_people_delete AFTER DELETE ON people BEGIN INSERT INTO journal_changes (entry_id, tbl, before, after)
       SELECT entry_id, 'people', json_object('id', old.id, 'name', old.name, 'name_key', old.name_key, 'birth', old.birth, 'hidden', old.hidden, 'cover_face_id', old.cover_face_id), NULL FROM journal_open; END;
CREATE TRIGGER journal_labels_update AFTER UPDATE OF face_id, verdict, person_id, by_whom, probability, entry_id ON labels WHEN old.face_id IS NOT new.face_id OR old.verdict IS NOT new.verdict OR old.person_id IS NOT new.person_id OR old.by_whom IS NOT new.by_whom OR old.probability IS NOT new.probability OR old.entry_id IS NOT new.entry_id BEGIN
         INSERT INTO journal_changes (entry_id, tbl, before, after)
       SELECT entry_id, 'labels', json_object('face_id', old.face_id, 'verdict', old.verdict, 'person_id', old.person_id, 'by_whom', old.by_whom, 'probability', old.probability, 'entry_id', old.entry_id), json_object('face_id', new.face_id, 'verdict', new.verdict, 'person_id', new.person_id, 'by_whom', new.by_whom, 'probability', new.probability, 'entry_id', new.entry_id) FROM journal_open; END;
CREATE TRIGGER journal_labels_insert AFTER INSERT ON labels BEGIN INSERT INTO journal_changes (entry_id, tbl, before, after)
       SELECT entry_id, 'labels', NULL, json_object('face_id', new.face_id, 'verdict', new.verdict, 'person_id', new.person_id, 'by_whom', new.by_whom, 'probability', new.probability, 'entry_id', new.entry_id) FROM journal_open; END;
CREATE TRIGGER journal_labels_delete AFTER DELETE ON labels BEGIN INSERT INTO journal_changes (entry_id, tbl, before, after)
       SELECT entry_id, 'labels', json_object('face_id', old.face_id, 'verdict', old.verdict, 'person_id', old.person_id, 'by_whom', old.by_whom, 'probability', old.probability, 'entry_id', old.entry_id), NULL FROM journal_open; END;
CREATE TRIGGER journal_refusals_update AFTER UPDATE OF face_id, person_id ON refusals WHEN old.face_id IS NOT new.face_id OR old.person_id IS NOT new.person_id BEGIN
         INSERT INTO journal_changes (entry_id, tbl, before, after)
       SELECT entry_id, 'refusals', json_object('face_id', old.face_id, 'person_id', old.person_id), json_object('face_id', new.face_id, 'person_id', new.person_id) FROM journal_open; END;
CREATE TRIGGER journal_refusals_insert AFTER INSERT ON refusals BEGIN INSERT INTO journal_changes (entry_id, tbl, before, after)
       SELECT entry_id, 'refusals', NULL, json_object('face_id', new.face_id, 'person_id', new.person_id) FROM journal_open; END;
CREATE TRIGGER journal_refusals_delete AFTER DELETE ON refusals BEGIN INSERT INTO journal_changes (entry_id, tbl, before, after)
       SELECT entry_id, 'refusals', json_object('face_id', old.face_id, 'person_id', old.person_id), NULL FROM journal_open; END;
CREATE TRIGGER journal_groups_update AFTER UPDATE OF hidden ON groups WHEN old.id IS NOT new.id OR old.hidden IS NOT new.hidden BEGIN
         INSERT INTO journal_changes (entry_id, tbl, before, after)
       SELECT entry_id, 'groups', json_object('id', old.id, 'hidden', old.hidden), json_object('id', new.id, 'hidden', new.hidden) FROM journal_open; END;
CREATE TRIGGER journal_groups_insert AFTER INSERT ON groups BEGIN INSERT INTO journal_changes (entry_id, tbl, before, after)
       SELECT entry_id, 'groups', NULL, json_object('id', new.id, 'hidden', new.hidden) FROM journal_open; END;
CREATE TRIGGER journal_groups_delete AFTER DELETE ON groups BEGIN INSERT INTO journal_changes (entry_id, tbl, before, after)
       SELECT entry_id, 'groups', json_object('id', old.id, 'hidden', old.hidden), NULL FROM journal_open; END;
CREATE TRIGGER journal_faces_update AFTER UPDATE OF group_id, withdrawn ON faces WHEN old.id IS NOT new.id OR old.group_id IS NOT new.group_id OR old.withdrawn IS NOT new.withdrawn BEGIN
         INSERT INTO journal_changes (entry_id, tbl, before, after)
       SELECT entry_id, 'faces', json_object('id', old.id, 'group_id', old.group_id, 'withdrawn', old.withdrawn), json_object('id', new.id, 'group_id', new.group_id, 'withdrawn', new.withdrawn) FROM journal_open; END;
CREATE TRIGGER journal_photos_update AFTER UPDATE OF several ON photos WHEN old.id IS NOT new.id OR old.several IS NOT new.several BEGIN
         INSERT INTO journal_changes (entry_id, tbl, before, after)
       SELECT entry_id, 'photos', json_object('id', old.id, 'several', old.several), json_object('id', new.id, 'several', new.several) FROM journal_open; END;
  `;
