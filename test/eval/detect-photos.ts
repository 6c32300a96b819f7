import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type OverlayOptions } from 'sharp';
import { decode, openPhoto } from '../../electron/vision/decode.ts';
import { random } from '../fixtures/random.ts';
import { type Place, withoutFaces } from './detect-empty.ts';
import {
  closeUps,
  type DetectPhoto,
  jpeg,
  type Portrait,
  portraits,
  type Rect,
  sample,
} from './detect-portraits.ts';
import { lfwFiles } from './lfw.ts';

/** Raised when photos are made in another way, so that nobody measures on old ones. */
const VERSION = 2;

/** Sides of photos of 12 and of 24 megapixels, as cameras take them. */
const FORMATS = [
  { width: 4000, height: 3000 },
  { width: 6000, height: 4000 },
] as const;

/** Width of a face in pixels, and how many stand on a photo. */
const CROWDS = [
  [40, 80],
  [55, 80],
  [70, 60],
  [110, 40],
  [176, 24],
  [308, 10],
] as const;

/** Of the photos that are turned, in half-light, or grainy. */
const LARGE_ENOUGH = 110;

/** Class photos and what else a detector has to stand; made once. @returns their folder, and what is on them */
export async function detectPhotos(
  cache: string,
  report: (what: string) => void,
): Promise<{ folder: string; photos: DetectPhoto[] }> {
  const folder = join(cache, `detect-${VERSION}`);
  if (!existsSync(folder)) {
    const draft = `${folder}.draft`;
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true });
    const photos = await make(draft, report);
    await writeFile(join(draft, 'truth.json'), JSON.stringify(photos));
    await rename(draft, folder);
  }
  return { folder, photos: JSON.parse(await readFile(join(folder, 'truth.json'), 'utf8')) };
}

async function make(folder: string, report: (what: string) => void): Promise<DetectPhoto[]> {
  const next = random(15);
  const people = await portraits(report);
  const places = await backgrounds();
  const photos: DetectPhoto[] = [];
  const frontal = people.filter(({ yaw }) => yaw < 0.2);
  for (const { width, height } of FORMATS) {
    for (const [order, [size, count]] of CROWDS.entries()) {
      // Two backgrounds each, so that every size has a turn on all kinds.
      for (const at of [0, 1]) {
        const place = places[(order + at * 2) % places.length]!;
        const megapixels = Math.round((width * height) / 1e6);
        const file = `class-${megapixels}mp-${size}-${at}.jpg`;
        report(file);
        const some = sample(frontal, count, next);
        const photo = await crowd({ width, height }, await place(width, height), some, size, next);
        await writeFile(join(folder, file), await jpeg(sharp(photo.picture)));
        const entry = { file, kind: 'class', megapixels, size, faces: photo.faces };
        photos.push(entry);
        if (at > 0 || megapixels > 12 || size < LARGE_ENOUGH) continue;
        for (const angle of [90, 180, 270] as const) photos.push(await turned(folder, entry, angle));
        photos.push(await dark(folder, entry));
      }
    }
  }
  photos.push(...(await closeUps(folder, people, next)));
  for (const [at, picture] of (await withoutFaces(places, next)).entries()) {
    const file = `empty-${at}.jpg`;
    const { width, height } = await sharp(picture).metadata();
    await writeFile(join(folder, file), await jpeg(sharp(picture)));
    photos.push({ file, kind: 'empty', megapixels: Math.round((width * height) / 1e6), size: 0, faces: [] });
  }
  for (const [at, { path, box }] of sample(people, 40, next).entries()) {
    const file = `portrait-${at}.jpg`;
    await copyFile(path, join(folder, file));
    const entry = { file, kind: 'portrait', megapixels: 0, size: Math.round(box[2]), faces: [box] };
    photos.push(entry);
    for (const angle of [90, 180, 270] as const) photos.push(await turned(folder, entry, angle));
  }
  return photos;
}

/** Photos without people: a waterfall, a castle, a statue of a fox, painted meerkats; enlarged, with a camera's noise. */
async function backgrounds(): Promise<Place[]> {
  const folder = join(lfwFiles().pictures, '../../photos');
  const names = [
    'orientation/Landscape_1.jpg',
    'formats/iphone_7.heic',
    'formats/fox.profile0.8bpc.yuv420.avif',
    'formats/iphone_15_pro.heic',
  ];
  return Promise.all(
    names.map(async (name): Promise<Place> => {
      const { data, width, height } = await decode(await openPhoto(join(folder, name)), 4032);
      const picture = await sharp(data, { raw: { width, height, channels: 3 } })
        .png({ compressionLevel: 1 })
        .toBuffer();
      return async (wide, high) => {
        const noise = await sharp({
          create: {
            ...{ width: wide, height: high, channels: 3, background: '#808080' },
            noise: { type: 'gaussian', mean: 128, sigma: 8 },
          },
        })
          .png({ compressionLevel: 1 })
          .toBuffer();
        return sharp(picture)
          .resize(wide, high, { fit: 'cover' })
          .composite([{ input: noise, blend: 'soft-light' }])
          .png({ compressionLevel: 1 })
          .toBuffer();
      };
    }),
  );
}

