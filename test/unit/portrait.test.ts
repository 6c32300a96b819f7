import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { CROP_PADDING } from '../../electron/contract/crop-square.ts';
import type { UnitBox } from '../../electron/contract/geometry.ts';
import { cropJpeg } from '../../electron/vision/crop.ts';
import { drawPortrait, portraitOf } from '../../electron/vision/portrait.ts';

const PHOTO = { width: 1200, height: 800 };
/** Sides in which a picture is looked at. */
const SIDE = 200;

/** A photo that is grey, with its faces in one colour each, as wide as their boxes. */
async function pictureOf(box: UnitBox, others: UnitBox[]) {
  const colours = ['#d02020', '#2020d0'];
  const rects = [box, ...others].map(
    (one, at) =>
      `<rect x="${one.x * PHOTO.width}" y="${one.y * PHOTO.height}" width="${one.width * PHOTO.width}" height="${one.height * PHOTO.height}" fill="${colours[Math.min(at, 1)]}"/>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${PHOTO.width}" height="${PHOTO.height}"><rect width="100%" height="100%" fill="#808080"/>${rects.join('')}</svg>`;
  const data = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer();
  const decoded = { data, ...PHOTO, fullWidth: PHOTO.width, fullHeight: PHOTO.height };
  const crop = await cropJpeg(decoded, box, { side: 192, padding: CROP_PADDING });
  const drawn = portraitOf(crop, { box, photo: PHOTO, others });
  const pixels = await sharp(drawn === null ? crop : (await drawPortrait(drawn)).jpeg)
    .resize(SIDE, SIDE)
    .removeAlpha()
    .raw()
    .toBuffer();
  const at = (x: number, y: number) => {
    const [r = 0, g = 0, b = 0] = pixels.subarray(
      (Math.round(y * (SIDE - 1)) * SIDE + Math.round(x * (SIDE - 1))) * 3,
    );
    return { r, g, b };
  };
  return { drawn, at };
}

const boxOf = (x: number, y: number, width = 0.2, height = 0.3) => ({ x, y, width, height }) as UnitBox;
const isRed = ({ r, g, b }: { r: number; g: number; b: number }) => r > g + 60 && r > b + 60;

describe('A face’s picture', () => {
  it('is the crop as it is where the face is in its middle and alone', async () => {
    const { drawn, at } = await pictureOf(boxOf(0.4, 0.3), [boxOf(0.05, 0.05)]);
    expect(drawn).toBeNull();
    expect(isRed(at(0.5, 0.5))).toBe(true);
  });

  it.each([
    ['left', boxOf(0, 0.3)],
    ['right', boxOf(0.8, 0.3)],
    ['top', boxOf(0.4, 0)],
    ['bottom', boxOf(0.4, 0.7)],
  ])('is padded where the photo ends at the %s, with the face in the middle', async (_, box) => {
    const { drawn, at } = await pictureOf(box, []);
    expect(drawn).not.toBeNull();
    // The box takes three fifths of the side: 0.2 on each side of the middle are the face's, whichever way.
    for (const [x, y] of [
      [0.5, 0.5],
      [0.32, 0.5],
      [0.68, 0.5],
      [0.5, 0.28],
      [0.5, 0.72],
    ] as const)
      expect(isRed(at(x, y)), `${x} ${y}`).toBe(true);
  });

  it('dims everything but the face that is meant, where another one is on it too', async () => {
    const { drawn, at } = await pictureOf(boxOf(0.4, 0.3), [boxOf(0.61, 0.3, 0.1)]);
    expect(drawn).not.toBeNull();
    expect(at(0.5, 0.5).r).toBeGreaterThan(180);
    // Blue where it is: darker by half.
    expect(at(0.97, 0.5).b).toBeLessThan(140);
    expect(at(0.02, 0.02).r).toBeLessThan(90);
  });

  it('has the middle of the face in its own, wherever that is', async () => {
    const place = fc.double({ min: -0.05, max: 0.95, noNaN: true });
    const length = fc.double({ min: 0.04, max: 0.6, noNaN: true });
    fc.assert(
      fc.property(place, place, length, length, (x, y, width, height) => {
        const box = { x, y, width, height } as UnitBox;
        fc.pre(x + width > 0.02 && y + height > 0.02);
        const { svg: drawn } = portraitOf(new Uint8Array([0xff, 0xd8]), {
          box,
          photo: PHOTO,
          others: [box],
        })!;
        const [left, top, side] = /viewBox="([^"]+)"/.exec(drawn)![1]!.split(' ').map(Number);
        const [cx, cy] = /evenodd/.test(drawn)
          ? /M([-\d.]+) ([-\d.]+)a([-\d.]+)/.exec(drawn)!.slice(1, 3).map(Number)
          : [];
        const rx = Number(/a([-\d.]+) /.exec(drawn)![1]);
        expect(Math.abs((cx! + rx - left!) / side! - 0.5)).toBeLessThan(0.032);
        expect(Math.abs((cy! - top!) / side! - 0.5)).toBeLessThan(0.032);
      }),
    );
  });
});
