import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { iou, type PixelBox } from '../../electron/contract/geometry.ts';
import type { DetectorId } from '../../electron/contract/ids.ts';
import { closerOf } from '../../electron/vision/closer.ts';
import { type DecodedPhoto, decode, openPhoto } from '../../electron/vision/decode.ts';
import type { Detection, Detector } from '../../electron/vision/detect/detector.ts';
import { loadDetector } from '../../electron/vision/load.ts';
import { openStore } from '../../models/store.ts';
import { detectPhotos } from './detect-photos.ts';
import type { DetectPhoto } from './detect-portraits.ts';

/** What photos are reduced to before detection, as in a scan. */
const SIDE = 1600;

/** From here on two boxes are one face: what the record takes for the same face, too. */
const SAME = 0.35;

/** Photos on the picture of the worst. */
const WORST = 10;

/** What a detector did on photos of one kind. */
interface Row {
  photos: number;
  faces: number;
  found: number;
  /** Boxes on none of the faces. People behind a portrait are among them. */
  more: number;
  milliseconds: number;
}

interface Judged {
  photo: DetectPhoto;
  missed: PixelBox[];
  more: PixelBox[];
}

/**
 * Each detector on made class photos, photos that are turned, dark, cut or without a face. Puts a picture of the ten worst
 * into `folder` for each.
 *
 * @returns a table in Markdown: recall and boxes elsewhere by kind, megapixels and width of a face, milliseconds a photo
 */
export async function countDetections(
  detectors: readonly DetectorId[],
  folder: string,
  report: (what: string) => void,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const { folder: pictures, photos } = await detectPhotos(folder, report);
  const lines: string[] = [];
  for (const id of detectors) {
    const detector = await loadDetector(id, openStore());
    const rows = new Map<string, Row>();
    const judged: Judged[] = [];
    for (const photo of photos) {
      report(`${id} ${photo.file}`);
      judged.push(await judge(detector, join(pictures, photo.file), photo, rows));
    }
    await detector.dispose();
    lines.push(...[...rows].map(([name, row]) => line(id, name, row)));
    await writeFile(join(folder, `detect-${id}.png`), await worst(pictures, judged));
  }
  return [
    '| detector | photos | faces found | % | boxes elsewhere | ms a photo |',
    '|---|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}

async function judge(
  detector: Detector,
  path: string,
  photo: DetectPhoto,
  rows: Map<string, Row>,
): Promise<Judged> {
  const file = await openPhoto(path);
  const decoded = await decode(file, SIDE);
  const start = performance.now();
  const found = await detector.detect(
    decoded,
    closerOf(file, decoded, (work) => work),
  );
  const milliseconds = performance.now() - start;
  const { missed, more } = compare(photo, decoded, found);
  const row = rowOf(rows, photo);
  row.photos += 1;
  row.faces += photo.faces.length;
  row.found += photo.faces.length - missed.length;
  row.more += more.length;
  row.milliseconds += milliseconds;
  return { photo, missed, more };
}

function rowOf(rows: Map<string, Row>, { kind, megapixels, size }: DetectPhoto): Row {
  const name = kind.startsWith('class') || kind === 'dark' ? `${kind}, ${megapixels} MP, ${size} px` : kind;
  const row = rows.get(name) ?? { photos: 0, faces: 0, found: 0, more: 0, milliseconds: 0 };
  rows.set(name, row);
  return row;
}

/** Each box is for the face that it covers best; boxes are in pixels of the decoded photo. */
function compare(photo: DetectPhoto, decoded: DecodedPhoto, found: readonly Detection[]) {
  const scale = decoded.width / decoded.fullWidth;
  const left = new Set(found);
  const missed: PixelBox[] = [];
  for (const [x, y, width, height] of photo.faces) {
    const box = { x: x * scale, y: y * scale, width: width * scale, height: height * scale } as PixelBox;
    const best = [...left].toSorted((a, b) => iou(b.box, box) - iou(a.box, box))[0];
    if (best && iou(best.box, box) >= SAME) left.delete(best);
    else missed.push(box);
  }
  return { missed, more: [...left].map(({ box }) => box) };
}

function line(id: DetectorId, name: string, { photos, faces, found, more, milliseconds }: Row): string {
  const share = faces === 0 ? '' : ((100 * found) / faces).toFixed(1);
  return `| ${id} | ${photos} × ${name} | ${found} of ${faces} | ${share} | ${more} | ${Math.round(milliseconds / photos)} |`;
}

/** The photos with most mistakes: what was missed in red, what was found elsewhere in yellow. */
async function worst(folder: string, judged: readonly Judged[]): Promise<Buffer> {
  const mistakes = ({ missed, more }: Judged) => missed.length + more.length;
  const shown = judged.toSorted((a, b) => mistakes(b) - mistakes(a)).slice(0, WORST);
  const [width, height] = [800, 600];
  const tiles = await Promise.all(
    shown.map(async ({ photo, missed, more }) => {
      const { data, ...sides } = await decode(await openPhoto(join(folder, photo.file)), SIDE);
      const frame = ({ x, y, width: w, height: h }: PixelBox, colour: string) =>
        `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="none" stroke="${colour}" stroke-width="4"/>`;
      const frames = [...missed.map((box) => frame(box, 'red')), ...more.map((box) => frame(box, 'yellow'))];
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${sides.width}" height="${sides.height}">${frames.join('')}</svg>`;
      const framed = await sharp(data, { raw: { width: sides.width, height: sides.height, channels: 3 } })
        .composite([{ input: Buffer.from(svg) }])
        .png()
        .toBuffer();
      return sharp(framed).resize(width, height, { fit: 'contain' }).png().toBuffer();
    }),
  );
  return sharp({
    create: { width: 2 * width, height: Math.ceil(WORST / 2) * height, channels: 3, background: '#444' },
  })
    .composite(
      tiles.map((input, at) => ({ input, left: (at % 2) * width, top: Math.floor(at / 2) * height })),
    )
    .png()
    .toBuffer();
}
