import type { PixelBox } from '../../contract/geometry.ts';
import type { DecodedPhoto } from '../decode.ts';

/** Quarter turns clockwise by which a face is turned in its photo; 0 is upright. */
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

/**
 * The same detection on the photo at another size.
 * @param down where the sides of the two are in slightly different proportion, as they are whole pixels
 */
export function resized(detection: Detection, across: number, down = across): Detection {
  const { box, landmarks } = detection;
  return {
    ...detection,
    box: scaled(box, across, down),
    landmarks: landmarks?.map(({ x, y }) => ({ x: x * across, y: y * down })) ?? null,
  };
}

export function scaled({ x, y, width, height }: PixelBox, across: number, down = across): PixelBox {
  return { x: x * across, y: y * down, width: width * across, height: height * down } as PixelBox;
}

/** How near to 0 and 1 a score may come, so that none decides alone. */
const NEVER_SURE = 0.005;

/** A score as log-odds, within ±5.3. */
export function logOdds(score: number): number {
  return Math.log((score + NEVER_SURE) / (1 + NEVER_SURE - score));
}
