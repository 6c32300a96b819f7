import type { UnitBox } from '../../electron/contract/geometry.ts';

interface Point {
  x: number;
  y: number;
}

/** Where nothing lies between the two, `most` holds: a box never leaves the photo. */
const within = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

/** The box between two corners, in fractions of the photo, cut at its edges. */
export function boxBetween(a: Point, b: Point): UnitBox {
  const [left, right] = [a.x, b.x].map((x) => within(x, 0, 1)).toSorted((x, y) => x - y) as [number, number];
  const [top, bottom] = [a.y, b.y].map((y) => within(y, 0, 1)).toSorted((x, y) => x - y) as [number, number];
  return { x: left, y: top, width: right - left, height: bottom - top } as UnitBox;
}

/** A box to begin with, for whoever draws from the keyboard: in the middle, square in pixels. */
export function middleBox({ width, height }: { width: number; height: number }): UnitBox {
  const side = 0.25 * Math.min(width, height);
  const [w, h] = [side / width, side / height];
  return { x: 0.5 - w / 2, y: 0.5 - h / 2, width: w, height: h } as UnitBox;
}

/** Share of the photo that a box moves or grows by with one press. */
const STEP = 0.01;
const LEAST = 0.01;

/**
 * What an arrow key makes of a box.
 *
 * @param size whether it changes the size and not the place
 * @returns null where the key is no arrow
 */
export function nudged({ x, y, width, height }: UnitBox, key: string, size: boolean): UnitBox | null {
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (!step) return null;
  const [dx, dy] = [step[0]! * STEP, step[1]! * STEP];
  const box = size
    ? { x, y, width: within(width + dx, LEAST, 1 - x), height: within(height + dy, LEAST, 1 - y) }
    : { x: within(x + dx, 0, 1 - width), y: within(y + dy, 0, 1 - height), width, height };
  return box as UnitBox;
}
