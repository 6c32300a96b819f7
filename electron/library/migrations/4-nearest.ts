/**
 * The k-NN graph of faces. It takes minutes to make, and follows from the vectors alone: see nearest-lists.ts.
 */
export const NEAREST = `
  CREATE TABLE nearest (
    encoder TEXT PRIMARY KEY,
    faces BLOB NOT NULL,
    marks BLOB NOT NULL,
    rows BLOB NOT NULL,
    dots BLOB NOT NULL
  ) STRICT;
  `;
