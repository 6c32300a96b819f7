import { iou, type PixelBox } from '../../contract/geometry.ts';
import type { DecodedPhoto } from '../decode.ts';
import { type Compute, drawnPictures, openSession, runOnPictures } from '../session.ts';
import type { Classifier } from './classifier.ts';
import type { Detection } from './detector.ts';
import { createFaceCheck, rescued } from './face-check.ts';
import { suppress } from './nms.ts';
import { findSmall, type SmallSearch } from './small-faces.ts';
import { tilesOf } from './tiles.ts';
import type { UprightDetector } from './turning.ts';
import {
  type Canvas,
  canvasSide,
  overview,
  paint,
  partOf,
  secondLooks,
  smallOverview,
  type View,
} from './views.ts';

/** face-api's own default: above it, its SSD seldom fires on anything but a face. */
const minScore = 0.5;

/** Above it, it never did on the photos that we looked through; below, a second look decides. */
const sureScore = 0.7;

/** From here on something may be a face of an unlucky size, and is worth a second look. */
const minDoubt = 0.25;

/**
 * By the classifier's near look, from which on a doubt is worth a second look, which takes twenty times as long. Of 100
 * faces, 98 have ten times as much.
 */
const worthLook = 0.05;

/** Longest side, in pixels, up to which a photo is small already. */
const smallFrom = 256;

/**
 * Longest side, in pixels, of a wider view of photos on which nothing was seen at all: faces of 70 pixels on a photo of 24
 * megapixels are 6 on the usual view, too few even for a hint, and 9 on this. On photos with less than so many pixels a
 * side, faces that are worth finding give a hint on the usual view.
 */
const widerSide = 768;
const widerFrom = 5000;

/**
 * From here on something small may be a face: of photos of 24 megapixels with faces of 55 pixels, nine of ten are found from
 * here on, and half from 0.1 on.
 */
const minHint = 0.07;

/**
 * Turned faces score less than this: of 825 pictures of LFW and LAG that were turned by quarters, five have a surer face;
 * of 824 upright ones, 313.
 */
const uprightScore = 0.97;

/**
 * face-api's SSD MobileNet v1, which knows faces of about 25 to 150 pixels on its square of 512. What it half
 * recognises in the photo as a whole (the small, the frame-filling, the blurred, a vase) is shown to it again, four
 * at a time, each at the size that it knows best; where that hints at faces too small for it, parts of the photo are
 * looked at closer.
 */
