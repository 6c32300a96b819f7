import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CropFormat, CropLook, CropPreset, fixedSize } from '../../electron/contract/crops.ts';
import { toPixelBox } from '../../electron/contract/geometry.ts';
import type { Analysis, CutFace } from '../../electron/contract/vision.ts';
import { decode, openPhoto } from '../../electron/vision/decode.ts';
import { createLandmarker, fivePoints } from '../../electron/vision/landmarks.ts';
import { createPipeline, type Pipeline } from '../../electron/vision/pipeline.ts';
import { ensureBundled } from '../../models/make.ts';
import { openStore } from '../../models/store.ts';
import { samples } from './models-reference.ts';

// Faces cut out of real photos by the real networks, for each preset.

const { path } = samples[0]!;
let folder: string;
let pipeline: Pipeline;
let photo: Analysis;

beforeAll(async () => {
  await ensureBundled();
  folder = await mkdtemp(join(tmpdir(), 'kith-cut-'));
  const models = [...openStore().folders];
  pipeline = await createPipeline({ detector: 'ssd', encoder: 'dlib', models, maxSide: 1600 });
  photo = await pipeline.analyse(path, { chips: true });
}, 60_000);
afterAll(async () => {
  await pipeline.dispose();
  await rm(folder, { recursive: true, force: true });
});

function cut(
  look: Partial<CropLook>,
  of = photo.faces[0]!,
  from = path,
  hash = photo.hash,
): Promise<CutFace> {
  const face = { box: of.box, landmarks: of.landmarks, detector: 'ssd' as const };
  return pipeline.cut({ path: from, hash, face, look: CropLook.parse(look) });
}

const raw = (bytes: Uint8Array) => sharp(bytes).removeAlpha().raw().toBuffer();

