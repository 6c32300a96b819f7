/**
 * Search. `photos.camera` is the make and model that the file names, empty where it names none, null where nobody has looked
 * yet. `photo_counts` holds how many people are on each photo, how many of them have no name, and whether all its files are
 * gone: triggers keep it, so that no search reads all faces. `faces_photos` tells the photo of a face without reading the
 * face. `albums` are queries that the user saved, as JSON; they are journalled.
 */
export const SEARCH = `
  ALTER TABLE photos ADD COLUMN camera TEXT;
  CREATE INDEX photos_by_camera ON photos (camera, id) WHERE camera IS NOT NULL;

  CREATE TABLE photo_counts (
    photo_id INTEGER PRIMARY KEY REFERENCES photos ON DELETE CASCADE,
    people INTEGER NOT NULL,
    unnamed INTEGER NOT NULL,
    gone INTEGER NOT NULL
  ) STRICT;
  INSERT INTO photo_counts
  SELECT photos.id, count(faces.id), coalesce(sum(faces.labelled = 0), 0),
    NOT EXISTS (SELECT 1 FROM files WHERE photo_id = photos.id)
  FROM photos
  LEFT JOIN faces ON photo_id = photos.id AND withdrawn = 0
    AND NOT EXISTS (SELECT 1 FROM labels WHERE face_id = faces.id AND verdict = 'not-a-face')
  GROUP BY photos.id;
  CREATE INDEX photo_counts_by_people ON photo_counts (people, photo_id);
  CREATE INDEX photo_counts_unnamed ON photo_counts (photo_id) WHERE unnamed > 0;
  CREATE INDEX photo_counts_gone ON photo_counts (photo_id) WHERE gone = 1;
  CREATE INDEX faces_photos ON faces (id, photo_id, withdrawn);

  CREATE TRIGGER count_photos_insert AFTER INSERT ON photos BEGIN
    INSERT OR IGNORE INTO photo_counts VALUES (new.id, 0, 0, 1); END;
  CREATE TRIGGER count_files_insert AFTER INSERT ON files WHEN new.photo_id IS NOT NULL BEGIN
    UPDATE photo_counts SET gone = 0 WHERE photo_id = new.photo_id AND gone = 1; END;
  CREATE TRIGGER count_files_update AFTER UPDATE OF photo_id ON files WHEN old.photo_id IS NOT new.photo_id BEGIN
    UPDATE photo_counts SET gone = NOT EXISTS (SELECT 1 FROM files WHERE photo_id = photo_counts.photo_id)
    WHERE photo_id IN (old.photo_id, new.photo_id); END;
  CREATE TRIGGER count_files_delete AFTER DELETE ON files WHEN old.photo_id IS NOT NULL BEGIN
    UPDATE photo_counts SET gone = NOT EXISTS (SELECT 1 FROM files WHERE photo_id = photo_counts.photo_id)
    WHERE photo_id = old.photo_id; END;
  CREATE TRIGGER count_faces_insert AFTER INSERT ON faces BEGIN
    UPDATE photo_counts SET (people, unnamed) = (SELECT count(*), coalesce(sum(labelled = 0), 0) FROM faces
      WHERE photo_id = new.photo_id AND withdrawn = 0
        AND NOT EXISTS (SELECT 1 FROM labels WHERE face_id = faces.id AND verdict = 'not-a-face'))
    WHERE photo_id = new.photo_id; END;
  CREATE TRIGGER count_faces_delete AFTER DELETE ON faces BEGIN
    UPDATE photo_counts SET (people, unnamed) = (SELECT count(*), coalesce(sum(labelled = 0), 0) FROM faces
      WHERE photo_id = old.photo_id AND withdrawn = 0
        AND NOT EXISTS (SELECT 1 FROM labels WHERE face_id = faces.id AND verdict = 'not-a-face'))
    WHERE photo_id = old.photo_id; END;
  CREATE TRIGGER count_faces_update AFTER UPDATE OF labelled, withdrawn ON faces
  WHEN old.labelled IS NOT new.labelled OR old.withdrawn IS NOT new.withdrawn BEGIN
    UPDATE photo_counts SET (people, unnamed) = (SELECT count(*), coalesce(sum(labelled = 0), 0) FROM faces
      WHERE photo_id = new.photo_id AND withdrawn = 0
        AND NOT EXISTS (SELECT 1 FROM labels WHERE face_id = faces.id AND verdict = 'not-a-face'))
    WHERE photo_id = new.photo_id; END;
  CREATE TRIGGER count_labels_update AFTER UPDATE OF verdict ON labels
  WHEN (old.verdict = 'not-a-face') <> (new.verdict = 'not-a-face') BEGIN
    UPDATE photo_counts SET (people, unnamed) = (SELECT count(*), coalesce(sum(labelled = 0), 0) FROM faces
      WHERE photo_id = (SELECT photo_id FROM faces WHERE id = new.face_id) AND withdrawn = 0
        AND NOT EXISTS (SELECT 1 FROM labels WHERE face_id = faces.id AND verdict = 'not-a-face'))
    WHERE photo_id = (SELECT photo_id FROM faces WHERE id = new.face_id); END;

  CREATE TABLE albums (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    query TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER journal_albums_update AFTER UPDATE OF name, query ON albums
  WHEN old.name IS NOT new.name OR old.query IS NOT new.query BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after) SELECT entry_id, 'albums', new.id,
      json_object('id', old.id, 'name', old.name, 'query', old.query),
      json_object('id', new.id, 'name', new.name, 'query', new.query)
    FROM journal_open;
  END;
  CREATE TRIGGER journal_albums_insert AFTER INSERT ON albums BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after) SELECT entry_id, 'albums', new.id,
      NULL,
      json_object('id', new.id, 'name', new.name, 'query', new.query)
    FROM journal_open;
  END;
  CREATE TRIGGER journal_albums_delete AFTER DELETE ON albums BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after) SELECT entry_id, 'albums', old.id,
      json_object('id', old.id, 'name', old.name, 'query', old.query),
      NULL
    FROM journal_open;
  END;
  `;
