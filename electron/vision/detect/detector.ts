import type { PixelBox } from '../../contract/geometry.ts';
import type { DecodedPhoto } from '../decode.ts';

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
}

/** Photo in, faces out. */
export interface Detector {
  detect(photo: DecodedPhoto): Promise<Detection[]>;
  dispose(): Promise<void>;
}
