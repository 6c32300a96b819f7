import { iou, type PixelBox } from '../../contract/geometry.ts';
import type { DecodedPhoto } from '../decode.ts';
import type { Classifier } from './classifier.ts';
import { type Detection, logOdds, type QuarterTurn } from './detector.ts';

/** Surer faces are not checked: none of those that we looked through was anything else. */
const SURE = 0.97;

/**
 * From here on the classifier's word is enough, by its near look alone, or by both on average. Of faces, 97 of 100 get it;
 * an ear, a leaf, a drawn cat or a painted meerkat does not.
 */
const CONVINCED_NEAR = 0.6;
const CONVINCED = 0.4;

/** The same for a turned face, which three looks more could find by chance: nine of ten of these get it. */
const CONVINCED_TURNED = 0.6;

/**
 * Log-odds that the detector, its second look and the classifier must have together where the classifier alone is not
 * convinced. Of 1,083 pictures of LFW, 26 boxes are below: nearly all people behind, of whom little is seen. A painted
 * meerkat has 2.8, a drawn cat 2.5.
 */
const TOGETHER = 2.85;

/** The same for a face that the photo's edge cuts off, of which the classifier sees half. Those of `cut` have 0 and more. */
const TOGETHER_CUT = -1;

/**
 * Of a photo on which the detector is sure of nobody, what it half recognises is a face from here on, by both of the
 * classifier's looks on average: of ten pictures of LFW without a face, five get theirs.
 */
const RESCUED = 0.6;

/** Places that are asked about so. */
const MOST_RESCUED = 3;

/** The faces among what a detector half recognised on a photo on which it found none. @param seen surest first */
export async function rescued(
  classifier: Classifier,
  photo: DecodedPhoto,
  seen: readonly Detection[],
): Promise<Detection[]> {
  const faces: Detection[] = [];
  for (const each of seen.slice(0, MOST_RESCUED)) {
    const near = await classifier.score(photo, each.box, 0, 'near');
    // The far look takes three times as long, and could not save it.
    if ((near + 1) / 2 < RESCUED) continue;
    const far = await classifier.score(photo, each.box, 0, 'far');
    if ((near + far) / 2 >= RESCUED) faces.push(each);
  }
  return faces;
}

/** The face, with the turn by which it lies; null for what is none. */
export type FaceCheck = (photo: DecodedPhoto, found: Detection) => Promise<Detection | null>;

/** Checks what a detector is not sure of. @param lookAgain the detector's second look at places of a photo */
export function createFaceCheck(
  classifier: Classifier,
  lookAgain: (photo: DecodedPhoto, places: readonly Detection[]) => Promise<Detection[]>,
): FaceCheck {
  return async (photo, found) => {
    if (found.score >= SURE) return found;
    const near = await classifier.score(photo, found.box, 0, 'near');
    if (near >= CONVINCED_NEAR) return found;
    const far = await classifier.score(photo, found.box, 0, 'far');
    if ((near + far) / 2 >= CONVINCED) return found;
    const byTurn = await classifier.scoresByTurn(photo, found.box, 'near');
    const most = Math.max(...byTurn);
    // Somebody lies on a bed or on the grass, on a photo that is upright.
    if (most >= CONVINCED_TURNED) return { ...found, turn: byTurn.indexOf(most) as QuarterTurn };
    const again = (await lookAgain(photo, [found])).filter(({ box }) => iou(box, found.box) > 0.3);
    const second = Math.max(0, ...again.map(({ score }) => score));
    const together = logOdds(found.score) + logOdds(second) + logOdds(Math.max(near, far));
    return together >= (isCut(found.box, photo) ? TOGETHER_CUT : TOGETHER) ? found : null;
  };
}

/** Whether a box ends where the photo does. */
function isCut({ x, y, width, height }: PixelBox, photo: DecodedPhoto): boolean {
  const edge = 0.02 * Math.max(width, height);
  return Math.min(x, y, photo.width - x - width, photo.height - y - height) < edge;
}
