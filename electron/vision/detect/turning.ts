import sharp from 'sharp';
import type { DecodedPhoto } from '../decode.ts';
import type { Classifier } from './classifier.ts';
import { type Closer, type Detection, type Detector, logOdds, type QuarterTurn } from './detector.ts';
import { brightened, gainOf } from './exposure.ts';
import { turnedBy, upright } from './turn.ts';

/** A detector that knows upright faces only. */
export interface UprightDetector {
  /** @returns the faces, and all that was a little like one on the whole photo, surest first */
  detect(photo: DecodedPhoto, closer?: Closer): Promise<{ faces: Detection[]; seen: Detection[] }>;
  /** Surer faces are taken for upright without asking. */
  readonly uprightScore: number;
  dispose(): Promise<void>;
}

/** From here on the best of a photo may be a turned face. Of 118 photos that were turned, 116 have one such. */
const LEAST = 0.1;

/** Mean score by the classifier from which on faces may be turned. */
const LEAST_TURNED = 0.3;

/**
 * By how much that must be more than upright to be clear, and how many log-odds a face must have more on average otherwise.
 * Of 824 upright pictures of LFW and LAG, none was turned so; of those that were turned, eight of ten come upright.
 */
const CLEARLY = 0.1;
const MUCH_SURER = 2;

/** What a face that was not found counts as, in log-odds. */
const NOT_FOUND = -1;

/** Longest side, in pixels, of the glance at a photo without any face. */
const GLANCE_SIDE = 224;

/** Of so many faces one answers wrongly by how much the photo is turned now and then, and the others put it right. */
const ASKED = 3;

const TURNS = [0, 1, 2, 3] as const;

interface Seeming {
  turn: QuarterTurn;
  /** Whether no surer faces are needed to believe it. */
  isClear: boolean;
}

const NOT_TURNED: Seeming = { turn: 0, isClear: true };

/**
 * Finds faces on photos that are turned by a quarter, too: phones write files that don't say how they were held. Where
 * the surest face is doubtful, the classifier says by how much it is turned, and the photo is looked at that way round. What is surer
 * on the whole is taken.
 */
export function turning(detector: UprightDetector, classifier: Classifier): Detector {
  /** By how many quarters the photo seems to be turned, by what was seen on it. */
  async function turnOf(photo: DecodedPhoto, seen: readonly Detection[]): Promise<Seeming> {
    if (seen.length === 0) return NOT_TURNED;
    const means = [0, 0, 0, 0];
    for (const [at, { box }] of seen.entries()) {
      for (const [turn, score] of (await classifier.scoresByTurn(photo, box, 'near')).entries()) {
        means[turn] = means[turn]! + (score - means[turn]!) / (at + 1);
      }
      // One face alone is wrong one time in ten.
      const isEnough = at > 0 || seen.length === 1;
      if (isEnough && means[0]! - Math.max(...means.slice(1)) >= 2 * CLEARLY) return NOT_TURNED;
    }
    if (means[0] === Math.max(...means) && means[0]! >= LEAST_TURNED) return NOT_TURNED;
    for (const { box } of seen) {
      for (const [turn, score] of (await classifier.scoresByTurn(photo, box, 'far')).entries()) {
        means[turn] = means[turn]! + score / seen.length;
      }
    }
    for (const turn of TURNS) means[turn] = means[turn]! / 2;
    const most = Math.max(...means);
    if (most < LEAST_TURNED) return NOT_TURNED;
    const turn = TURNS[means.indexOf(most)]!;
    return { turn, isClear: most - means[0]! >= CLEARLY };
  }

  /** The same for a photo on which nothing was seen. */
  async function glance(photo: DecodedPhoto): Promise<Seeming> {
    const small = await reduced(photo, GLANCE_SIDE);
    for (const turn of [1, 3] as const) {
      const { faces } = await detector.detect(await upright(small, turn));
      if (faces.length > 0) return { turn, isClear: true };
    }
    return NOT_TURNED;
  }

  return {
    async detect(given, further) {
      const light = gainOf(given);
      const photo = brightened(given, light);
      const closer = further && (async (side: number) => brightened(await further(side), light));
      const { faces, seen } = await detector.detect(photo, closer);
      const isAny = faces.length > 0;
      const asked = isAny ? middle(faces) : seen.filter(({ score }) => score >= LEAST).slice(0, ASKED);
      if (isAny && asked.every(({ score }) => score >= detector.uprightScore)) return faces;
      let { turn, isClear } = await turnOf(photo, asked);
      if (turn === 0 && !isAny) ({ turn, isClear } = await glance(photo));
      if (turn === 0) return faces;
      const there = await upright(photo, turn);
      const turned = closer && (async (side: number) => upright(await closer(side), turn));
      const found = (await detector.detect(there, turned)).faces;
      return gain(found, faces) > (isClear || !isAny ? 0 : MUCH_SURER)
        ? found.map((face) => turnedBy(face, turn, photo))
        : faces;
    },
    async dispose() {
      await Promise.all([detector.dispose(), classifier.dispose()]);
    },
  };
}

/** Neither the surest faces, of which a crowd has some however it is turned, nor the least sure, which are hidden or blurred. */
function middle(faces: readonly Detection[]): Detection[] {
  const start = Math.max(0, Math.floor((faces.length - ASKED) / 2));
  return faces.toSorted((a, b) => b.score - a.score).slice(start, start + ASKED);
}

/** The photo at a longest side of so many pixels, as if it had no more. */
async function reduced(photo: DecodedPhoto, side: number): Promise<DecodedPhoto> {
  const raw = { width: photo.width, height: photo.height, channels: 3 } as const;
  const { data, info } = await sharp(photo.data, { raw })
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, fullWidth: info.width, fullHeight: info.height };
}

/** How much surer a face is on average, in log-odds, of the best of either way round. */
function gain(found: readonly Detection[], former: readonly Detection[]): number {
  const count = Math.min(ASKED, Math.max(found.length, former.length));
  const sum = (faces: readonly Detection[]) => {
    const best = faces.map(({ score }) => logOdds(score)).toSorted((a, b) => b - a);
    return Array.from({ length: count }, (_, at) => best[at] ?? NOT_FOUND).reduce(
      (all, each) => all + each,
      0,
    );
  };
  return count === 0 ? 0 : (sum(found) - sum(former)) / count;
}
