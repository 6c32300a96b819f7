/**
 * What ExifTool says in JSON, read without trust: other programs write single values where lists belong, numbers as names,
 * and fields in either case.
 */

/** A list: a single value is a list of one, and nothing is an empty one. */
export function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** A field of a structure, whatever the case of its name. */
export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const wanted = name.toLowerCase();
  return Object.entries(value).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/** A line of text, trimmed; empty where there is none. ExifTool gives a name such as `2023` as a number. */
export function textOf(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return value.trim();
  // A text in several languages is a structure, with the default one first.
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return textOf(fieldOf(value, 'x-default') ?? Object.values(value)[0]);
  }
  return '';
}

/** A number; NaN where there is none. */
export function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}
