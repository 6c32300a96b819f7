/**
 * A photo is a content; a file is a place that holds it. So moved, renamed and duplicate files share one photo and its
 * faces. A photo stays when its last file is gone, since the file may come back. Boxes are fractions of the upright photo.
 * `analyses` has a row where every face that the detector found on the photo has a vector of the encoder, made from the
 * photo itself. Crops are a table of their own, so that giving a face a group rewrites some bytes and not a picture.
 */
export const PHOTOS = `
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
  `;
