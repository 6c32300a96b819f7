/**
 * People whom the user put on a photo where no face of theirs can be seen. Journalled. Such a row stays, and says nothing, as
 * long as a face of the photo is that person's: see [Note: A person twice on one photo] in presences.ts.
 */
export const PRESENCES = `
  CREATE TABLE presences (
    photo_id INTEGER NOT NULL REFERENCES photos ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,
    PRIMARY KEY (photo_id, person_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX presences_by_person ON presences (person_id, photo_id);

  CREATE TRIGGER journal_presences_update AFTER UPDATE OF photo_id, person_id ON presences
  WHEN old.photo_id IS NOT new.photo_id OR old.person_id IS NOT new.person_id BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after)
    SELECT entry_id, 'presences', new.photo_id || ' ' || new.person_id,
      json_object('photo_id', old.photo_id, 'person_id', old.person_id),
      json_object('photo_id', new.photo_id, 'person_id', new.person_id)
    FROM journal_open;
  END;
  CREATE TRIGGER journal_presences_insert AFTER INSERT ON presences BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after)
    SELECT entry_id, 'presences', new.photo_id || ' ' || new.person_id,
      NULL, json_object('photo_id', new.photo_id, 'person_id', new.person_id)
    FROM journal_open;
  END;
  CREATE TRIGGER journal_presences_delete AFTER DELETE ON presences BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after)
    SELECT entry_id, 'presences', old.photo_id || ' ' || old.person_id,
      json_object('photo_id', old.photo_id, 'person_id', old.person_id), NULL
    FROM journal_open;
  END;
  `;
