import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { looksSame } from '../../electron/grouping/stacks.ts';
import { dhashOf } from '../../electron/vision/dhash.ts';
import { samples } from '../golden/models-reference.ts';

const SIDE = 320;

/** What the thumbnail of a photo looks like. */
async function lookOf(photo: Sharp): Promise<{ dhash: string }> {
  const whole = await photo.png().toBuffer();
  const small = sharp(whole).resize({ width: SIDE, height: SIDE, fit: 'inside' });
  return { dhash: await dhashOf(new Uint8Array(await small.jpeg({ quality: 82 }).toBuffer())) };
}

async function cut(path: string): Promise<Sharp> {
  const { width, height } = await sharp(path).metadata();
  const [left, top] = [width, height].map((side) => Math.round(side * 0.025));
  return sharp(path).extract({
    ...{ left: left!, top: top! },
    ...{ width: Math.floor(width * 0.95), height: Math.floor(height * 0.95) },
  });
}

describe('What a photo looks like from afar', () => {
  it('is the hash of Krawetz: whether each square is darker than the next', async () => {
    const [width, height] = [9, 8];
    // Lighter to the right in the upper half, darker in the lower.
    const light = Uint8Array.from({ length: width * height }, (_, at) => {
      const [x, y] = [at % width, Math.floor(at / width)];
      return y < 4 ? 28 * x : 250 - 28 * x;
    });
    const picture = sharp(light, { raw: { width, height, channels: 1 } }).resize(90, 80, {
      kernel: 'nearest',
    });
    const jpeg = await picture.jpeg({ quality: 100 }).toBuffer();
    expect(await dhashOf(new Uint8Array(jpeg))).toBe('ffffffff00000000');
  });

  it('is the same for copies and edits of a photo, and another for other photos', async () => {
    const looks = await Promise.all(samples.map(({ path }) => lookOf(sharp(path))));
    for (const [at, { path }] of samples.entries()) {
      const versions = {
        small: sharp(path).resize(540),
        poor: sharp(await sharp(path).jpeg({ quality: 30 }).toBuffer()),
        dark: sharp(path).modulate({ brightness: 0.7 }),
        light: sharp(path).modulate({ brightness: 1.25 }),
        grey: sharp(path).greyscale(),
        cut: await cut(path),
      };
      for (const [name, version] of Object.entries(versions)) {
        const look = await lookOf(version);
        const same = looks.map((other) => looksSame(look, other));
        expect([name, same]).toEqual([name, looks.map((_, other) => other === at)]);
      }
    }
  });
});
