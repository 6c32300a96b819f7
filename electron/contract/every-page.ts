interface Listed<T> {
  items: T[];
  next: string | null;
}

/** Reads all pages of a list. */
export async function everyPage<T>(read: (cursor: string | null) => Promise<Listed<T>>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  do {
    const { items, next }: Listed<T> = await read(cursor);
    all.push(...items);
    cursor = next;
  } while (cursor !== null);
  return all;
}
