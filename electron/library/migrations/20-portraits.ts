/** Faces' pictures that were drawn around their crops: by the scan, or when they are first shown. */
export const PORTRAITS = `
  CREATE TABLE portraits (
    face_id INTEGER PRIMARY KEY REFERENCES faces ON DELETE CASCADE,
    edition TEXT NOT NULL,
    jpeg BLOB NOT NULL
  ) STRICT;
  `;
