/** A small picture of each photo. A photo never changes, so it is made once: by the scan, or when it is first shown. */
export const THUMBNAILS = `
  CREATE TABLE thumbnails (
    photo_id INTEGER PRIMARY KEY REFERENCES photos ON DELETE CASCADE,
    jpeg BLOB NOT NULL
  ) STRICT;
  `;
