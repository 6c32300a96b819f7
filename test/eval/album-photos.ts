import { access, copyFile, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import PQueue from 'p-queue';
import sharp from 'sharp';
import type { AlbumPlan, PlacedFace, PlannedPhoto } from './album-plan.ts';

/** Height of the face in the middle of a picture of LFW, whose sides are 250, in pixels. */
const FACE = 114;

/** Sides of what is cut out around it: the head, and hardly ever a bystander. */
const CUT = Math.round(1.6 * FACE);

/** Paints what is planned; what is there already stays. @returns the folder of photos */
export async function paintAlbum(plan: AlbumPlan, pictures: string, out: string): Promise<string> {
  const folder = join(out, `album-${plan.key}`);
  await mkdir(folder, { recursive: true });
  const queue = new PQueue({ concurrency: 2 });
  await queue.addAll(
    plan.photos.map((photo) => async () => {
      const path = join(folder, photo.name);
      const isThere = await access(path).then(
        () => true,
        () => false,
      );
      if (isThere) return;
      await paint(photo, pictures, join(folder, `.${photo.name}`));
      await rename(join(folder, `.${photo.name}`), path);
    }),
  );
  return folder;
}

async function paint(photo: PlannedPhoto, pictures: string, path: string): Promise<void> {
  if (photo.asIs) return copyFile(join(pictures, photo.faces[0]!.picture), path);
  const { width, height, background, quality } = photo;
  const [from, to] = background;
  const canvas = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <linearGradient id="g" x2="1" y2="1"><stop stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient>
    <rect width="100%" height="100%" fill="url(#g)"/></svg>`;
  const parts = await Promise.all(
    photo.faces.map(async (face) => {
      const side = cutSide(face);
      const input = await cutOut(face, join(pictures, face.picture));
      return { input, left: Math.round(face.x - side / 2), top: Math.round(face.y - side / 2) };
    }),
  );
  await sharp(Buffer.from(canvas)).composite(parts).removeAlpha().jpeg({ quality }).toFile(path);
}

/** The head of one picture, tilted, lit and scaled as planned. */
async function cutOut(face: PlacedFace, picture: string): Promise<Buffer> {
  const turned = await sharp(picture)
    .rotate(face.tilt, { background: 'grey' })
    .toBuffer({ resolveWithObject: true });
  const { width, height } = turned.info;
  const left = Math.round((width - CUT) / 2);
  const top = Math.round((height - CUT) / 2);
  const side = cutSide(face);
  const { brightness, contrast, saturation, mirrored = false } = face;
  return sharp(turned.data)
    .extract({ left, top, width: CUT, height: CUT })
    .flop(mirrored)
    .resize(side, side)
    .modulate({ saturation })
    .linear(contrast * brightness, 128 * (1 - contrast) * brightness)
    .png()
    .toBuffer();
}

function cutSide({ height }: PlacedFace): number {
  return Math.round((CUT * height) / FACE);
}
