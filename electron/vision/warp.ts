import type { DecodedPhoto } from './decode.ts';
import type { Point } from './detect/detector.ts';
import { cutUpright } from './upright-chip.ts';

/** Turn, uniform scale and shift: x' = a·x − b·y + tx, y' = b·x + a·y + ty. */
export interface Similarity {
  a: number;
  b: number;
  tx: number;
  ty: number;
}

/**
 * The similarity that carries `from` onto `to` with the least squared error (Umeyama 1991, without reflection).
 * @param from at least two different points; `to` has as many.
 */
export function fitSimilarity(from: readonly Point[], to: readonly Point[]): Similarity {
  const fromCentre = centre(from);
  const toCentre = centre(to);
  let along = 0;
  let across = 0;
  let spread = 0;
  for (let index = 0; index < from.length; index++) {
    const fx = from[index]!.x - fromCentre.x;
    const fy = from[index]!.y - fromCentre.y;
    const gx = to[index]!.x - toCentre.x;
    const gy = to[index]!.y - toCentre.y;
    along += fx * gx + fy * gy;
    across += fx * gy - fy * gx;
    spread += fx * fx + fy * fy;
  }
  const a = along / spread;
  const b = across / spread;
  return {
    a,
    b,
    tx: toCentre.x - a * fromCentre.x + b * fromCentre.y,
    ty: toCentre.y - b * fromCentre.x - a * fromCentre.y,
  };
}

export function transform(by: Similarity, point: Point): Point {
  return { x: by.a * point.x - by.b * point.y + by.tx, y: by.b * point.x + by.a * point.y + by.ty };
}

/** The similarity that leads back. */
export function inverse({ a, b, tx, ty }: Similarity): Similarity {
  const scale = a * a + b * b;
  const [c, s] = [a / scale, -b / scale];
  return { a: c, b: s, tx: s * ty - c * tx, ty: -s * tx - c * ty };
}

/** More samples along one side of a chip's pixel than this are not worth their time. */
const maxSamples = 6;

/**
 * Cuts a square chip out of a photo. A chip's pixel that covers several of the photo's is the mean of a grid of
 * samples, each interpolated bilinearly, so that large faces are shrunk without aliasing; as in dlib, which halves the
 * photo as often as it can and interpolates the rest, less than twofold shrinking takes one. Outside the photo is black.
 *
 * @param toPhoto carries pixels of the chip onto pixels of the photo (centres at whole numbers).
 * @param most samples along one side of a chip's pixel
 * @returns side × side × 3 bytes, RGB.
 */
export function cutChip(
  photo: DecodedPhoto,
  toPhoto: Similarity,
  side: number,
  most = maxSamples,
): Uint8Array {
  const samples = Math.min(most, Math.max(1, Math.floor(Math.hypot(toPhoto.a, toPhoto.b))));
  const { a: scale, b, tx, ty } = toPhoto;
  if (b === 0 && scale > 0) return cutUpright(photo, { scale, tx, ty }, side, samples);
  const chip = new Uint8Array(side * side * 3);
  const { data, width, height } = photo;
  const weight = 1 / (samples * samples);
  let out = 0;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++, out += 3) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let sy = 0; sy < samples; sy++) {
        const v = row + (sy + 0.5) / samples - 0.5;
        for (let sx = 0; sx < samples; sx++) {
          const u = column + (sx + 0.5) / samples - 0.5;
          const x = toPhoto.a * u - toPhoto.b * v + toPhoto.tx;
          const y = toPhoto.b * u + toPhoto.a * v + toPhoto.ty;
          if (x < 0 || y < 0 || x > width - 1 || y > height - 1) continue;
          const left = Math.min(x | 0, width - 2 < 0 ? 0 : width - 2);
          const top = Math.min(y | 0, height - 2 < 0 ? 0 : height - 2);
          const fx = x - left;
          const fy = y - top;
          const nw = (1 - fx) * (1 - fy);
          const ne = fx * (1 - fy);
          const sw = (1 - fx) * fy;
          const se = fx * fy;
          const p = (top * width + left) * 3;
          const q = width > 1 ? p + 3 : p;
          const r = height > 1 ? p + width * 3 : p;
          const s = r + (q - p);
          red += data[p]! * nw + data[q]! * ne + data[r]! * sw + data[s]! * se;
          green += data[p + 1]! * nw + data[q + 1]! * ne + data[r + 1]! * sw + data[s + 1]! * se;
          blue += data[p + 2]! * nw + data[q + 2]! * ne + data[r + 2]! * sw + data[s + 2]! * se;
        }
      }
      chip[out] = red * weight + 0.5;
      chip[out + 1] = green * weight + 0.5;
      chip[out + 2] = blue * weight + 0.5;
    }
  }
  return chip;
}

/** The same chip seen in a mirror. */
export function mirrorChip(chip: Uint8Array, side: number): Uint8Array {
  const mirrored = new Uint8Array(chip.length);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const from = (row * side + column) * 3;
      const to = (row * side + (side - 1 - column)) * 3;
      mirrored[to] = chip[from]!;
      mirrored[to + 1] = chip[from + 1]!;
      mirrored[to + 2] = chip[from + 2]!;
    }
  }
  return mirrored;
}

function centre(points: readonly Point[]): Point {
  const sum = points.reduce((total, point) => ({ x: total.x + point.x, y: total.y + point.y }), {
    x: 0,
    y: 0,
  });
  return { x: sum.x / points.length, y: sum.y / points.length };
}
