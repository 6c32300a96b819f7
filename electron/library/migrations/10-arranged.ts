/**
 * Groups that the user has arranged: by moving faces, by merging groups, or by undoing what Kith did to them. Grouping
 * takes no face out of these.
 */
export const ARRANGED = `
  CREATE TABLE arranged_groups (
    group_id INTEGER PRIMARY KEY REFERENCES groups ON DELETE CASCADE
  ) STRICT;
  INSERT INTO arranged_groups
  SELECT id FROM groups WHERE id IN (
    SELECT value ->> '$.group_id' FROM journal_changes JOIN journal ON journal.id = entry_id,
      json_each(json_array(json(before), json(after)))
    WHERE tbl = 'faces' AND before ->> '$.group_id' IS NOT after ->> '$.group_id'
      AND (by_whom = 'hand' AND action <> 'regroup' OR state = 'undone'));
  CREATE TRIGGER arranged_groups_by_hand AFTER UPDATE OF group_id ON faces
  WHEN old.group_id IS NOT new.group_id AND EXISTS (
    SELECT 1 FROM journal_open JOIN journal ON journal.id = entry_id
    WHERE by_whom = 'hand' AND action <> 'regroup' OR began > 0)
  BEGIN
    INSERT INTO arranged_groups
    SELECT id FROM groups WHERE id IN (old.group_id, new.group_id)
      AND id NOT IN (SELECT group_id FROM arranged_groups);
  END;
  `;
