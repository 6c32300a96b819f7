/**
 * Lists of a hundred thousand faces within milliseconds. Triggers keep in each face whether it has a label, so that one
 * index holds the unlabelled faces, by group and the best first.
 */
export const LISTS = `
  ALTER TABLE faces ADD COLUMN labelled INTEGER NOT NULL DEFAULT 0;
  UPDATE faces SET labelled = 1 WHERE id IN (SELECT face_id FROM labels);
  CREATE TRIGGER labels_insert_faces AFTER INSERT ON labels BEGIN
    UPDATE faces SET labelled = 1 WHERE id = new.face_id; END;
  CREATE TRIGGER labels_delete_faces AFTER DELETE ON labels BEGIN
    UPDATE faces SET labelled = 0 WHERE id = old.face_id; END;
  CREATE INDEX faces_open ON faces (group_id, quality DESC, id) WHERE labelled = 0 AND withdrawn = 0;
  CREATE INDEX faces_withdrawn ON faces (id) WHERE withdrawn = 1;
  CREATE INDEX files_unreadable ON files (id) WHERE status = 'unreadable';
  `;
