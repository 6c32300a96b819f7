import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { type PixelBox, toPixelBox } from '../../electron/contract/geometry.ts';
import type { DetectorId, EncoderKey } from '../../electron/contract/ids.ts';
import type { FoundFace } from '../../electron/contract/vision.ts';
import { evidence } from '../../electron/grouping/calibrate.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { type DecodedPhoto, decode, openPhoto } from '../../electron/vision/decode.ts';
import { coverFaces } from '../../electron/vision/hide.ts';
import { createPipeline } from '../../electron/vision/pipeline.ts';
import { openStore } from '../../models/store.ts';
import { samples } from '../golden/models-reference.ts';

/** Covers the faces of a photo in place. */
type Cover = (photo: DecodedPhoto, boxes: PixelBox[]) => void | Promise<void>;

/** Changes the place of a face; gives as many pixels as it was given. */
type Change = (part: Sharp, size: { width: number; height: number; box: number }) => Promise<Buffer>;

const COVERS: Record<string, Cover> = {
  nothing: () => {},
  'blur, σ 5 % of the box': within((part, { box }) =>
    part
      .blur(box * 0.05)
      .raw()
      .toBuffer(),
  ),
  'blur, σ 10 %': within((part, { box }) =>
    part
      .blur(box * 0.1)
      .raw()
      .toBuffer(),
  ),
  'blur, σ 20 %': within((part, { box }) =>
    part
      .blur(box * 0.2)
      .raw()
      .toBuffer(),
  ),
  'blur, σ 40 %': within((part, { box }) =>
    part
      .blur(box * 0.4)
      .raw()
      .toBuffer(),
  ),
  'mosaic, 16 squares across': mosaic(16),
  'mosaic, 8': mosaic(8),
  'mosaic, 8, with noise of ±30': mosaic(8, 30),
  'mosaic, 4': mosaic(4),
  black: within(async (_, { width, height }) => Buffer.alloc(width * height * 3)),
  'what is around it (Kith)': (photo, boxes) => coverFaces(photo, boxes, []),
};

/**
 * How well an encoder still knows the faces of face-api's group photos below each kind of cover, at the very places where
 * they were.
 *
 * @returns a table in Markdown
 */
export async function compareCovers(detector: DetectorId, encoder: EncoderKey, out: string): Promise<string> {
  mkdirSync(out, { recursive: true });
  const models = [...openStore().folders];
  const pipeline = await createPipeline({ detector, encoder, models, maxSide: 1600 });
  const calibration = calibrationOf(encoder);
  const likeness = (a: Float32Array, b: Float32Array) => {
    const dot = a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    return evidence(Math.sqrt(Math.max(0, 2 - 2 * dot)), 1, 1, calibration);
  };
  const photos: { path: string; faces: FoundFace[] }[] = [];
  for (const { path } of samples) photos.push({ path, faces: (await pipeline.analyse(path)).faces });
  const all = photos.flatMap(({ faces }) => faces);
  const rows = [
    `| ${encoder}, ${all.length} faces | rather the same person | enough to group | found first of all | highest evidence | second |`,
    '|---|---|---|---|---|---|',
  ];
  for (const [name, cover] of Object.entries(COVERS)) {
    const covered: { was: FoundFace; now: Float32Array }[] = [];
    for (const { path, faces } of photos) {
      const now = await covering(path, faces, cover);
      faces.forEach((was, i) => {
        covered.push({ was, now: now[i]! });
      });
    }
    const own = covered.map(({ was, now }) => likeness(was.embedding, now)).toSorted((a, b) => b - a);
    const first = covered.filter(({ was, now }) =>
      all.every((other) => likeness(other.embedding, now) <= likeness(was.embedding, now)),
    );
    const counts = [own.filter((at) => at > 0), own.filter((at) => at > calibration.link), first];
    const cells = [...counts.map(({ length }) => length), own[0]!.toFixed(1), own[1]!.toFixed(1)];
    rows.push(`| ${[name, ...cells].join(' | ')} |`);
  }
  await pipeline.dispose();
  return rows.join('\n');

  async function covering(path: string, faces: FoundFace[], cover: Cover): Promise<Float32Array[]> {
    const photo = await decode(await openPhoto(path), 65_535);
    await cover(
      photo,
      faces.map(({ box }) => toPixelBox(box, photo)),
    );
    const file = join(out, 'hidden.jpg');
    const { data, width, height } = photo;
    writeFileSync(
      file,
      await sharp(data, { raw: { width, height, channels: 3 } })
        .jpeg({ quality: 92 })
        .toBuffer(),
    );
    const { hash } = await openPhoto(file);
    const known = faces.map(({ box, landmarks }) => ({ box, landmarks, detector }));
    return pipeline.embed({ path: file, hash, faces: known });
  }
}

function mosaic(across: number, noise = 0): Cover {
  // The same numbers each time (Numerical Recipes' generator).
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  return within(async (part, { width, height }) => {
    const down = Math.max(1, Math.round((across * height) / width));
    const squares = await part.resize(across, down, { fit: 'fill' }).raw().toBuffer();
    for (let at = 0; at < squares.length; at += 3) {
      const more = 2 * noise * random();
      for (let c = 0; c < 3; c++) squares[at + c] = Math.min(255, Math.max(0, squares[at + c]! + more));
    }
    return sharp(squares, { raw: { width: across, height: down, channels: 3 } })
      .resize(width, height, { kernel: 'nearest', fit: 'fill' })
      .raw()
      .toBuffer();
  });
}

/** A cover that changes the ellipse that Kith covers. */
function within(change: Change): Cover {
  return async (photo, boxes) => {
    for (const box of boxes) {
      const [left, top] = [box.x - box.width * 0.28, box.y - box.height * 0.35].map((at) =>
        Math.max(0, Math.floor(at)),
      ) as [number, number];
      const width = Math.min(photo.width - left, Math.ceil(box.width * 1.56));
      const height = Math.min(photo.height - top, Math.ceil(box.height * 1.7));
      const part = sharp(photo.data, { raw: { width: photo.width, height: photo.height, channels: 3 } });
      const size = { width, height, box: box.width };
      const changed = await change(part.extract({ left, top, width, height }), size);
      for (let at = 0; at < width * height; at++) {
        const [x, y] = [left + (at % width), top + Math.floor(at / width)];
        const across = (x + 0.5 - box.x - box.width / 2) / (box.width * 0.78);
        const down = (y + 0.5 - box.y - box.height / 2) / (box.height * 0.85);
        if (Math.hypot(across, down) > 1) continue;
        photo.data.set(changed.subarray(at * 3, at * 3 + 3), (y * photo.width + x) * 3);
      }
    }
  };
}
