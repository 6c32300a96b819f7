/** A small picture of each photo. What a photo is does not change, so it is made once: by the scan, or when first shown. */
export const THUMBNAILS = `
  CREATE TABLE thumbnails (
    photo_id INTEGER PRIMARY KEY REFERENCES photos ON DELETE CASCADE,
    jpeg BLOB NOT NULL
  ) STRICT;
  `;
