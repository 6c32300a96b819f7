import { KithError } from '../../contract/errors.ts';

interface Listed<T> {
  items: T[];
  next: string | null;
  total: number;
}

/** One page of a list; the cursor is how many came before. @throws KithError bad-request for a cursor of no list */
export function pageOf<T>(
  cursor: string | null,
  limit: number,
  read: (from: number) => { items: T[]; total: number },
): Listed<T> {
  // As many digits as a safe integer always holds: beyond that SQLite takes the number for no integer.
  if (cursor !== null && !/^\d{1,15}$/.test(cursor)) {
    throw new KithError('bad-request', `Expected a cursor that a list gave but received ${cursor}`);
  }
  const from = Number(cursor ?? 0);
  const { items, total } = read(from);
  const end = from + items.length;
  return { items, next: items.length === limit && end < total ? String(end) : null, total };
}
