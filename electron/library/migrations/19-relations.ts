/**
 * Who is whose parent, child, partner or sibling: a row for each two people of whom the user said so, with what the one of
 * the lower id is to the other. So nothing is said twice of two people, and the journal sees each change of what is said of
 * them as a change of one row. Siblings who follow from a parent whom they share are not stored.
 *
 * Matching does not read this table: no probability depends on who is related to whom, though relatives look alike.
 */
export const RELATIONS = `
  CREATE TABLE relations (
    person_id INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,
    other_id INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('parent', 'child', 'partner', 'sibling')),
    PRIMARY KEY (person_id, other_id),
    CHECK (person_id < other_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX relations_by_other ON relations (other_id, person_id);

  CREATE TRIGGER journal_relations_update AFTER UPDATE OF person_id, other_id, kind ON relations
  WHEN old.person_id IS NOT new.person_id OR old.other_id IS NOT new.other_id OR old.kind IS NOT new.kind BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after)
    SELECT entry_id, 'relations', new.person_id || ' ' || new.other_id,
      json_object('person_id', old.person_id, 'other_id', old.other_id, 'kind', old.kind),
      json_object('person_id', new.person_id, 'other_id', new.other_id, 'kind', new.kind)
    FROM journal_open;
  END;
  CREATE TRIGGER journal_relations_insert AFTER INSERT ON relations BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after)
    SELECT entry_id, 'relations', new.person_id || ' ' || new.other_id,
      NULL,
      json_object('person_id', new.person_id, 'other_id', new.other_id, 'kind', new.kind)
    FROM journal_open;
  END;
  CREATE TRIGGER journal_relations_delete AFTER DELETE ON relations BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after)
    SELECT entry_id, 'relations', old.person_id || ' ' || old.other_id,
      json_object('person_id', old.person_id, 'other_id', old.other_id, 'kind', old.kind),
      NULL
    FROM journal_open;
  END;
  `;
