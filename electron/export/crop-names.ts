import { parse } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { fillPattern } from '../contract/crop-pattern.ts';
import type { GroupId } from '../contract/ids.ts';
import { NameBook } from './names.ts';

/** Files named before others get their turn; that takes some milliseconds. */
const NAMED_AT_ONCE = 500;

/** A number at the end, which a name that is too long does not lose, and that follows the number of a name that is taken. */
const TAIL = /[-_ .]*\{number\}$/;

/** What stands for the date of a photo without one. */
const UNDATED = 'undated';

/** What the name of a face's file is made of. */
interface NamedFace {
  photo: string;
  stem?: string;
  takenAt?: string | null;
  group: GroupId | null;
  person?: { name: string } | null;
  folder?: string;
  title?: string;
}

export interface HowNamed {
  /** All files lie in the folder itself. */
  flat: boolean;
  /** See `FilePattern`. */
  pattern: string;
  /** Extension, with its dot. */
  end: string;
}

/**
 * Names the file of each face after the pattern, in the folder of its person or group. `{number}` counts the faces of one
 * photo in that folder, from 1; where the pattern does not name the photo, all faces of the folder. A name that is taken gets
 * a number of its own, `_2` and so on.
 *
 * @param taken relative paths that are somebody else's, or other files'
 */
export async function nameCrops<Face extends NamedFace>(
  faces: readonly Face[],
  taken: readonly string[],
  { flat, pattern, end }: HowNamed,
): Promise<{ face: Face; file: string }[]> {
  const book = new NameBook(taken);
  const sizes = new Map<GroupId, number>();
  for (const { group } of faces) if (group !== null) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const [tail = ''] = TAIL.exec(pattern) ?? [];
  const head = pattern.slice(0, -tail.length || undefined);
  const namesPhoto = pattern.includes('{photo}');
  const counts = new Map<string, number>();
  const named: { face: Face; file: string }[] = [];
  for (const face of faces) {
    // Counted within a person's folder, so that it does not matter who else is exported.
    const within = namesPhoto ? `${face.folder ?? ''}\0${face.photo}` : (face.folder ?? '');
    const number = (counts.get(within) ?? 0) + 1;
    counts.set(within, number);
    const folder = flat ? '' : (face.folder ?? folderOf(face.group, sizes));
    const values = {
      person: face.person?.name ?? (face.title || folder),
      date: face.takenAt?.slice(0, 10) ?? UNDATED,
      photo: face.stem ?? parse(face.photo).name,
      number: String(number),
    };
    // Without a head the number is all of the name.
    const [stem, rest] =
      head === '' ? [fillPattern(tail, values), ''] : [fillPattern(head, values), fillPattern(tail, values)];
    named.push({ face, file: book.take(folder, stem, `${rest}${end}`) });
    if (named.length % NAMED_AT_ONCE === 0) await turn();
  }
  return named;
}

function folderOf(group: GroupId | null, sizes: ReadonlyMap<GroupId, number>): string {
  if (group === null || sizes.get(group) === 1) return 'alone';
  return `group-${String(group).padStart(3, '0')}`;
}
