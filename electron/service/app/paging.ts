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
  const from = cursor === null ? 0 : Number(cursor);
  if (!Number.isInteger(from) || from < 0) {
    throw new KithError('bad-request', `Expected a cursor that a list gave but received ${cursor}`);
  }
  const { items, total } = read(from);
  const end = from + items.length;
  return { items, next: items.length === limit && end < total ? String(end) : null, total };
}
