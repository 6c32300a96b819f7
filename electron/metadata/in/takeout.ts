import { z } from 'zod';
import { nameOf } from './found.ts';

/**
 * Google Takeout puts a JSON beside each photo: `photo.jpg.json`, since 2024 `photo.jpg.supplemental-metadata.json`. The
 * name without `.json` is cut off after so many characters. Source: the exports of 2024 and 2025.
 */
const LONGEST = 46;

const ENDING = '.supplemental-metadata';

/**
 * The names that Takeout may have given to a photo's JSON, in lower case. A number in the photo's name moves:
 * `photo(1).jpg` → `photo.jpg(1).json`, `photo.jpg.supplemental-metadata(1).json`. An edited photo has its original's.
 */
export function takeoutNames(photo: string): string[] {
  const names = new Set<string>();
  const [, stem = photo, number = '', extension = ''] = /^(.*?)(\(\d+\))?(\.[^.]*)?$/s.exec(photo) ?? [];
  const originals = [stem, stem.replace(/-(?:edited|bearbeitet)$/i, '')];
  const add = (base: string, counter: string) => {
    for (const ending of ['', ENDING]) {
      names.add(`${cut(`${base}${ending}`)}${counter}.json`.toLowerCase());
      // Of the ending, so much as has a place: `.suppl`, or a single dot.
      names.add(`${cut(`${base}${ending}`).replace(/\.$/, '')}${counter}.json`.toLowerCase());
    }
    // Some exports leave out the photo's own extension.
    names.add(`${cut(base.slice(0, base.length - extension.length))}${counter}.json`.toLowerCase());
  };
  for (const original of originals) {
    add(`${original}${extension}`, number);
    if (number !== '') add(`${original}${number}${extension}`, '');
  }
  return [...names];
}

function cut(name: string): string {
  return name.slice(0, LONGEST);
}

const Takeout = z.object({
  people: z.array(z.object({ name: z.string() })),
});

/** The people that Takeout's JSON of a photo names; none where it is another JSON, or damaged. */
export function parseTakeout(text: string): string[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return [];
  }
  const { success, data } = Takeout.safeParse(json);
  if (!success) return [];
  return [...new Set(data.people.flatMap(({ name }) => nameOf(name) ?? []))];
}
