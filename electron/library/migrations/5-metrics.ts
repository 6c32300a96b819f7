/**
 * Metrics that were learned from confirmed faces: each transforms an encoder's vectors. Storing or removing a metric, also
 * by undo, raises the revision of the faces, since other vectors are compared then.
 */
export const METRICS = `
  CREATE TABLE metrics (
    encoder TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    a TEXT NOT NULL,
    b TEXT NOT NULL,
    shift REAL NOT NULL,
    learning TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER metrics_insert_revision AFTER INSERT ON metrics BEGIN
    INSERT INTO settings (key, value) VALUES ('revision', '1')
    ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT); END;
CREATE TRIGGER metrics_update_revision AFTER UPDATE ON metrics BEGIN
    INSERT INTO settings (key, value) VALUES ('revision', '1')
    ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT); END;
CREATE TRIGGER metrics_delete_revision AFTER DELETE ON metrics BEGIN
    INSERT INTO settings (key, value) VALUES ('revision', '1')
    ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT); END;
  CREATE TRIGGER journal_metrics_update AFTER UPDATE OF encoder, size, rank, a, b, shift, learning ON metrics WHEN old.encoder IS NOT new.encoder OR old.size IS NOT new.size OR old.rank IS NOT new.rank OR old.a IS NOT new.a OR old.b IS NOT new.b OR old.shift IS NOT new.shift OR old.learning IS NOT new.learning BEGIN
         INSERT INTO journal_changes (entry_id, tbl, before, after)
       SELECT entry_id, 'metrics', json_object('encoder', old.encoder, 'size', old.size, 'rank', old.rank, 'a', old.a, 'b', old.b, 'shift', old.shift, 'learning', old.learning), json_object('encoder', new.encoder, 'size', new.size, 'rank', new.rank, 'a', new.a, 'b', new.b, 'shift', new.shift, 'learning', new.learning) FROM journal_open; END;
CREATE TRIGGER journal_metrics_insert AFTER INSERT ON metrics BEGIN INSERT INTO journal_changes (entry_id, tbl, before, after)
       SELECT entry_id, 'metrics', NULL, json_object('encoder', new.encoder, 'size', new.size, 'rank', new.rank, 'a', new.a, 'b', new.b, 'shift', new.shift, 'learning', new.learning) FROM journal_open; END;
CREATE TRIGGER journal_metrics_delete AFTER DELETE ON metrics BEGIN INSERT INTO journal_changes (entry_id, tbl, before, after)
       SELECT entry_id, 'metrics', json_object('encoder', old.encoder, 'size', old.size, 'rank', old.rank, 'a', old.a, 'b', old.b, 'shift', old.shift, 'learning', old.learning), NULL FROM journal_open; END;
  `;
