import type { UnitBox } from '../../electron/contract/geometry.ts';

/** How far down a tall photo its tile looks: people are rather in the upper half. The tile's style says the same. */
const DOWN = 0.3;

/** A circle is that much wider than the face's box, so that it goes around the head. Chosen by hand, looking at it. */
const ROOM = 1.25;

/** Least side of a circle, as a share of the tile: one of a face in a crowd is seen too. Chosen by hand. */
const LEAST = 0.1;

/**
 * Where the circle around a face lies on the square tile of its photo, in shares of the tile; kept within it, also where
 * the face is cut off.
 */
export function onTile(
  box: UnitBox,
  { width, height }: { width: number; height: number },
): { x: number; y: number; side: number } {
  const short = Math.min(width, height);
  const [wide, high] = [width / short, height / short];
  const side = Math.min(1, Math.max(LEAST, ROOM * Math.max(box.width * wide, box.height * high)));
  const centre = {
    x: (box.x + box.width / 2) * wide - (wide - 1) / 2,
    y: (box.y + box.height / 2) * high - (high - 1) * DOWN,
  };
  const within = (middle: number) => Math.min(1 - side, Math.max(0, middle - side / 2));
  return { x: within(centre.x), y: within(centre.y), side };
}