describe('A face cut out of its photo', () => {
  it('opens in each preset and format with the promised size, in sRGB and without metadata', async () => {
    for (const preset of CropPreset.options) {
      for (const format of CropFormat.options) {
        const { bytes, width, height } = await cut({ preset, format, size: 300 });
        const found = await sharp(bytes).metadata();
        expect({ preset, ...found }).toMatchObject({
          ...{ preset, width, height, space: 'srgb' },
          format: format === 'jpg' ? 'jpeg' : format,
        });
        expect([found.exif, found.xmp, found.iptc]).toEqual([undefined, undefined, undefined]);
        const promised = fixedSize(preset);
        if (promised) expect({ preset, width, height }).toEqual({ preset, ...promised });
        else expect(Math.max(width, height)).toBeLessThanOrEqual(300);
        if (preset === 'square' || preset === 'padded') expect(width).toBe(height);
        if (preset === 'portrait') expect(width * 4).toBe(height * 3);
      }
    }
  }, 60_000);

  it('is the box pixel for pixel where it was detected', async () => {
    const { bytes, ...size } = await cut({ preset: 'detected', format: 'png', size: 2048 });
    const box = toPixelBox(photo.faces[0]!.box, photo);
    const [left, top] = [Math.round(box.x), Math.round(box.y)];
    expect(size.width).toBe(Math.round(box.x + box.width) - left);
    const expected = await sharp(path)
      .extract({ left, top, ...size })
      .raw()
      .toBuffer();
    expect(Buffer.compare(await raw(bytes), expected)).toBe(0);
  });

  it('is aligned as its encoder is fed, to the pixel where the photo is not larger than what that looks at', async () => {
    const small = join(folder, 'small.png');
    await sharp(path).resize({ width: 1500 }).toFile(small);
    const { hash, faces } = await pipeline.analyse(small, { chips: true });
    expect(faces.length).toBeGreaterThan(1);
    for (const face of faces) {
      const { bytes } = await cut({ preset: 'aligned-150', format: 'png' }, face, small, hash);
      expect(Buffer.compare(await raw(bytes), await raw(face.chip!))).toBe(0);
    }
  }, 30_000);

  it('is padded in white beyond the edge of the photo, not moved', async () => {
    const { width, height } = photo;
    const face = photo.faces[0]!;
    const box = toPixelBox(face.box, photo);
    // The photo ends right above the face, and where its left half begins.
    const [left, top] = [Math.round(box.x + box.width / 2), Math.round(box.y)];
    const cutOff = join(folder, 'cut-off.png');
    await sharp(path)
      .extract({ left, top, width: width - left, height: height - top })
      .toFile(cutOff);
    const { hash, width: w, height: h } = await pipeline.analyse(cutOff);
    const moved = {
      ...face,
      box: { x: (box.x - left) / w, y: (box.y - top) / h, width: box.width / w, height: box.height / h },
    } as typeof face;
    const look = { preset: 'padded', padding: 0.3, format: 'png', size: 2048 } as const;
    const [whole, half] = [await cut(look, face), await cut(look, moved, cutOff, hash)];
    expect([half.width, half.height]).toEqual([whole.width, whole.height]);
    const [one, other] = [await raw(whole.bytes), await raw(half.bytes)];
    const at = (x: number, y: number) =>
      (Math.round(y * whole.height) * whole.width + Math.round(x * whole.width)) * 3;
    for (const corner of [at(0.05, 0.5), at(0.6, 0.05)]) {
      expect([...other.subarray(corner, corner + 3)]).toEqual([255, 255, 255]);
    }
    let difference = 0;
    for (const [x, y] of [
      [0.6, 0.4],
      [0.7, 0.6],
      [0.8, 0.8],
    ] as const) {
      for (let c = 0; c < 3; c++) difference += Math.abs(one[at(x, y) + c]! - other[at(x, y) + c]!) / 9;
    }
    expect(difference).toBeLessThan(12);
  }, 30_000);

  it('has its head as high, and its eyes where, the rules of passports want them', async () => {
    const landmarker = await createLandmarker(await openStore().find('landmarks-68'));
    let looked = 0;
    for (const { path: group } of samples) {
      const { hash, faces } = await pipeline.analyse(group);
      // One face is a strict profile, which nobody wants on a passport.
      for (const face of faces.filter(({ quality }) => quality > 0.7)) {
        const { bytes } = await cut({ preset: 'passport', format: 'png' }, face, group, hash);
        const file = join(folder, 'passport.png');
        await sharp(bytes).toFile(file);
        const picture = await decode(await openPhoto(file), 2000);
        const [found] = (await pipeline.analyse(file)).faces.toSorted((a, b) => b.box.height - a.box.height);
        const box = toPixelBox(found!.box, picture);
        const [points] = await landmarker.find(picture, [{ box, score: 1, landmarks: null, turn: 0 }]);
        const [right, left] = fivePoints(points!) as [{ x: number; y: number }, { x: number; y: number }];
        const eyes = { x: (right.x + left.x) / 2, y: (right.y + left.y) / 2 };
        const head = (2 * (points![8]!.y - eyes.y)) / 531;
        // 32 to 36 mm of 45 mm; eyes in the middle, level, 50 to 70 % of the height from below.
        expect(head).toBeGreaterThan(32 / 45);
        expect(head).toBeLessThan(36 / 45);
        expect(Math.abs(eyes.x / 413 - 0.5)).toBeLessThan(0.02);
        expect(1 - eyes.y / 531).toBeGreaterThan(0.5);
        expect(1 - eyes.y / 531).toBeLessThan(0.7);
        expect(Math.abs(Math.atan2(left.y - right.y, left.x - right.x))).toBeLessThan(0.05);
        looked += 1;
      }
    }
    expect(looked).toBe(samples.reduce((sum, { people }) => sum + people, 0) - 1);
    await landmarker.dispose();
  }, 120_000);

  it('comes out of the full-size file of a large photo, not out of the reduced one', async () => {
    const large = join(folder, 'large.jpg');
    await sharp(path).resize({ width: 4000 }).jpeg({ quality: 95 }).toFile(large);
    const { hash, faces, width } = await pipeline.analyse(large);
    expect(width).toBe(4000);
    const { width: side } = await cut({ preset: 'detected', size: 2048 }, faces[0]!, large, hash);
    expect(side).toBe(Math.round(faces[0]!.box.width * 4000));
  }, 60_000);

  it('is refused where the file holds another photo by now', async () => {
    await expect(cut({}, photo.faces[0]!, path, '0'.repeat(64))).rejects.toMatchObject({ code: 'vanished' });
  });
});
