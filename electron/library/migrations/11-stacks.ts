/**
 * Which faces are on versions of one photo: copies, edits, exports, frames of a burst. All faces of a stack have the same
 * number: the id of its oldest face. Stacks follow from faces and photos alone, so they can be made again at any time, and
 * are not journalled. `photo_hashes` holds the dHash of each photo's thumbnail, null where it can't be decoded.
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
