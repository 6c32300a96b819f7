/**
 * Which faces are on versions of one photo: copies, edits, exports, frames of a burst. All of a stack have the same
 * number, that of its oldest face. It follows from faces and photos alone, so it is made anew at will and never
 * journalled. `photo_hashes` holds what the thumbnails of photos look like from afar, null where one can't be decoded.
 */
export const STACKS = `
  CREATE TABLE stacks (
    face_id INTEGER PRIMARY KEY REFERENCES faces ON DELETE CASCADE,
    stack INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX stacks_by_number ON stacks (stack, face_id);
  CREATE TABLE photo_hashes (
    photo_id INTEGER PRIMARY KEY REFERENCES photos ON DELETE CASCADE,
    dhash TEXT
  ) STRICT;
  `;
