import { copyFile, mkdir, rename, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Left, top, width and height, as shares of a photo. */
type Part = readonly [left: number, top: number, width: number, height: number];

const WHOLE: Part = [0, 0, 1, 1];

/** One photo of the album. */
export interface SamplePhoto {
  name: string;
  /** The photo in face-api's package that it is, or is made of. */
  original: string;
  /** What is done to that; null: it is that photo, byte for byte. */
  made: Look | null;
}

interface Look {
  part: Part;
  /** Longest side, in pixels. */
  side: number;
  mirrored: boolean;
  /** As a share of what it was. */
  brightness: number;
  /** Standard deviation of the blur, in pixels; 0: none. */
  blur: number;
}

/**
 * The photos of three to five people each that @vladmandic/face-api shows its own work on (MIT), and the parts with some of
 * these people on the left and on the right. No face is cut.
 */
const PHOTOS: readonly { name: string; left: Part; right: Part }[] = [
  { name: 'sample1', left: [0.12, 0.1, 0.5, 0.75], right: [0.38, 0.02, 0.6, 0.9] },
  { name: 'sample2', left: [0.05, 0, 0.55, 0.8], right: [0.4, 0, 0.6, 0.85] },
  { name: 'sample3', left: [0.1, 0.05, 0.6, 0.85], right: [0.5, 0.03, 0.5, 0.8] },
  { name: 'sample4', left: [0.02, 0, 0.48, 0.7], right: [0.45, 0.02, 0.5, 0.75] },
  { name: 'sample5', left: [0.15, 0, 0.6, 0.6], right: [0.52, 0.05, 0.48, 0.7] },
  { name: 'sample6', left: [0.02, 0.15, 0.5, 0.8], right: [0.5, 0.05, 0.5, 0.8] },
];

/**
 * The sample album: the six photos, and three that are made of each. On the six alone nearly everybody is seen once, so that
 * a newcomer would see no group. By the bundled models nearly everybody is a group here, one group holds two people, and some
 * of the small, soft faces are left alone: something to name, to correct and to be asked (test/service/sample-album.test.ts).
 */
export const SAMPLE_ALBUM: readonly SamplePhoto[] = PHOTOS.flatMap(({ name, left, right }) => {
  const original = `${name}.jpg`;
  return [
    { name: original, original, made: null },
    {
      name: `${name} closer.jpg`,
      original,
      made: { part: left, side: 1100, mirrored: true, brightness: 1, blur: 0 },
    },
    {
      name: `${name} evening.jpg`,
      original,
      made: { part: right, side: 1000, mirrored: false, brightness: 0.75, blur: 0 },
    },
    {
      name: `${name} phone.jpg`,
      original,
      made: { part: WHOLE, side: 440, mirrored: true, brightness: 0.9, blur: 1.2 },
    },
  ];
});

/** Of the JPEGs that are made. Chosen by hand. */
const QUALITY = 82;

/** Puts the sample album into a folder; what is there already stays as it is. */
export async function makeSampleAlbum(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const from = fileURLToPath(new URL('demo/', import.meta.resolve('@vladmandic/face-api/package.json')));
  for (const { name, original, made } of SAMPLE_ALBUM) {
    if (made === null) await copyOnce(join(from, original), join(folder, name));
    else await makeOnce(join(from, original), join(folder, name), made);
  }
}

async function copyOnce(from: string, to: string): Promise<void> {
  const { size, atime, mtime } = await stat(from);
  const there = await stat(to).catch(() => null);
  if (there?.size === size) return;
  await copyFile(from, to);
  await utimes(to, atime, mtime);
}

async function makeOnce(from: string, to: string, look: Look): Promise<void> {
  if (await stat(to).catch(() => null)) return;
  // Loaded here, so that Kith starts without it.
  const { default: sharp } = await import('sharp');
  const { width, height } = await sharp(from).metadata();
  const [left, top, wide, high] = look.part;
  let photo = sharp(from)
    .extract({
      left: Math.round(left * width),
      top: Math.round(top * height),
      width: Math.floor(wide * width),
      height: Math.floor(high * height),
    })
    .resize(look.side, look.side, { fit: 'inside' })
    .modulate({ brightness: look.brightness })
    .flop(look.mirrored);
  if (look.blur > 0) photo = photo.blur(look.blur);
  const draft = `${to}.part`;
  await photo.jpeg({ quality: QUALITY }).toFile(draft);
  await rename(draft, to);
}
