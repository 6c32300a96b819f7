import type { Calibration } from '../contract/calibration.ts';
import type { DistanceTable } from '../contract/distances.ts';
import { KithError, UnreadablePhoto } from '../contract/errors.ts';
import { toPixelBox } from '../contract/geometry.ts';
import type { DetectorId, EncoderId, EncoderKey } from '../contract/ids.ts';
import type { Comparison } from '../contract/results.ts';
import type { Analysis, FoundFace } from '../contract/vision.ts';
import { distanceAt, probability } from '../grouping/calibrate.ts';
import { distanceOf, dot } from '../grouping/similarity.ts';
import { alignedFace } from './aligned.ts';
import type { AnalysisPool } from './look.ts';

/**
 * A comparison, what it was made on (the face of each photo as the encoder saw it, as PNG), and how the encoder's
 * distances are spread, where that was measured.
 */
export type ShownComparison = Comparison & {
  chips: [Uint8Array, Uint8Array];
  distances: DistanceTable | null;
};

/**
 * Analyses one photo that the user named.
 *
 * @throws KithError file-missing, photo-unreadable
 */
export async function analyseNamed(
  pool: AnalysisPool,
  path: string,
  options: { chips?: boolean } = {},
): Promise<Analysis> {
  try {
    return await pool.analyse(path, options);
  } catch (error) {
    if (!(error instanceof UnreadablePhoto)) throw error;
    if (error.code === 'vanished') throw new KithError('file-missing', path, { cause: error });
    throw new KithError('photo-unreadable', namedBy(path, error.detail), { cause: error });
  }
}

/**
 * The Siamese question: do the largest faces of two photos show one person? Met with even odds.
 *
 * @param known the encoder with its weights, and what is known of its distances; without a calibration there is a distance
 *   and no verdict
 * @throws KithError no-face, file-missing, photo-unreadable; `detail` names the photo
 */
export async function comparePhotos(
  pool: AnalysisPool,
  paths: readonly [string, string],
  by: { detector: DetectorId; encoder: EncoderId },
  known: { encoder: EncoderKey; calibration: Calibration | null; distances: DistanceTable | null },
): Promise<ShownComparison> {
  const [a, b] = await Promise.all(paths.map((path) => largestFace(pool, path)));
  const distance = distanceBetween(a!, b!, known.encoder);
  return {
    distance,
    ...verdict(distance, a!.quality, b!.quality, known.calibration),
    ...by,
    chips: [chipOf(a!), chipOf(b!)],
    distances: known.distances,
  };
}

function verdict(
  distance: number,
  a: number,
  b: number,
  calibration: Calibration | null,
): Pick<Comparison, 'threshold' | 'probability' | 'same'> {
  if (calibration === null) return { threshold: null, probability: null, same: null };
  const threshold = distanceAt(0.5, a, b, calibration);
  return { threshold, probability: probability(distance, a, b, calibration), same: distance <= threshold };
}

/** Euclidean distance of two faces' embeddings by one encoder, as they are compared, 0..2. */
function distanceBetween(a: FoundFace, b: FoundFace, encoder: EncoderKey): number {
  return distanceOf(dot(alignedFace(a.embedding, encoder), alignedFace(b.embedding, encoder)));
}

/** The face as its encoder saw it. @throws KithError vision-broken for a face that was analysed without `chips` */
export function chipOf({ chip }: Pick<FoundFace, 'chip'>): Uint8Array {
  if (chip) return chip;
  throw new KithError('vision-broken', 'Expected the aligned chip of a face but received none');
}

async function largestFace(pool: AnalysisPool, path: string): Promise<FoundFace> {
  const analysis = await analyseNamed(pool, path, { chips: true });
  const face = analysis.faces.toSorted((a, b) => area(b) - area(a))[0];
  if (!face) throw new KithError('no-face', path);
  return face;

  function area({ box }: FoundFace): number {
    const { width, height } = toPixelBox(box, analysis);
    return width * height;
  }
}

function namedBy(path: string, detail: string): string {
  return detail.includes(path) ? detail : `${path}: ${detail}`;
}
