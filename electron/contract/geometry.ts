import { z } from 'zod';

const fraction = z.number();

/** A point as fractions of the upright photo: x of its width, y of its height. May lie outside 0..1. */
export const UnitPoint = z.object({ x: fraction, y: fraction });
export type UnitPoint = z.infer<typeof UnitPoint>;

/** A box as fractions of the upright photo, so that it means the same at every decoded size. */
export const UnitBox = z
  .object({ x: fraction, y: fraction, width: fraction, height: fraction })
  .brand<'UnitBox'>();
export type UnitBox = z.infer<typeof UnitBox>;

/** A box in pixels of some named picture. */
export const PixelBox = z
  .object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
  .brand<'PixelBox'>();
export type PixelBox = z.infer<typeof PixelBox>;

interface Sides {
  width: number;
  height: number;
}

/** Pixels of a picture of `size` → fractions of it. */
export function toUnitBox(box: PixelBox, size: Sides): UnitBox {
  return {
    x: box.x / size.width,
    y: box.y / size.height,
    width: box.width / size.width,
    height: box.height / size.height,
  } as UnitBox;
}

/** Fractions → pixels of a picture of `size`, not rounded. */
export function toPixelBox(box: UnitBox, size: Sides): PixelBox {
  return {
    x: box.x * size.width,
    y: box.y * size.height,
    width: box.width * size.width,
    height: box.height * size.height,
  } as PixelBox;
}

/** Intersection over union of two boxes in the same units, 0..1. */
export function iou(a: PixelBox | UnitBox, b: PixelBox | UnitBox): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const overlap = width * height;
  return overlap / (a.width * a.height + b.width * b.height - overlap);
}
