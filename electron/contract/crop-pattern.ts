// How exported crops are called. The page previews it, so there is no zod here: see figures.ts.

/** What a pattern for names of files may hold between braces. */
export const PATTERN_FIELDS = ['person', 'date', 'photo', 'number'] as const;
export type PatternField = (typeof PATTERN_FIELDS)[number];

/** How files are called where nobody says anything else. */
export const USUAL_PATTERN = '{person} - {photo}-{number}';

/** Longest pattern, in UTF-16 units. Names that are too long for file systems are shortened later. Chosen by hand. */
export const LONGEST_PATTERN = 120;

/** Whether this is a pattern: what stands between braces is one of the fields. */
export function isPattern(pattern: string): boolean {
  const rest = pattern.replace(/\{(?:person|date|photo|number)\}/g, '');
  return pattern.trim() !== '' && pattern.trim().length <= LONGEST_PATTERN && !/[{}]/.test(rest);
}

/**
 * The name that a pattern gives, before what no file system takes is replaced.
 *
 * @example fillPattern('{person} {date}', { person: 'Anna', date: '2026-05-01', … }) // 'Anna 2026-05-01'
 */
export function fillPattern(pattern: string, values: Readonly<Record<PatternField, string>>): string {
  return pattern.replace(/\{(person|date|photo|number)\}/g, (_, field: PatternField) => values[field]);
}
