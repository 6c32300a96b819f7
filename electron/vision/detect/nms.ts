import { iou } from '../../contract/geometry.ts';
import type { Detection } from './detector.ts';

/**
 * Non-maximum suppression: of detections that overlap, the surest stays.
 *
 * Two boxes are one face when their IoU is over `maxIou`, or when one lies in the other by more than `maxInside`
 * of its own area: the same face found at two scales gives boxes of different sizes, whose IoU alone is small.
 *
 * @returns the kept detections, surest first; ties by place, so that the order of the input does not matter.
 */
export function suppress(detections: readonly Detection[], maxIou = 0.5, maxInside = 0.75): Detection[] {
  const kept: Detection[] = [];
  for (const candidate of detections.toSorted(bySureness)) {
    const covered = kept.some(
      (other) => iou(candidate.box, other.box) > maxIou || inside(candidate, other) > maxInside,
    );
    if (!covered) kept.push(candidate);
  }
  return kept;
}

function bySureness(a: Detection, b: Detection): number {
  return b.score - a.score || a.box.x - b.box.x || a.box.y - b.box.y || a.box.width - b.box.width;
}

/** The share of the smaller box that lies in the other, 0..1. */
function inside(a: Detection, b: Detection): number {
  const width = Math.min(a.box.x + a.box.width, b.box.x + b.box.width) - Math.max(a.box.x, b.box.x);
  const height = Math.min(a.box.y + a.box.height, b.box.y + b.box.height) - Math.max(a.box.y, b.box.y);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / Math.min(a.box.width * a.box.height, b.box.width * b.box.height);
}
