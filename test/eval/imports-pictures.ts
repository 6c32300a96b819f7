import { access, copyFile, mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import PQueue from 'p-queue';
import sharp from 'sharp';
import type { Picture } from './imports-cuts.ts';

/** How a near copy differs from its photo. */
export interface Version {
  /** What is left of it: place and sides as fractions of the photo's. */
  crop: { left: number; top: number; side: number };
  /** Factors of light, of contrast around grey, and of colour. */
  brightness: number;
  contrast: number;
  saturation: number;
  /** Of the sides that are left. */
  scale: number;
  /** Of the JPEG, 1..100. */
  quality: number;
}

/** A picture that is to be put into the folder of a source. */
export interface PlannedPicture extends Picture {
  /** The file that it is of. */
  original: string;
  /** Null: the file itself. */
  version: Version | null;
}

/** The kinds of near copies that people have. Their ranges are chosen by hand. */
export type Kind = keyof typeof VERSIONS;

const VERSIONS = {
  /** Taken within the same second or two: the camera moves a little, and so does its idea of the light. */
  burst: (between: Between): Version => ({
    ...{ crop: cropOf(between(0.93, 0.99), between), scale: 1, quality: 90 },
    ...{ brightness: between(0.95, 1.05), contrast: between(0.97, 1.03), saturation: 1 },
  }),
  /** Made lighter or darker by hand. */
  light: (between: Between): Version => ({
    ...{ crop: cropOf(1, between), scale: 1, quality: 85 },
    ...{ brightness: between(0.6, 1.4), contrast: between(0.75, 1.25), saturation: between(0.8, 1.2) },
  }),
  /** Passed on by a messenger. */
  sent: (between: Between): Version => ({
    ...{ crop: cropOf(1, between), scale: between(0.45, 0.8), quality: Math.round(between(30, 60)) },
    ...{ brightness: 1, contrast: 1, saturation: 1 },
  }),
  /** Cut closer, with a filter over it. */
  edit: (between: Between): Version => ({
    ...{ crop: cropOf(between(0.78, 0.9), between), scale: between(0.8, 1.2), quality: 80 },
    ...{ brightness: between(0.85, 1.15), contrast: between(0.9, 1.2), saturation: between(0.2, 1.3) },
  }),
};

/** A number from `low` to `high`. */
type Between = (low: number, high: number) => number;

export const KINDS = Object.keys(VERSIONS) as Kind[];

/** @param next random numbers in 0..1 */
export function versionOf(kind: Kind, next: () => number): Version {
  return VERSIONS[kind]((low, high) => low + (high - low) * next());
}

/** Somewhere near the middle, where the face is. */
function cropOf(side: number, between: Between): Version['crop'] {
  const room = 1 - side;
  return { side, left: room * between(0.3, 0.7), top: room * between(0.3, 0.7) };
}

/** Puts pictures into a folder; what is there already stays. */
export async function putPictures(pictures: readonly PlannedPicture[], folder: string): Promise<void> {
  const queue = new PQueue({ concurrency: 2 });
  await queue.addAll(pictures.map((picture) => () => put(picture, join(folder, picture.path))));
}

async function put({ original, version }: PlannedPicture, path: string): Promise<void> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.part`;
  if (version === null) await copyFile(original, part);
  else await paint(original, version, part);
  await rename(part, path);
}

async function paint(original: string, version: Version, path: string): Promise<void> {
  const { crop, scale, brightness, contrast, saturation, quality } = version;
  const upright = await sharp(original).rotate().toBuffer({ resolveWithObject: true });
  const { width, height } = upright.info;
  const region = {
    left: Math.floor(crop.left * width),
    top: Math.floor(crop.top * height),
    width: Math.floor(crop.side * width),
    height: Math.floor(crop.side * height),
  };
  await sharp(upright.data)
    .extract(region)
    .resize(Math.round(scale * region.width))
    .modulate({ brightness, saturation })
    .linear(contrast, 128 * (1 - contrast))
    .jpeg({ quality })
    .toFile(path);
}
