import { KithError } from '../../contract/errors.ts';

interface Listed<T> {
  items: T[];
  next: string | null;
  total: number;
}

/** One page of a list; the cursor says how many items came before. @throws KithError bad-request for any other cursor */
export function pageOf<T>(
  cursor: string | null,
  limit: number,
  read: (from: number) => { items: T[]; total: number },
): Listed<T> {
  // Any number of 15 digits is a safe integer. SQLite takes no larger number for an integer.
  if (cursor !== null && !/^\d{1,15}$/.test(cursor)) {
    throw new KithError('bad-request', `Expected a cursor that a list gave but received ${cursor}`);
  }
  const from = Number(cursor ?? 0);
  const { items, total } = read(from);
  const end = from + items.length;
  return { items, next: items.length === limit && end < total ? String(end) : null, total };
}
