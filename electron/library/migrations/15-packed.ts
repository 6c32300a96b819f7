/**
 * The vectors of each encoder as they are compared: aligned, and packed into the directions that they use. They follow from
 * `embeddings`, and are a tenth of it, so that a library is ready sooner. See packed-vectors.ts. `vector_changes` names the
 * faces whose vector has changed, or gone, since: triggers keep it.
 */
export const PACKED = `
  CREATE TABLE packed (
    encoder TEXT PRIMARY KEY,
    alignment TEXT NOT NULL,
    axes BLOB NOT NULL,
    faces BLOB NOT NULL,
    heads BLOB NOT NULL,
    children BLOB NOT NULL,
    vectors BLOB NOT NULL
  ) STRICT;
  CREATE TABLE vector_changes (
    encoder TEXT NOT NULL,
    face_id INTEGER NOT NULL,
    PRIMARY KEY (encoder, face_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER change_vectors_update AFTER UPDATE ON embeddings WHEN old.vector IS NOT new.vector BEGIN
    INSERT OR IGNORE INTO vector_changes VALUES (old.encoder, old.face_id); END;
  CREATE TRIGGER change_vectors_delete AFTER DELETE ON embeddings BEGIN
    INSERT OR IGNORE INTO vector_changes VALUES (old.encoder, old.face_id); END;
  `;