export async function createSsdDetector(
  modelFile: string,
  classifier: Classifier,
  compute?: Compute,
): Promise<UprightDetector> {
  const session = await openSession(modelFile, drawnPictures(canvasSide), compute);

  /** @param least score of what counts, 0..1 */
  async function look(photo: DecodedPhoto, canvas: Canvas, least: number): Promise<Detection[]> {
    const pixels = await paint(photo, canvas);
    const { boxes, scores } = await runOnPictures(session, pixels, [1, canvas.height, canvas.width, 3]);
    return suppress(readBoxes(boxes!, scores!, canvas.views, least));
  }

  async function lookAgain(photo: DecodedPhoto, doubts: readonly Detection[]): Promise<Detection[]> {
    const found: Detection[] = [];
    for (const canvas of secondLooks(photo, doubts)) found.push(...(await look(photo, canvas, minDoubt)));
    return found;
  }

  const small: SmallSearch = {
    levels: [
      { side: canvasSide, small: 26 },
      { side: 2000, small: 36 },
      { side: 3200, small: 0 },
    ],
    tileSide: canvasSide,
    minHint,
    laterHint: 0.2,
    minScore,
    sure: 0.9,
    look: (photo, part, scale) => look(photo, partOf(part, scale), minHint),
  };

  /** What was seen of small faces at first, and how they are searched for from there. */
  async function hintsOf(photo: DecodedPhoto, first: readonly Detection[], isAny: boolean) {
    const hasMore = Math.max(photo.fullWidth, photo.fullHeight) >= widerFrom;
    if (isAny || !hasMore || first.some(({ score }) => score > minHint)) return { first, search: small };
    const wider = { ...small, levels: [{ side: widerSide, small: 26 }, ...small.levels.slice(1)] };
    const scale = widerSide / Math.max(photo.width, photo.height);
    const seen: Detection[] = [];
    for (const { of } of tilesOf(photo, canvasSide / scale))
      seen.push(...(await small.look(photo, of, scale)));
    return { first: suppress(seen), search: wider };
  }

  const isFace = createFaceCheck(classifier, lookAgain);

  return {
    uprightScore,
    async detect(photo, closer) {
      const first = await look(photo, overview(photo), minHint);
      let seen = first.filter(({ score }) => score > minDoubt);
      let all = first;
      if (!seen.some(isSure) && Math.max(photo.width, photo.height) > smallFrom) {
        const large = await look(photo, smallOverview(photo), minHint);
        seen = suppress([...seen, ...large.filter(({ score }) => score > minDoubt)]);
        all = suppress([...first, ...large]);
      }
      const doubts: Detection[] = [];
      for (const each of seen) {
        if (isSure(each)) continue;
        if ((await classifier.score(photo, each.box, 0, 'near')) >= worthLook) doubts.push(each);
      }
      const again = (await lookAgain(photo, doubts)).filter((detection) => holds(detection, doubts));
      const { first: hints, search } = await hintsOf(photo, first, seen.some(isSure) || again.length > 0);
      const faces: Detection[] = [];
      for (const each of suppress([
        ...seen.filter(isSure),
        ...again,
        ...(await findSmall(photo, hints, closer, search)),
      ])) {
        const face = await isFace(photo, each);
        if (face) faces.push(face);
      }
      if (faces.length > 0) return { faces, seen: all };
      return { faces: await rescued(classifier, photo, all), seen: all };
    },
    dispose: () => session.release(),
  };
}

function isSure({ score }: Detection): boolean {
  return score > sureScore;
}

/** Whether a second look outweighs the first: what looked like a face at first must do so on the whole. */
function holds(again: Detection, doubts: readonly Detection[]): boolean {
  const first = doubts.find((doubt) => iou(doubt.box, again.box) > 0.3);
  return first !== undefined && first.score > minScore
    ? (first.score + again.score) / 2 > minScore
    : again.score > minScore;
}

/** Boxes come as (top, left, bottom, right) in multiples of 512 pixels; each belongs to the view it lies in. */
function readBoxes(
  boxes: Float32Array,
  scores: Float32Array,
  views: readonly View[],
  least: number,
): Detection[] {
  const found: Detection[] = [];
  for (let index = 0; index < scores.length; index++) {
    const score = scores[index]!;
    if (score <= least) continue;
    const [top, left, bottom, right] = Array.from(
      boxes.subarray(index * 4, index * 4 + 4),
      (value) => value * canvasSide,
    ) as [number, number, number, number];
    const x = (left + right) / 2;
    const y = (top + bottom) / 2;
    const view = views.find(
      ({ at }) => x >= at.x && y >= at.y && x < at.x + at.width && y < at.y + at.height,
    );
    const box = view && toPhoto(view, left, top, right, bottom);
    if (box) found.push({ box, score, landmarks: null, turn: 0 });
  }
  return found;
}

/** Pixels of the canvas → pixels of the photo, clipped to the view; null when nothing is left. */
function toPhoto(view: View, left: number, top: number, right: number, bottom: number): PixelBox | null {
  const { at, of } = view;
  const scaleX = of.width / at.width;
  const scaleY = of.height / at.height;
  const x = of.x + Math.max(0, left - at.x) * scaleX;
  const y = of.y + Math.max(0, top - at.y) * scaleY;
  const width = of.x + Math.min(at.width, right - at.x) * scaleX - x;
  const height = of.y + Math.min(at.height, bottom - at.y) * scaleY - y;
  return width > 0 && height > 0 ? ({ x, y, width, height } as PixelBox) : null;
}
