/**
 * Every entry of the journal can be undone by itself. A row of `journal_changes` names the row of the record that changed
 * (`key`), so that later changes of that row are found by an index. Its number `seq` is never given again, and alone tells
 * the order of changes. The rows of an entry are those of its last transition: of an undone entry, those of the undo.
 * `began` is the number of the last change when the entry was made, `position` that of its last transition. `changed` says
 * how many faces the entry concerns, and `faces` which of them the history shows. In older records no entry was made after
 * another was undone, so `began` is 0 for all of theirs.
 */
export const JOURNAL = `
  DROP TRIGGER journal_people_update;
  DROP TRIGGER journal_people_insert;
  DROP TRIGGER journal_people_delete;
  DROP TRIGGER journal_labels_update;
  DROP TRIGGER journal_labels_insert;
  DROP TRIGGER journal_labels_delete;
  DROP TRIGGER journal_refusals_update;
  DROP TRIGGER journal_refusals_insert;
  DROP TRIGGER journal_refusals_delete;
  DROP TRIGGER journal_groups_update;
  DROP TRIGGER journal_groups_insert;
  DROP TRIGGER journal_groups_delete;
  DROP TRIGGER journal_faces_update;
  DROP TRIGGER journal_photos_update;
  DROP TRIGGER journal_metrics_update;
  DROP TRIGGER journal_metrics_insert;
  DROP TRIGGER journal_metrics_delete;

  CREATE TABLE journal_rows (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    entry_id INTEGER NOT NULL REFERENCES journal ON DELETE CASCADE,
    tbl TEXT NOT NULL,
    key TEXT NOT NULL,
    before TEXT,
    after TEXT
  ) STRICT;
  CREATE TEMP VIEW former_rows AS
  SELECT seq, entry_id, tbl, before, after, state, CASE tbl
    WHEN 'labels' THEN CAST(coalesce(after, before) ->> '$.face_id' AS TEXT)
    WHEN 'refusals' THEN (coalesce(after, before) ->> '$.face_id') || ' ' || (coalesce(after, before) ->> '$.person_id')
    WHEN 'metrics' THEN coalesce(after, before) ->> '$.encoder'
    ELSE CAST(coalesce(after, before) ->> '$.id' AS TEXT) END AS key
  FROM main.journal_changes JOIN main.journal ON journal.id = entry_id;
  INSERT INTO journal_rows (seq, entry_id, tbl, key, before, after)
  SELECT seq, entry_id, tbl, key, before, after FROM former_rows WHERE state = 'done' ORDER BY seq;
  -- Entries that are undone were undone after all others, the newest first.
  INSERT INTO journal_rows (entry_id, tbl, key, before, after)
  SELECT entry_id, tbl, key, after, before FROM former_rows WHERE state = 'undone' ORDER BY entry_id DESC, seq DESC;
  DROP VIEW former_rows;

  ALTER TABLE journal ADD COLUMN began INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE journal ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE journal ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE journal ADD COLUMN faces TEXT NOT NULL DEFAULT '[]';
  DROP TABLE journal_changes;
  ALTER TABLE journal_rows RENAME TO journal_changes;
  CREATE INDEX journal_changes_by_entry ON journal_changes (entry_id, seq);
  CREATE INDEX journal_changes_by_row ON journal_changes (tbl, key, seq);
  UPDATE journal SET
    position = coalesce((SELECT max(seq) FROM journal_changes WHERE entry_id = journal.id), 0),
    changed = (SELECT count(DISTINCT CAST(key AS INTEGER)) FROM journal_changes
      WHERE entry_id = journal.id AND tbl IN ('labels', 'faces', 'refusals')),
    faces = (SELECT json_group_array(face) FROM (
      SELECT CAST(key AS INTEGER) AS face FROM journal_changes
      WHERE entry_id = journal.id AND tbl IN ('labels', 'faces', 'refusals')
      GROUP BY face ORDER BY min(seq) LIMIT 6));
  CREATE INDEX journal_by_position ON journal (state, position);

  CREATE TRIGGER journal_people_update AFTER UPDATE OF name, name_key, birth, hidden, cover_face_id ON people
  WHEN old.name IS NOT new.name OR old.name_key IS NOT new.name_key OR old.birth IS NOT new.birth OR old.hidden IS NOT new.hidden OR old.cover_face_id IS NOT new.cover_face_id BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after) SELECT entry_id, 'people', new.id,
      json_object('id', old.id, 'name', old.name, 'name_key', old.name_key, 'birth', old.birth, 'hidden', old.hidden, 'cover_face_id', old.cover_face_id),
      json_object('id', new.id, 'name', new.name, 'name_key', new.name_key, 'birth', new.birth, 'hidden', new.hidden, 'cover_face_id', new.cover_face_id)
    FROM journal_open;
  END;
  CREATE TRIGGER journal_people_insert AFTER INSERT ON people BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after) SELECT entry_id, 'people', new.id,
      NULL,
      json_object('id', new.id, 'name', new.name, 'name_key', new.name_key, 'birth', new.birth, 'hidden', new.hidden, 'cover_face_id', new.cover_face_id)
    FROM journal_open;
  END;
  CREATE TRIGGER journal_people_delete AFTER DELETE ON people BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after) SELECT entry_id, 'people', old.id,
      json_object('id', old.id, 'name', old.name, 'name_key', old.name_key, 'birth', old.birth, 'hidden', old.hidden, 'cover_face_id', old.cover_face_id),
      NULL
    FROM journal_open;
  END;

  CREATE TRIGGER journal_labels_update AFTER UPDATE OF face_id, verdict, person_id, by_whom, probability, entry_id ON labels
  WHEN old.face_id IS NOT new.face_id OR old.verdict IS NOT new.verdict OR old.person_id IS NOT new.person_id OR old.by_whom IS NOT new.by_whom OR old.probability IS NOT new.probability OR old.entry_id IS NOT new.entry_id BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after) SELECT entry_id, 'labels', new.face_id,
      json_object('face_id', old.face_id, 'verdict', old.verdict, 'person_id', old.person_id, 'by_whom', old.by_whom, 'probability', old.probability, 'entry_id', old.entry_id),
      json_object('face_id', new.face_id, 'verdict', new.verdict, 'person_id', new.person_id, 'by_whom', new.by_whom, 'probability', new.probability, 'entry_id', new.entry_id)
    FROM journal_open;
  END;
  CREATE TRIGGER journal_labels_insert AFTER INSERT ON labels BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after) SELECT entry_id, 'labels', new.face_id,
      NULL,
      json_object('face_id', new.face_id, 'verdict', new.verdict, 'person_id', new.person_id, 'by_whom', new.by_whom, 'probability', new.probability, 'entry_id', new.entry_id)
    FROM journal_open;
  END;
  CREATE TRIGGER journal_labels_delete AFTER DELETE ON labels BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after) SELECT entry_id, 'labels', old.face_id,
      json_object('face_id', old.face_id, 'verdict', old.verdict, 'person_id', old.person_id, 'by_whom', old.by_whom, 'probability', old.probability, 'entry_id', old.entry_id),
      NULL
    FROM journal_open;
  END;

  CREATE TRIGGER journal_refusals_update AFTER UPDATE OF face_id, person_id ON refusals
  WHEN old.face_id IS NOT new.face_id OR old.person_id IS NOT new.person_id BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after) SELECT entry_id, 'refusals', new.face_id || ' ' || new.person_id,
      json_object('face_id', old.face_id, 'person_id', old.person_id),
      json_object('face_id', new.face_id, 'person_id', new.person_id)
    FROM journal_open;
  END;
  CREATE TRIGGER journal_refusals_insert AFTER INSERT ON refusals BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after) SELECT entry_id, 'refusals', new.face_id || ' ' || new.person_id,
      NULL,
      json_object('face_id', new.face_id, 'person_id', new.person_id)
    FROM journal_open;
  END;
  CREATE TRIGGER journal_refusals_delete AFTER DELETE ON refusals BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after) SELECT entry_id, 'refusals', old.face_id || ' ' || old.person_id,
      json_object('face_id', old.face_id, 'person_id', old.person_id),
      NULL
    FROM journal_open;
  END;

  CREATE TRIGGER journal_groups_update AFTER UPDATE OF hidden ON groups
  WHEN old.hidden IS NOT new.hidden BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after) SELECT entry_id, 'groups', new.id,
      json_object('id', old.id, 'hidden', old.hidden),
      json_object('id', new.id, 'hidden', new.hidden)
    FROM journal_open;
  END;
  CREATE TRIGGER journal_groups_insert AFTER INSERT ON groups BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after) SELECT entry_id, 'groups', new.id,
      NULL,
      json_object('id', new.id, 'hidden', new.hidden)
    FROM journal_open;
  END;
  CREATE TRIGGER journal_groups_delete AFTER DELETE ON groups BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after) SELECT entry_id, 'groups', old.id,
      json_object('id', old.id, 'hidden', old.hidden),
      NULL
    FROM journal_open;
  END;

  CREATE TRIGGER journal_faces_update AFTER UPDATE OF group_id, withdrawn ON faces
  WHEN old.group_id IS NOT new.group_id OR old.withdrawn IS NOT new.withdrawn BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after) SELECT entry_id, 'faces', new.id,
      json_object('id', old.id, 'group_id', old.group_id, 'withdrawn', old.withdrawn),
      json_object('id', new.id, 'group_id', new.group_id, 'withdrawn', new.withdrawn)
    FROM journal_open;
  END;

  CREATE TRIGGER journal_photos_update AFTER UPDATE OF several ON photos
  WHEN old.several IS NOT new.several BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after) SELECT entry_id, 'photos', new.id,
      json_object('id', old.id, 'several', old.several),
      json_object('id', new.id, 'several', new.several)
    FROM journal_open;
  END;

  CREATE TRIGGER journal_metrics_update AFTER UPDATE OF encoder, size, rank, a, b, shift, learning ON metrics
  WHEN old.encoder IS NOT new.encoder OR old.size IS NOT new.size OR old.rank IS NOT new.rank OR old.a IS NOT new.a OR old.b IS NOT new.b OR old.shift IS NOT new.shift OR old.learning IS NOT new.learning BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after) SELECT entry_id, 'metrics', new.encoder,
      json_object('encoder', old.encoder, 'size', old.size, 'rank', old.rank, 'a', old.a, 'b', old.b, 'shift', old.shift, 'learning', old.learning),
      json_object('encoder', new.encoder, 'size', new.size, 'rank', new.rank, 'a', new.a, 'b', new.b, 'shift', new.shift, 'learning', new.learning)
    FROM journal_open;
  END;
  CREATE TRIGGER journal_metrics_insert AFTER INSERT ON metrics BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after) SELECT entry_id, 'metrics', new.encoder,
      NULL,
      json_object('encoder', new.encoder, 'size', new.size, 'rank', new.rank, 'a', new.a, 'b', new.b, 'shift', new.shift, 'learning', new.learning)
    FROM journal_open;
  END;
  CREATE TRIGGER journal_metrics_delete AFTER DELETE ON metrics BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after) SELECT entry_id, 'metrics', old.encoder,
      json_object('encoder', old.encoder, 'size', old.size, 'rank', old.rank, 'a', old.a, 'b', old.b, 'shift', old.shift, 'learning', old.learning),
      NULL
    FROM journal_open;
  END;
  `;
