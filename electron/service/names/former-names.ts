import { nameKey } from '../../contract/name-key.ts';
import type { FoundNames } from '../../metadata/in/found.ts';

/** A person's name that the user gave up for another, by a rename or a merge. */
export interface Renaming {
  from: string;
  to: string;
}

/**
 * Gives the present name of whoever had a name before a rename or a merge. A name that somebody has now is that person's.
 *
 * @param renamings the oldest first
 * @param names of all people now
 */
export function presentName(
  renamings: readonly Renaming[],
  names: readonly string[],
): (name: string) => string {
  const present = new Map(names.map((name) => [nameKey(name), name]));
  const next = new Map(renamings.map(({ from, to }) => [nameKey(from), nameKey(to)]));
  return (name) => {
    const seen = new Set<string>();
    for (
      let key: string | undefined = nameKey(name);
      key !== undefined && !seen.has(key);
      key = next.get(key)
    ) {
      const now = present.get(key);
      if (now !== undefined) return seen.size === 0 ? name : now;
      seen.add(key);
    }
    return name;
  };
}

/**
 * Puts people's present names where files have those from before a rename or a merge: a file that still says "Anna" means the
 * person whom the user calls "Annie" since. A name that somebody has now is that person's.
 *
 * @param renamings the oldest first
 * @param names of all people now
 */
export function withPresentNames(
  renamings: readonly Renaming[],
  names: readonly string[],
): (found: FoundNames) => FoundNames {
  const nameOf = presentName(renamings, names);
  const renamed = <T extends { name: string }>(all: readonly T[]) =>
    all.map((one) => ({ ...one, name: nameOf(one.name) }));
  return ({ regions, people, keywords, misplaced }) => ({
    regions: renamed(regions),
    people: renamed(people),
    keywords: keywords.map(nameOf),
    misplaced: renamed(misplaced),
  });
}
