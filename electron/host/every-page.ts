interface Listed<T> {
  items: T[];
  next: string | null;
}

/** All of a list that comes in pages. */
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
