import { readFileSync } from 'node:fs';
import { isByHand, type Row, type Rows } from './record.ts';
import type { Request } from './world.ts';

/** What hands have said, as a log can hold it: rows by key. */
export type Said = Record<string, Row>;

/** One line of the log of a script that is killed. */
export type Line =
  /** What it asks next. */
  | { kind: 'asks'; request: Request }
  /** What stood in the record once that was answered, and how far the journal had come. */
  | { kind: 'told'; rows: Said; position: number }
  /** A failure that nobody should ever see. */
  | { kind: 'defect'; detail: string }
  /** Another owner has answered. */
  | { kind: 'goes-on' };

export function byHand(rows: Rows): Said {
  const said = [...rows].filter(
    ([key, row]) => isByHand({ key, before: null, after: row }) && row.several !== 0,
  );
  return Object.fromEntries(said);
}

/** All whole lines; a kill may leave a part of one. */
export function readLog(file: string): Line[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Line);
}
