import { z } from 'zod';

/** In the screen's own points, not pixels. */
const Rectangle = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});
export type Rectangle = z.infer<typeof Rectangle>;

export const WindowPlace = z.object({ bounds: Rectangle, maximized: z.boolean() });
export type WindowPlace = z.infer<typeof WindowPlace>;

/** Where no place is known. */
const FIRST = { width: 1280, height: 860 };

/** As much of the window's upper edge must be on a screen that a person can take hold of it. */
const HOLD = { width: 120, height: 32 };

/**
 * Where a window opens: where it was, as long as a person can get hold of it there, no larger than the screen that it
 * is on; else without a place, so that the system puts it into the middle of its first screen.
 * @param areas what is free of each screen, the first one first.
 */
export function placeOn(areas: readonly Rectangle[], was: Rectangle | null): Partial<Rectangle> {
  const first = areas[0] ?? { x: 0, y: 0, ...FIRST };
  const screen = was && areas.find((area) => isInReach(area, { ...was, ...fitted(was, area) }));
  if (!was || !screen) return fitted(was ?? FIRST, first);
  return { x: was.x, y: was.y, ...fitted(was, screen) };
}

function isInReach(area: Rectangle, { x, y, width }: Rectangle): boolean {
  const across = Math.min(area.x + area.width, x + width) - Math.max(area.x, x);
  return across >= HOLD.width && y >= area.y && y + HOLD.height <= area.y + area.height;
}

function fitted(size: { width: number; height: number }, area: Rectangle) {
  return { width: Math.min(size.width, area.width), height: Math.min(size.height, area.height) };
}
