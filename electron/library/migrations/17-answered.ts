/**
 * Questions about names in photos' metadata that the user has answered, by what the files say: they are not asked again.
 * Journalled, so that undoing an answer asks again.
 */
export const ANSWERED = `
  CREATE TABLE answered_names (question TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

  CREATE TRIGGER journal_answered_names_update AFTER UPDATE OF question ON answered_names
  WHEN old.question IS NOT new.question BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after)
    SELECT entry_id, 'answered_names', new.question,
      json_object('question', old.question), json_object('question', new.question)
    FROM journal_open;
  END;
  CREATE TRIGGER journal_answered_names_insert AFTER INSERT ON answered_names BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after)
    SELECT entry_id, 'answered_names', new.question, NULL, json_object('question', new.question)
    FROM journal_open;
  END;
  CREATE TRIGGER journal_answered_names_delete AFTER DELETE ON answered_names BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after)
    SELECT entry_id, 'answered_names', old.question, json_object('question', old.question), NULL
    FROM journal_open;
  END;
  `;
