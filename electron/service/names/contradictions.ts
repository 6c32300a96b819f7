import { createHash } from 'node:crypto';
import type { UnitBox } from '../../contract/geometry.ts';
import type { FaceId, GroupId, PhotoId } from '../../contract/ids.ts';
import { nameKey } from '../../contract/name-key.ts';
import type { LooseName, NamePlace } from '../../contract/names-in.ts';
import type { FaceToName } from '../../library/names-read.ts';

// What a plan leaves to the user, with all that a question needs to be asked and answered.

interface Asked {
  /**
   * Names the question: the same as long as the files say the same, so that what was answered is not asked again. See
   * {@link questionId}.
   */
  id: string;
  photo: PhotoId;
  path: string;
}

/** Names that contradict each other, or the user's labels; see `NameContradiction` of the contract. */
export type Contradiction = Asked &
  (
    | { why: 'two-names'; face: FaceId | null; place: NamePlace; names: string[] }
    | { why: 'twice'; name: string; places: NamePlace[] }
    | {
        why: 'two-people';
        name: string;
        faces: number;
        /** The groups that are on the photo, with the faces that have the name by their files. */
        groups: { group: GroupId; faces: { id: FaceId; photo: PhotoId }[] }[];
      }
    | {
        why: 'said';
        /** The face that the user has spoken of, and where it is. */
        face: FaceId;
        box: UnitBox;
        name: string;
        said: string | null;
        /** Where the file says that the person is: another place where the user has given the name to another face. */
        place: NamePlace;
      }
  );

/** A name without a place, with the faces of its photo that may be meant. */
export interface Unplaced extends LooseName {
  id: string;
  faces: NamePlace[];
}

/** A face, or where one is by a file. */
export function placeOf(face: FaceToName | null, box: UnitBox): NamePlace {
  return { face: face?.id ?? null, box: face?.box ?? box };
}

/**
 * An id of a question, out of what it is about. Two that differ only by chance have the same with a probability of 2⁻⁶⁴ for
 * each pair.
 */
export function questionId(...about: readonly (string | number | UnitBox | readonly string[])[]): string {
  return createHash('sha256')
    .update(JSON.stringify(about.map(rounded)))
    .digest('hex')
    .slice(0, 32);
}

/** A box by whole thousandths, so that another reading of the same file gives the same. */
function rounded(value: string | number | UnitBox | readonly string[]): unknown {
  if (typeof value !== 'object' || !('x' in value)) return value;
  return [value.x, value.y, value.width, value.height].map((share) => Math.round(share * 1000));
}

/** Id of the question which face of a photo a name without a place means. */
export function looseId(photo: PhotoId, name: string): string {
  return questionId('unplaced', photo, nameKey(name));
}

/** Id of the question whether the user's label of a face holds, where its file has another name. */
export function saidId(photo: PhotoId, face: FaceId, name: string): string {
  return questionId('said', photo, face, nameKey(name));
}
