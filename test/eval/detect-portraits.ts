import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { decode, openPhoto } from '../../electron/vision/decode.ts';
import { loadDetector } from '../../electron/vision/load.ts';
import { openStore } from '../../models/store.ts';
import { central } from './crops.ts';
import { lfwFiles } from './lfw.ts';

export type Rect = [left: number, top: number, width: number, height: number];

/** A made photo, and where its faces are. */
export interface DetectPhoto {
  /** Name within the folder. */
  file: string;
  /** `class`, `turned`, `dark`, `close`, `cut`, `profile` or `empty`. */
  kind: string;
  /** Megapixels. */
  megapixels: number;
  /** Width of its faces in pixels of the file; 0 for a photo without any. */
  size: number;
  /** Boxes of its faces, in pixels of the file. */
  faces: Rect[];
}

/** A face of LFW, as YuNet finds it on its own picture. */
export interface Portrait {
  path: string;
  box: Rect;
  /** How far the nose stands off the middle between the eyes, in distances of the eyes: 0 frontal, 0.5 in profile. */
  yaw: number;
  width: number;
  height: number;
}

export const jpeg = (picture: Sharp) => picture.jpeg({ quality: 90 }).toBuffer();

/** One picture each of LFW's people, where YuNet is sure of the face in its middle. */
export async function portraits(report: (what: string) => void): Promise<Portrait[]> {
  const detector = await loadDetector('yunet', openStore());
  const { pictures } = lfwFiles();
  const found: Portrait[] = [];
  for (const [at, person] of readdirSync(pictures).toSorted().entries()) {
    if (at % 3 > 0) continue;
    if (at % 300 === 0) report(`${at} people of LFW`);
    const path = join(pictures, person, readdirSync(join(pictures, person)).toSorted()[0]!);
    const photo = await decode(await openPhoto(path), 1600);
    const face = central(await detector.detect(photo), photo);
    if (!face || face.score < 0.85 || face.landmarks === null) continue;
    const { x, y, width, height } = face.box;
    const [right, left, nose] = face.landmarks;
    const eyes = Math.abs(left!.x - right!.x);
    const yaw = Math.abs(nose!.x - (left!.x + right!.x) / 2) / Math.max(1, eyes);
    found.push({ path, box: [x, y, width, height], yaw, width: photo.width, height: photo.height });
  }
  await detector.dispose();
  return found;
}

/** Sides of a photo of one face. */
const PORTRAIT = { width: 1200, height: 1600 } as const;

/** Forty photos each: a face that fills the frame, one that is cut in half by an edge, and one in profile. */
export async function closeUps(
  folder: string,
  people: readonly Portrait[],
  next: () => number,
): Promise<DetectPhoto[]> {
  const photos: DetectPhoto[] = [];
  const profiles = people.toSorted((a, b) => b.yaw - a.yaw).slice(0, 40);
  const others = sample(people, 80, next);
  for (const [at, person] of [...profiles, ...others].entries()) {
    const kind = at < 40 ? 'profile' : at < 80 ? 'close' : 'cut';
    const frame = frameOf(person, kind);
    const [left, top, width, height] = frame;
    const file = `${kind}-${at}.jpg`;
    const picture = sharp(person.path)
      .extract({ left, top, width, height })
      .resize({ width: PORTRAIT.width, height: PORTRAIT.height, fit: 'inside', kernel: 'cubic' });
    await writeFile(join(folder, file), await jpeg(picture));
    const scale = Math.min(PORTRAIT.width / width, PORTRAIT.height / height);
    const [x, y, w, h] = person.box;
    const [x1, y1] = [Math.max(0, x - left), Math.max(0, y - top)];
    const face: Rect = [
      x1 * scale,
      y1 * scale,
      (Math.min(x + w - left, width) - x1) * scale,
      (Math.min(y + h - top, height) - y1) * scale,
    ];
    photos.push({ file, kind, megapixels: 2, size: Math.round(w * scale), faces: [face] });
  }
  return photos;
}

/** What of a picture is shown: all around a profile, only the face, or the face from its middle on. */
function frameOf({ box: [x, y, w, h], width, height }: Portrait, kind: string): Rect {
  const grow = kind === 'profile' ? 0.8 : 0.08;
  const left = kind === 'cut' ? x + w / 2 : x - w * grow;
  const right = kind === 'cut' ? x + w * 2 : x + w * (1 + grow);
  const [x1, y1] = [Math.max(0, Math.round(left)), Math.max(0, Math.round(y - h * (grow + 0.1)))];
  return [
    x1,
    y1,
    Math.min(width, Math.round(right)) - x1,
    Math.min(height, Math.round(y + h * (1.1 + grow))) - y1,
  ];
}

export function sample<T>(of: readonly T[], count: number, next: () => number): T[] {
  const left = [...of];
  const taken: T[] = [];
  while (taken.length < count && left.length > 0) {
    taken.push(...left.splice(Math.floor(next() * left.length), 1));
  }
  return taken;
}
