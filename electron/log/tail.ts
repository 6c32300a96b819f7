import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { logFiles } from './file.ts';

/** As much of a file's end as is looked at, in bytes: 200 lines of the longest that there are. */
const END = 400_000;

/** The last lines of the log, the oldest first. Where it can't be read, those that can. */
export function lastLines(count: number): string[] {
  let lines: string[] = [];
  for (const file of logFiles().toReversed()) {
    if (lines.length >= count) break;
    lines = [...endOf(file), ...lines];
  }
  return lines.slice(-count);
}

function endOf(file: string): string[] {
  try {
    const size = statSync(file).size;
    const descriptor = openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(Math.min(size, END));
      const read = readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
      const text = bytes.toString('utf8', 0, read);
      // The first is half a line where it is not the file's.
      const whole = size > END ? text.slice(text.indexOf('\n') + 1) : text;
      return whole.split('\n').filter((line) => line !== '');
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // There are not yet so many files, or this one was put aside just now.
    return [];
  }
}
