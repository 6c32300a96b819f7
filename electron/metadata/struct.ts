/** A structure of XMP as ExifTool's JSON has it; numbers are the text that stands in the file. */
export interface Struct {
  [field: string]: Value;
}
export type Value = string | Struct | Value[];

export function isStruct(value: unknown): value is Struct {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The structures of a list; ExifTool gives a list of one as a list, and an empty one not at all. */
export function structsOf(value: unknown): Struct[] {
  return (Array.isArray(value) ? value : [value]).filter(isStruct);
}

/** The words of a list; ExifTool gives a list of one as a word. */
export function wordsOf(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).filter((word) => !isStruct(word)).map(String);
}

export function textOf(value: Value | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Whether two values are the same, whatever the order of fields; the order of lists counts. */
export function isSameValue(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    isStruct(part) ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}
