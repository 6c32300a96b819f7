/**
 * Folders whose photos' metadata is kept up to date: where names are written, in which forms (JSON: the name of a preset, or
 * a list), and whether names that Kith gave are written too. A setting, not journalled: its switch is its own way back.
 * Without a reference to the folder, as in `metadata_wanted`: a folder that is taken out comes back under its number.
 */
export const KEPT = `
  CREATE TABLE kept_metadata (
    folder_id INTEGER PRIMARY KEY,
    place TEXT NOT NULL CHECK (place IN ('sidecar', 'file')),
    forms TEXT NOT NULL,
    sure INTEGER NOT NULL CHECK (sure IN (0, 1))
  ) STRICT;
  `;