/** Faces of one width on a background, each in a field of its own, with soft edges. */
async function crowd(
  { width, height }: { width: number; height: number },
  background: Buffer,
  people: readonly Portrait[],
  size: number,
  next: () => number,
): Promise<{ picture: Buffer; faces: Rect[] }> {
  const reach = Math.ceil(size * HEAD);
  const columns = Math.floor(width / reach);
  const rows = Math.floor(height / reach);
  const fields = sample([...Array(columns * rows).keys()], people.length, next);
  const overlays: OverlayOptions[] = [];
  const faces: Rect[] = [];
  for (const [at, person] of people.entries()) {
    const { picture, box, side } = await headOf(person, size);
    const [column, row] = [fields[at]! % columns, Math.floor(fields[at]! / columns)];
    const left = Math.floor(column * reach + next() * (reach - side.width));
    const top = Math.floor(row * reach + next() * Math.max(0, reach - side.height));
    if (left + side.width > width || top + side.height > height) continue;
    overlays.push({ input: picture, left, top });
    faces.push([left + box[0], top + box[1], box[2], box[3]]);
  }
  const picture = await sharp(background).composite(overlays).png({ compressionLevel: 1 }).toBuffer();
  return { picture, faces };
}

/** Side of what is cut out around a face, in widths of its box: hair and shoulders. */
const HEAD = 2.2;

/** A head with soft edges, as wide as asked for. @returns `box` of its face, in pixels of the picture */
async function headOf({ path, box, width, height }: Portrait, size: number) {
  const [x, y, wide, high] = box;
  const half = (wide * HEAD) / 2;
  const left = Math.max(0, Math.round(x + wide / 2 - half));
  const top = Math.max(0, Math.round(y + high / 2 - half));
  const right = Math.min(width, Math.round(x + wide / 2 + half));
  const bottom = Math.min(height, Math.round(y + high / 2 + half));
  const scale = size / wide;
  const side = {
    width: Math.max(1, Math.floor((right - left) * scale)),
    height: Math.max(1, Math.floor((bottom - top) * scale)),
  };
  const mask = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${side.width}" height="${side.height}"><defs><radialGradient id="g"><stop offset=".85" stop-color="#fff"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient></defs><rect width="100%" height="100%" fill="url(#g)"/></svg>`,
  );
  const picture = await sharp(path)
    .extract({ left, top, width: right - left, height: bottom - top })
    .resize(side.width, side.height, { fit: 'fill', kernel: 'cubic' })
    .ensureAlpha()
    .composite([{ input: mask, blend: 'dest-in' }])
    .png()
    .toBuffer();
  const inside: Rect = [(x - left) * scale, (y - top) * scale, size, high * scale];
  return { picture, box: inside, side };
}

/** The same photo lying on its side or upside down, with nothing in the file that says so. */
async function turned(folder: string, of: DetectPhoto, angle: 90 | 180 | 270): Promise<DetectPhoto> {
  const file = `turned-${angle}-${of.file}`;
  const picture = sharp(join(folder, of.file));
  const { width, height } = await picture.metadata();
  await writeFile(join(folder, file), await jpeg(picture.rotate(angle)));
  const faces = of.faces.map(([x, y, w, h]): Rect => {
    if (angle === 90) return [height - y - h, x, h, w];
    return angle === 180 ? [width - x - w, height - y - h, w, h] : [y, width - x - w, h, w];
  });
  return { ...of, file, kind: `${of.kind}, turned ${angle}°`, faces };
}

/** The same photo in a fifth of the light, with a small camera's noise. */
async function dark(folder: string, of: DetectPhoto): Promise<DetectPhoto> {
  const file = `dark-${of.size}.jpg`;
  const path = join(folder, of.file);
  const { width, height } = await sharp(path).metadata();
  const noise = await sharp({
    create: {
      ...{ width, height, channels: 3, background: '#000' },
      noise: { type: 'gaussian', mean: 10, sigma: 12 },
    },
  })
    .png({ compressionLevel: 1 })
    .toBuffer();
  const dim = await sharp(path).linear(0.2, 0).png({ compressionLevel: 1 }).toBuffer();
  await writeFile(join(folder, file), await jpeg(sharp(dim).composite([{ input: noise, blend: 'add' }])));
  return { ...of, file, kind: 'dark, grainy' };
}
