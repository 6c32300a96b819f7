/**
 * Matching holds faces in memory as of one state of the record. These counters tell that state, and triggers raise them:
 * `added` with every new face; `changed` with every change of what was there (a face's group, place or vector, a photo's
 * date, the metric); `verdicts` with every face that is marked as no face, or is so no longer.
 */
export const REVISIONS = `
  CREATE TABLE revisions (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO revisions VALUES ('added', 0), ('changed', 0), ('verdicts', 0);
  CREATE TRIGGER revise_faces_insert AFTER INSERT ON faces BEGIN
    UPDATE revisions SET value = value + 1 WHERE name = 'added'; END;
  CREATE TRIGGER revise_faces_delete AFTER DELETE ON faces BEGIN
    UPDATE revisions SET value = value + 1 WHERE name = 'changed'; END;
  CREATE TRIGGER revise_faces_update AFTER UPDATE OF photo_id, group_id, x, y, width, height, quality, withdrawn ON faces
  WHEN old.photo_id IS NOT new.photo_id OR old.group_id IS NOT new.group_id OR old.x IS NOT new.x OR old.y IS NOT new.y OR old.width IS NOT new.width OR old.height IS NOT new.height OR old.quality IS NOT new.quality OR old.withdrawn IS NOT new.withdrawn BEGIN
    UPDATE revisions SET value = value + 1 WHERE name = 'changed'; END;
  CREATE TRIGGER revise_embeddings_insert AFTER INSERT ON embeddings BEGIN
    UPDATE revisions SET value = value + 1 WHERE name = 'added'; END;
  CREATE TRIGGER revise_embeddings_delete AFTER DELETE ON embeddings BEGIN
    UPDATE revisions SET value = value + 1 WHERE name = 'changed'; END;
  CREATE TRIGGER revise_embeddings_update AFTER UPDATE ON embeddings
  WHEN old.vector IS NOT new.vector BEGIN
    UPDATE revisions SET value = value + 1 WHERE name = 'changed'; END;
  CREATE TRIGGER revise_photos_update AFTER UPDATE OF hash, taken_at, several ON photos
  WHEN old.hash IS NOT new.hash OR old.taken_at IS NOT new.taken_at OR old.several IS NOT new.several BEGIN
    UPDATE revisions SET value = value + 1 WHERE name = 'changed'; END;
  CREATE TRIGGER revise_files_insert AFTER INSERT ON files
  WHEN new.photo_id IS NOT NULL BEGIN
    UPDATE revisions SET value = value + 1 WHERE name = 'added'; END;
  CREATE TRIGGER revise_files_link AFTER UPDATE OF photo_id ON files
  WHEN old.photo_id IS NULL AND new.photo_id IS NOT NULL BEGIN
    UPDATE revisions SET value = value + 1 WHERE name = 'added'; END;
  CREATE TRIGGER revise_files_unlink AFTER UPDATE OF photo_id ON files
  WHEN old.photo_id IS NOT NULL AND old.photo_id IS NOT new.photo_id BEGIN
    UPDATE revisions SET value = value + 1 WHERE name = 'changed'; END;
  CREATE TRIGGER revise_files_delete AFTER DELETE ON files
  WHEN old.photo_id IS NOT NULL BEGIN
    UPDATE revisions SET value = value + 1 WHERE name = 'changed'; END;
  CREATE TRIGGER revise_metrics_insert AFTER INSERT ON metrics BEGIN
    UPDATE revisions SET value = value + 1 WHERE name = 'changed'; END;
  CREATE TRIGGER revise_metrics_update AFTER UPDATE ON metrics BEGIN
    UPDATE revisions SET value = value + 1 WHERE name = 'changed'; END;
  CREATE TRIGGER revise_metrics_delete AFTER DELETE ON metrics BEGIN
    UPDATE revisions SET value = value + 1 WHERE name = 'changed'; END;
  CREATE TRIGGER revise_labels_insert AFTER INSERT ON labels
  WHEN new.verdict = 'not-a-face' BEGIN
    UPDATE revisions SET value = value + 1 WHERE name = 'verdicts'; END;
  CREATE TRIGGER revise_labels_update AFTER UPDATE OF verdict ON labels
  WHEN (old.verdict = 'not-a-face') <> (new.verdict = 'not-a-face') BEGIN
    UPDATE revisions SET value = value + 1 WHERE name = 'verdicts'; END;
  CREATE TRIGGER revise_labels_delete AFTER DELETE ON labels
  WHEN old.verdict = 'not-a-face' BEGIN
    UPDATE revisions SET value = value + 1 WHERE name = 'verdicts'; END;
  `;
