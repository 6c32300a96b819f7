import type { PixelBox } from '../../contract/geometry.ts';
import type { DecodedPhoto } from '../decode.ts';

/** Quarter turns clockwise by which a face lies in its photo; 0 is upright. */
export type QuarterTurn = 0 | 1 | 2 | 3;

/** A point in pixels of the decoded photo. */
export interface Point {
  x: number;
  y: number;
}

/** One face as a detector sees it, in pixels of the decoded photo. */
export interface Detection {
  box: PixelBox;
  /** Confidence, 0..1; comparable within one detector only. */
  score: number;
  /** Right eye, left eye, nose tip, right and left mouth corner of the person; null where the detector has none. */
  landmarks: Point[] | null;
  turn: QuarterTurn;
}

/**
 * Gives the same photo at a longest side of so many pixels, for faces that are too small on the one at hand; with fewer
 * where the file has no more.
 */
export type Closer = (side: number) => Promise<DecodedPhoto>;

/** Photo in, faces out. */
export interface Detector {
  /** @param closer left out where there is nothing but this photo */
  detect(photo: DecodedPhoto, closer?: Closer): Promise<Detection[]>;
  dispose(): Promise<void>;
}

/** The same detection on the photo at `factor` times its size. */
export function resized(detection: Detection, factor: number): Detection {
  const { box, landmarks } = detection;
  return {
    ...detection,
    box: scaled(box, factor),
    landmarks: landmarks?.map(({ x, y }) => ({ x: x * factor, y: y * factor })) ?? null,
  };
}

export function scaled({ x, y, width, height }: PixelBox, factor: number): PixelBox {
  return { x: x * factor, y: y * factor, width: width * factor, height: height * factor } as PixelBox;
}

/** How near to 0 and 1 a score may come, so that none decides alone. */
const NEVER_SURE = 0.005;

/** A score as log-odds, within ±5.3. */
export function logOdds(score: number): number {
  return Math.log((score + NEVER_SURE) / (1 + NEVER_SURE - score));
}
