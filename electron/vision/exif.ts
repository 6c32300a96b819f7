import ExifReader from 'exifreader';
import type { Shot } from '../contract/vision.ts';

/**
 * When the camera took the photo, in its local time. ExifReader, because it reads the EXIF block of HEIC, AVIF, PNG and
 * WebP as well as that of JPEG and TIFF.
 * @returns `YYYY-MM-DDTHH:MM:SS`, or null where the file doesn't say so in a valid way. Never throws.
 */
export function takenAt(bytes: Buffer): string | null {
  return toLocalTime(readTag(bytes, 'DateTimeOriginal')?.description);
}

/** How the picture must be turned and mirrored to be upright, 1..8; 1 (not at all) where the file doesn't say. */
export function exifOrientation(bytes: Buffer): number {
  const value = readTag(bytes, 'Orientation')?.value;
  return typeof value === 'number' && value >= 1 && value <= 8 ? value : 1;
}

/** Make and model of the camera, such as `FUJIFILM X-T5`; null where the file names none. Never throws. */
export function cameraOf(bytes: Buffer): string | null {
  const [make, model] = [textOf(bytes, 'Make'), textOf(bytes, 'Model')];
  // Many cameras say their maker twice.
  const [maker = ''] = make?.split(/\s/) ?? [];
  const saysBoth = model?.toLowerCase().startsWith(maker.toLowerCase());
  return saysBoth ? model : [make, model].filter((part) => part !== null).join(' ') || null;
}

/** How the photo was taken; null is what the file doesn't say. Never throws. */
export function shotOf(bytes: Buffer): Shot {
  const number = (tag: 'FNumber' | 'ExposureTime' | 'ISOSpeedRatings' | 'FocalLength') => {
    const value: unknown = readTag(bytes, tag)?.value;
    const [over, under = 1] = (Array.isArray(value) ? value : [value]) as unknown[];
    const found = Number(over) / Number(under);
    return Number.isFinite(found) && found > 0 ? found : null;
  };
  return {
    camera: cameraOf(bytes),
    lens: textOf(bytes, 'LensModel'),
    aperture: number('FNumber'),
    exposure: number('ExposureTime'),
    iso: number('ISOSpeedRatings'),
    focalLength: number('FocalLength'),
  };
}

function textOf(bytes: Buffer, tag: 'Make' | 'Model' | 'LensModel'): string | null {
  return readTag(bytes, tag)?.description?.trim() || null;
}

type Tag =
  | 'DateTimeOriginal'
  | 'Orientation'
  | 'Make'
  | 'Model'
  | 'LensModel'
  | 'FNumber'
  | 'ExposureTime'
  | 'ISOSpeedRatings'
  | 'FocalLength';

function readTag<T extends Tag>(bytes: Buffer, tag: T) {
  try {
    return ExifReader.load(bytes, { expanded: true, includeTags: { exif: [tag] } }).exif?.[tag];
  } catch {
    // Photos without a date, or with a damaged one, are usual.
    return undefined;
  }
}

function toLocalTime(text: string | undefined): string | null {
  const match = /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)/.exec(text ?? '');
  if (match === null) return null;
  const [, year, month, day, hour, minute, second] = match;
  const time = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  // Cameras whose clock was never set write 0000:00:00, others 31 February: a date must survive a round trip.
  const parsed = new Date(`${time}Z`);
  return Number.isNaN(parsed.getTime()) || !parsed.toISOString().startsWith(time) ? null : time;
}
