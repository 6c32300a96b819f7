import { z } from 'zod';

/**
 * Bounds of what a request may hold. They are there so that the answer to a request that is wrong in every place stays
 * as small as the answer to a right one.
 */

/**
 * Most ids in one list of a request: every face of the largest library that Kith is measured on (`npm run bench --
 * people`), since somebody may select them all.
 */
export const MOST_IDS = 100_000;

/** Longest path of any system that Kith runs on: Windows allows 32,767 UTF-16 units, Linux 4,096 bytes, macOS 1,024. */
const LONGEST_PATH = 32_767;

/** Longest text that is no path: several times what anybody types into one field. Chosen by hand. */
const LONGEST_TEXT = 1000;

/** A list of ids, each once. A list that is too long is refused before its items are looked at. */
export function ids<T extends z.ZodType>(id: T) {
  return z
    .array(id)
    .max(MOST_IDS)
    .overwrite((list) => [...new Set(list)]);
}

/** A path on this machine. No system has a file whose name holds a NUL: functions of the system would end there. */
export const Path = z
  .string()
  .max(LONGEST_PATH)
  .refine((path) => !path.includes('\0'), 'Expected a path but received one with a NUL in it');

/** A line that the record keeps, as a person types it. SQLite's own functions on text end at a NUL. */
export const line = (what: string) =>
  z
    .string()
    .trim()
    .min(1)
    .max(200)
    .refine((text) => !text.includes('\0'), `Expected ${what} but received one with a NUL in it`);

/** A word or a line that somebody typed. */
export const Text = z.string().max(LONGEST_TEXT);
