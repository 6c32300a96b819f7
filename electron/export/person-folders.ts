import { fold, safeName } from './names.ts';

/** What an export calls its other folders and files. */
const RESERVED = /^(?:alone|group[ -]\p{N}+|manifest\.json)$/iu;

/** How the names of those end who don't have a name for a folder to themselves. */
const NUMBERED = / \(\p{N}+\)$/u;

/**
 * A folder's name for each person, and no two of them the same on any file system.
 *
 * A name that is a good folder's name is that. Any other gets the person's id after it: one that had to be changed, for
 * "A?" and "A!" are both "A_"; one that means something else; one that ends like a name with an id; and one that differs
 * from that of an earlier person only as some file systems don't tell apart. So people who come later change no folder,
 * and the same person has the same one in every export.
 *
 * @param people all of the library, whoever is exported
 */
export function folderNames(people: readonly { id: number; name: string }[]): Map<number, string> {
  const taken = new Set<string>();
  const names = new Map<number, string>();
  for (const { id, name } of people.toSorted((a, b) => a.id - b.id)) {
    const safe = safeName(name);
    const isGood = safe === name.normalize('NFC') && !RESERVED.test(fold(safe)) && !NUMBERED.test(fold(safe));
    if (isGood && !taken.has(fold(safe))) {
      taken.add(fold(safe));
      names.set(id, safe);
    } else names.set(id, `${readable(safe)} (${id})`);
  }
  return names;
}

/** Without what stands for letters that were left out, where something else is left. */
function readable(safe: string): string {
  const letters = safe.replace(/[_ ]*_[_ ]*/g, ' ').trim();
  return /^[\p{L}\p{M}\p{N}]/u.test(letters) ? safeName(letters) : 'person';
}
