import { z } from 'zod';
import { Text } from './bounds.ts';
import { LONGEST_LIST } from './figures.ts';
import { EntryId } from './ids.ts';

// What the requests are put together from.

/** Where a list goes on; what the former page gave as `next`. Null: from the start. */
export const paging = {
  cursor: Text.nullable().default(null),
  limit: z.number().int().min(1).max(LONGEST_LIST).default(200),
};

export function page<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable(), total: z.number().int() });
}

export function request<P extends z.ZodType, R extends z.ZodType>(params: P, result: R) {
  return { params, result };
}

export const nothing = z.object({});

export const done = z.object({ entry: EntryId.nullable() });
