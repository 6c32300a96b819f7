import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { PixelBox } from '../../electron/contract/geometry.ts';
import type { DetectorId } from '../../electron/contract/ids.ts';
import { type DecodedPhoto, decode, openPhoto } from '../../electron/vision/decode.ts';
import type { Detector } from '../../electron/vision/detect/detector.ts';
import { loadDetector } from '../../electron/vision/load.ts';
import { openStore } from '../../models/store.ts';
import { central } from './crops.ts';
import { lfwFiles } from './lfw.ts';

const PORTRAITS = 50;

/** Longest side of a close-up, in pixels: what Kith decodes photos to. */
const SIDE = 1600;

/** Side of what a close-up shows, in sides of the face's box: from a face that is cut off to head and shoulders. */
const MARGINS = [0.8, 1, 1.2, 1.5, 2] as const;

/** The edge of a face's box, in shares of its sides, that does not count: people behind are seen in its corners. */
const EDGE = 0.1;

/** How many boxes close-ups got on their face. */
interface Boxes {
  none: number;
  one: number;
  more: number;
}

/**
 * Portraits of LFW enlarged until their face fills the frame, and how many boxes each detector puts on that face. Boxes on
 * people behind it do not count.
 *
 * @returns a table in Markdown
 */
export async function countCloseUps(detectors: readonly DetectorId[]): Promise<string> {
  const rows: string[] = [];
  for (const id of detectors) {
    const detector = await loadDetector(id, openStore());
    const found = await countedBy(detector);
    await detector.dispose();
    for (const [margin, { none, one, more }] of found)
      rows.push(`| ${id} | ${margin} | ${none} | ${one} | ${more} |`);
  }
  return [
    '| detector | frame, in sides of the face | no box | one box | more |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

async function countedBy(detector: Detector): Promise<Map<number, Boxes>> {
  const counted = new Map<number, Boxes>(MARGINS.map((margin) => [margin, { none: 0, one: 0, more: 0 }]));
  let portraits = 0;
  for (const file of portraitFiles()) {
    if (portraits === PORTRAITS) break;
    const photo = await decode(await openPhoto(file), SIDE);
    const face = central(await detector.detect(photo), photo);
    if (!face) continue;
    portraits += 1;
    for (const [margin, boxes] of counted) {
      const { closeUp, place } = await enlarged(photo, face.box, margin);
      const on = (await detector.detect(closeUp)).filter(({ box }) => holds(place, centreOf(box)));
      boxes[on.length === 0 ? 'none' : on.length === 1 ? 'one' : 'more'] += 1;
    }
  }
  return counted;
}

/** One photo each of people from all over the alphabet, more than are needed. */
function portraitFiles(): string[] {
  const { pictures } = lfwFiles();
  const people = readdirSync(pictures).toSorted();
  const step = Math.floor(people.length / (PORTRAITS * 1.2));
  return people
    .filter((_, index) => index % step === 0)
    .map((person) => join(pictures, person, readdirSync(join(pictures, person)).toSorted()[0]!));
}

/** What lies around a face, enlarged. @returns `place`: the face's box on the close-up, in pixels */
async function enlarged(
  photo: DecodedPhoto,
  box: PixelBox,
  margin: number,
): Promise<{ closeUp: DecodedPhoto; place: PixelBox }> {
  const half = (Math.max(box.width, box.height) * margin) / 2;
  const centre = centreOf(box);
  const left = Math.max(0, Math.round(centre.x - half));
  const top = Math.max(0, Math.round(centre.y - half));
  const width = Math.min(photo.width, Math.round(centre.x + half)) - left;
  const height = Math.min(photo.height, Math.round(centre.y + half)) - top;
  const raw = { width: photo.width, height: photo.height, channels: 3 } as const;
  const { data, info } = await sharp(photo.data, { raw })
    .extract({ left, top, width, height })
    .resize(SIDE, SIDE, { fit: 'inside', kernel: 'cubic' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const scale = info.width / width;
  const sides = { width: info.width, height: info.height, fullWidth: info.width, fullHeight: info.height };
  const place = {
    x: (box.x - left) * scale,
    y: (box.y - top) * scale,
    width: box.width * scale,
    height: box.height * scale,
  } as PixelBox;
  return { closeUp: { ...photo, data, ...sides }, place };
}

function centreOf(box: PixelBox): { x: number; y: number } {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Whether a point lies on the face in a box. */
function holds(box: PixelBox, { x, y }: { x: number; y: number }): boolean {
  const across = (x - box.x) / box.width;
  const down = (y - box.y) / box.height;
  return Math.min(across, down) >= EDGE && Math.max(across, down) <= 1 - EDGE;
}
