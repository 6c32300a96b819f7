/**
 * Names in photos' metadata: what was last read of each file and of what lies beside it, so that a file that is unchanged is
 * not read again. `stamp` is the sizes and times of the last change of all of these; `found` is null where they name nobody.
 * Derived data, not journalled.
 */
export const NAMES = `
  CREATE TABLE file_names (
    file_id INTEGER PRIMARY KEY REFERENCES files ON DELETE CASCADE,
    stamp TEXT NOT NULL,
    found TEXT
  ) STRICT;
  CREATE INDEX file_names_found ON file_names (file_id) WHERE found IS NOT NULL;
  `;
