import { dirname, extname, join, parse } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { KithError, UnreadablePhoto } from '../contract/errors.ts';
import { type DecodedPhoto, decode, openPhoto } from '../vision/decode.ts';
import { requireFolder } from './claim.ts';
import { drawMarks, type Mark } from './drawing.ts';
import { clearDrafts, unwritable, writeWhole } from './files.ts';
import { NameBook } from './names.ts';
import { answered, writablePlace } from './place.ts';
import { owner, requireOwn, signed } from './signature.ts';

const JPEG_QUALITY = 90;

/** The longest side that a JPEG can have. */
const FULL_SIZE = 65_535;

export interface PhotoToAnnotate {
  /** Absolute path of the photo. */
  path: string;
  /** How it is called in the output: relative to the scanned folder, `/` between its parts. */
  name: string;
  marks: Mark[];
}

/** Formats that an annotated picture can have, by the extension asked for. */
const ENCODERS: Record<string, (image: Sharp) => Sharp> = {
  '.jpg': (image) => image.jpeg({ quality: JPEG_QUALITY }),
  '.jpeg': (image) => image.jpeg({ quality: JPEG_QUALITY }),
  '.png': (image) => image.png(),
  '.webp': (image) => image.webp({ quality: JPEG_QUALITY }),
};

/**
 * Draws the boxes on one photo and writes it to `target`, upright and at full size.
 * @throws KithError `bad-request` for another extension than .jpg, .png or .webp; `output-unwritable` also where
 *   `target` exists and was not drawn by Kith; `photo-unreadable`.
 */
export async function annotatePhoto(path: string, marks: Mark[], target: string): Promise<void> {
  const encode = ENCODERS[extname(target).toLowerCase()];
  if (encode === undefined) {
    throw new KithError(
      'bad-request',
      `Expected a name ending in .jpg, .png or .webp but received ${target}`,
    );
  }
  await requireOwn(target);
  await clearDrafts(dirname(target));
  await writeWhole(target, await encode(await draw(path, marks)).toBuffer());
}

/**
 * Writes a copy with boxes for each photo, as JPEG, in the same subfolders. Another's file of the same name is
 * left alone: the copy then gets another name.
 * @param afterEach told of each photo that is settled: with the reason where it could not be drawn.
 * @returns how many were written.
 * @throws KithError `disk-full`; `output-unwritable`, also where a link stands for one of the subfolders
 */
export async function annotatePhotos(
  folder: string,
  photos: PhotoToAnnotate[],
  afterEach: (photo: PhotoToAnnotate, failure: KithError | null) => void = () => undefined,
): Promise<number> {
  const root = await answered(folder, writablePlace(folder));
  const book = new NameBook();
  let written = 0;
  for (const photo of photos) {
    const target = await freePlace(root, photo.name, book);
    try {
      await annotatePhoto(photo.path, photo.marks, target);
      written += 1;
      afterEach(photo, null);
    } catch (error) {
      // A photo that vanished since the scan is no reason to leave the others undrawn.
      if (!(error instanceof KithError) || error.code !== 'photo-unreadable') throw error;
      afterEach(photo, error);
    }
  }
  return written;
}

async function freePlace(folder: string, name: string, book: NameBook): Promise<string> {
  const { dir, name: stem } = parse(name);
  await requireNoLinks(folder, dir);
  for (;;) {
    const target = join(folder, book.take(dir, stem, '.jpg'));
    if ((await owner(target)) !== 'somebody') return target;
  }
}

/** A link in the folder may lead anywhere. */
async function requireNoLinks(folder: string, within: string): Promise<void> {
  let path = folder;
  for (const part of within.split('/').filter(Boolean)) {
    path = join(path, part);
    try {
      await requireFolder(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw unwritable(path, error);
    }
  }
}

async function draw(path: string, marks: Mark[]): Promise<Sharp> {
  const { data, width, height } = await pixels(path);
  const overlay = Buffer.from(drawMarks(marks, { width, height }));
  const photo = sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false });
  return signed(photo.composite([{ input: overlay }]));
}

async function pixels(path: string): Promise<DecodedPhoto> {
  try {
    return await decode(await openPhoto(path), FULL_SIZE);
  } catch (error) {
    if (!(error instanceof UnreadablePhoto)) throw error;
    throw new KithError('photo-unreadable', error.detail, { cause: error });
  }
}
