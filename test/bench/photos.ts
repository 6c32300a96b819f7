import { access, mkdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type OverlayOptions } from 'sharp';
import { random } from '../fixtures/random.ts';
import { headOf, SAMPLE_FACES } from '../fixtures/sample-faces.ts';

/** Raised when the photos are made in another way, so that nobody measures on old ones. */
const VERSION = 1;

/** Sides of a photo of 12 and of 24 megapixels, as cameras take them. */
const FORMATS = [
  { width: 4000, height: 3000 },
  { width: 6000, height: 4000 },
] as const;

const MOST_FACES = 8;

/** Each format with 0 to 8 faces, `rounds` times over, with other faces in other places. @returns their paths */
export async function largePhotos(rounds: number): Promise<string> {
  return cached(`large-${rounds}`, async (folder) => {
    const next = random(1);
    for (let round = 0; round < rounds; round += 1) {
      for (const format of FORMATS) {
        for (let faces = 0; faces <= MOST_FACES; faces += 1) {
          const megapixels = Math.round((format.width * format.height) / 1e6);
          await writePhoto(join(folder, `${megapixels}mp-${faces}-faces-${round}.jpg`), format, faces, next);
        }
      }
    }
  });
}

/** Small photos of one face each, no two the same: for how fast an unchanged folder is passed over. */
export async function smallPhotos(count: number): Promise<string> {
  return cached(`small-${count}`, async (folder) => {
    const next = random(2);
    for (let index = 0; index < count; index += 1) {
      await writePhoto(join(folder, `${index}.jpg`), { width: 320, height: 240 }, 1, next);
    }
  });
}

/** Made once per machine: a folder of the system's for temporary files, complete or not there. */
async function cached(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(tmpdir(), `kith-bench-${VERSION}`, name);
  const complete = await access(folder).then(
    () => true,
    () => false,
  );
  if (complete) return folder;
  const draft = `${folder}.draft`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  await make(draft);
  await rename(draft, folder);
  return folder;
}

async function writePhoto(
  path: string,
  size: { width: number; height: number },
  faces: number,
  next: () => number,
): Promise<void> {
  const overlays: OverlayOptions[] = [{ input: sky(size, next) }, ...(await pasteFaces(size, faces, next))];
  const sigma = 6 + 4 * next();
  await sharp({
    create: { ...size, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma } },
  })
    .composite(overlays)
    .jpeg({ quality: 88 })
    .toFile(path);
}

/** A drawn background that lets the noise through, so that the JPEG is about as heavy as a camera's. */
function sky({ width, height }: { width: number; height: number }, next: () => number): Buffer {
  const hue = Math.round(360 * next());
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><linearGradient id="g" x2="0" y2="1"><stop stop-color="hsl(${hue},60%,70%)"/><stop offset="1" stop-color="hsl(${hue + 60},50%,30%)"/></linearGradient></defs><rect width="100%" height="100%" fill="url(#g)" fill-opacity=".8"/></svg>`,
  );
}

/** Heads cut out of the sample photos, no person twice, each somewhere in a field of its own. */
async function pasteFaces(
  { width, height }: { width: number; height: number },
  count: number,
  next: () => number,
): Promise<OverlayOptions[]> {
  const people = [...SAMPLE_FACES];
  const [columns, rows] = count === 1 ? [1, 1] : [4, 2];
  const field = { width: Math.floor(width / columns), height: Math.floor(height / rows) };
  const overlays: OverlayOptions[] = [];
  for (let index = 0; index < count; index += 1) {
    const [person] = people.splice(Math.floor(next() * people.length), 1);
    const side = Math.floor(Math.min(field.width, field.height) * (0.5 + 0.4 * next()));
    overlays.push({
      input: await headOf(person!, side),
      left: (index % columns) * field.width + Math.floor(next() * (field.width - side)),
      top: Math.floor(index / columns) * field.height + Math.floor(next() * (field.height - side)),
    });
  }
  return overlays;
}
