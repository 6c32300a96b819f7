/** A name as it is shown: trimmed, with single spaces, in Unicode's composed form. */
export function tidyName(name: string): string {
  return name.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

/** Two names are one where only case, spaces or the form of accents differ: their keys are the same. */
export function nameKey(name: string): string {
  return tidyName(name).toLocaleLowerCase('und').normalize('NFC');
}
