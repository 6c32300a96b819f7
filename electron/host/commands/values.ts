import { InvalidArgumentError, Option } from 'commander';

// What the values of options are read as. Each throws InvalidArgumentError, which says what was expected.

/** Names with commas between. */
export function names(text: string): string[] {
  const list = text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  if (list.length > 0) return list;
  throw new InvalidArgumentError('Expected names with commas between.');
}

/** An option with a value, which `read` reads. */
export function takes(flags: string, text: string, read: (value: string) => unknown): Option {
  return new Option(flags, text).argParser(read);
}

/** Reads a number. */
export function between(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a number from ${least} to ${most}.`);
  };
}

/** Reads a whole number. */
export function whole(least: number, most: number) {
  return (text: string): number => {
    const value = between(least, most)(text);
    if (Number.isInteger(value)) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
}
