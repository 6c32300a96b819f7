import { z } from 'zod';
import { isPattern, LONGEST_PATTERN, PATTERN_FIELDS } from './crop-pattern.ts';

/**
 * How a face is cut out of its photo:
 *
 * - `detected` the box of the detector, pixel for pixel where that is small enough.
 * - `square` the smallest square around the box; `padded` the same with surroundings.
 * - `portrait` head and shoulders, 3 : 4.
 * - `passport` 35 × 45 mm at 300 dpi, the eyes level, the head as high as the rules want it.
 * - `aligned-…` as encoders of that side are fed: 112 ArcFace and its like, 150 dlib, 160 FaceNet.
 */
export const CropPreset = z.enum([
  'detected',
  'square',
  'padded',
  'portrait',
  'passport',
  'aligned-112',
  'aligned-150',
  'aligned-160',
]);
export type CropPreset = z.infer<typeof CropPreset>;

export const CropFormat = z.enum(['jpg', 'png', 'webp']);
export type CropFormat = z.infer<typeof CropFormat>;

/** Width and height of a passport picture in pixels: 35 × 45 mm at 300 dpi. */
export const PASSPORT = { width: 413, height: 531 } as const;

/** What each picture of an export of crops looks like. */
export const CropLook = z.object({
  preset: CropPreset.default('padded'),
  /** Surroundings of `padded`, as a share of the longer side of the box on each side. */
  padding: z.number().min(0).max(1).default(0.25),
  /** Longest side in pixels, for presets without a size of their own. Pictures are never enlarged to it. */
  size: z.number().int().min(64).max(2048).default(512),
  format: CropFormat.default('jpg'),
});
export type CropLook = z.infer<typeof CropLook>;

/** The sides of every picture of a preset, in pixels; null where they depend on the face. */
export function fixedSize(preset: CropPreset): { width: number; height: number } | null {
  if (preset === 'passport') return PASSPORT;
  const [, side] = /^aligned-(\d+)$/.exec(preset) ?? [];
  return side === undefined ? null : { width: Number(side), height: Number(side) };
}

/** A pattern such as `{person} - {photo}-{number}`. */
export const FilePattern = z
  .string()
  .max(10 * LONGEST_PATTERN)
  .trim()
  .refine(
    isPattern,
    `Expected 1 to ${LONGEST_PATTERN} letters, with nothing but {${PATTERN_FIELDS.join('}, {')}} between braces`,
  );

/** How a training set is divided. */
export const TrainingSplit = z.object({
  /** Shares of the photos for train, val and test. Only their proportions count. */
  shares: z
    .tuple([z.number().min(0), z.number().min(0), z.number().min(0)])
    .refine((shares) => shares.some((share) => share > 0), 'Expected a share above 0 but received none')
    .default([80, 10, 10]),
  /** The same seed gives the same division of the same photos. */
  seed: z.number().int().default(1),
});
export type TrainingSplit = z.infer<typeof TrainingSplit>;
