/** Longest stem in UTF-8 bytes; leaves room for a number and an extension under the 255 of most file systems. */
const LONGEST = 160;

/** Names that Windows keeps for devices, with or without an extension; it ignores spaces before that. */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]) *(\.|$)/i;

/**
 * A file name that every system accepts, made of any name: letters and digits of all scripts stay, everything
 * else that some file system, shell or archive trips over (quotes, newlines, emoji, separators) becomes `_`.
 */
export function safeName(name: string): string {
  const plain = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N} ._()+-]|\p{Default_Ignorable_Code_Point}/gu, '_')
    .replace(/^[ .-]+|[ .]+$/g, '_');
  // Windows drops spaces and dots at the end, and a cut may come right after one.
  const short = shortened(plain).replace(/[ .]+$/, '');
  if (short === '') return '_';
  return DEVICE.test(short) ? `_${short}` : short;
}

/** As many whole letters as fit. */
function shortened(name: string): string {
  let bytes = 0;
  let end = 0;
  for (const letter of name) {
    bytes += Buffer.byteLength(letter);
    if (bytes > LONGEST) return name.slice(0, end);
    end += letter.length;
  }
  return name;
}

/** Hands out names in one folder tree so that no two are the same, on file systems that ignore case too. */
export class NameBook {
  readonly #taken: Set<string>;
  /** The last round of each name that was asked for more than once: there may be thousands of one name. */
  readonly #rounds = new Map<string, number>();

  /** @param taken relative paths that are somebody else's, with `/` between the parts. */
  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set([...taken].map(fold));
  }

  /**
   * Takes a path that {@link take} once gave for this stem and end in the folder itself.
   * @returns false where it is no such path, or is taken
   */
  keep(path: string, stem: string, end: string): boolean {
    const safe = safeName(stem);
    const isOfThese = path.startsWith(safe) && path.endsWith(end);
    const round = path.slice(safe.length, -end.length || undefined);
    if (!isOfThese || !/^(?:_[1-9]\d*)?$/.test(round) || this.#taken.has(fold(path))) return false;
    this.#taken.add(fold(path));
    return true;
  }

  /** `folder/stem` + `end`, or `folder/stem_2` + `end` and so on where that is taken. */
  take(folder: string, stem: string, end: string): string {
    const start = folder === '' ? '' : `${folder}/`;
    const safe = safeName(stem);
    const asked = fold(`${start}${safe}${end}`);
    for (let round = (this.#rounds.get(asked) ?? 0) + 1; ; round += 1) {
      const path = `${start}${safe}${round === 1 ? '' : `_${round}`}${end}`;
      const folded = fold(path);
      if (this.#taken.has(folded)) continue;
      this.#taken.add(folded);
      this.#rounds.set(asked, round);
      return path;
    }
  }
}

/**
 * Two names with one fold may be one file somewhere: case, the composition of letters, and whatever is invisible do not
 * count. To the upper case and back, as `ß` is `SS` to some file systems, and `ſ` is `S`.
 */
export function fold(path: string): string {
  return path
    .normalize('NFKD')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD');
}
