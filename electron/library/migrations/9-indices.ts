/** Indices for lists that read a whole table: a person's refusals, and the files that a dropped photo may be. */
export const INDICES = `
  CREATE INDEX refusals_by_person ON refusals (person_id);
  CREATE INDEX files_by_size ON files (size);
  `;
