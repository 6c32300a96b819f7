/**
 * Names in photos' metadata. `metadata_wanted` says what each file is to hold, and is journalled: undo changes what is wanted,
 * and the files follow. `metadata_written` says what Kith has written, which is all that it may ever take away; `draft` and
 * `intent` are of a write that is going on. A file is named by its folder and its path within, as `files` does, and without
 * a reference to either: what was written stays known while a folder is away. `photo_contents` holds contents that Kith made
 * of a photo by writing names into it: they are the same photo.
 */
export const METADATA = `
  CREATE TABLE metadata_wanted (
    folder_id INTEGER NOT NULL,
    path TEXT NOT NULL,
    wanted TEXT NOT NULL,
    PRIMARY KEY (folder_id, path)
  ) STRICT;

  CREATE TABLE metadata_written (
    folder_id INTEGER NOT NULL,
    path TEXT NOT NULL,
    place TEXT NOT NULL CHECK (place IN ('sidecar', 'file')),
    wanted TEXT,
    target TEXT,
    size INTEGER,
    mtime_ns INTEGER,
    hash TEXT,
    written TEXT,
    made INTEGER NOT NULL DEFAULT 0,
    former BLOB,
    original TEXT,
    draft TEXT,
    intent TEXT,
    PRIMARY KEY (folder_id, path, place)
  ) STRICT;

  CREATE TABLE photo_contents (
    hash TEXT PRIMARY KEY CHECK (length(hash) = 64),
    photo_id INTEGER NOT NULL REFERENCES photos ON DELETE CASCADE,
    bytes INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX photo_contents_by_bytes ON photo_contents (bytes);
  CREATE INDEX photo_contents_by_photo ON photo_contents (photo_id);

  CREATE TRIGGER journal_metadata_wanted_update AFTER UPDATE OF folder_id, path, wanted ON metadata_wanted
  WHEN old.folder_id IS NOT new.folder_id OR old.path IS NOT new.path OR old.wanted IS NOT new.wanted BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after)
    SELECT entry_id, 'metadata_wanted', new.folder_id || ' ' || new.path,
      json_object('folder_id', old.folder_id, 'path', old.path, 'wanted', old.wanted),
      json_object('folder_id', new.folder_id, 'path', new.path, 'wanted', new.wanted)
    FROM journal_open;
  END;
  CREATE TRIGGER journal_metadata_wanted_insert AFTER INSERT ON metadata_wanted BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after)
    SELECT entry_id, 'metadata_wanted', new.folder_id || ' ' || new.path,
      NULL,
      json_object('folder_id', new.folder_id, 'path', new.path, 'wanted', new.wanted)
    FROM journal_open;
  END;
  CREATE TRIGGER journal_metadata_wanted_delete AFTER DELETE ON metadata_wanted BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after)
    SELECT entry_id, 'metadata_wanted', old.folder_id || ' ' || old.path,
      json_object('folder_id', old.folder_id, 'path', old.path, 'wanted', old.wanted),
      NULL
    FROM journal_open;
  END;
  `;
