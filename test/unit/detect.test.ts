import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { PixelBox } from '../../electron/contract/geometry.ts';
import type { DecodedPhoto } from '../../electron/vision/decode.ts';
import type { Detection, QuarterTurn } from '../../electron/vision/detect/detector.ts';
import { brightened, gainOf } from '../../electron/vision/detect/exposure.ts';
import { findSmall } from '../../electron/vision/detect/small-faces.ts';
import { shows, showsWhole, tilesOf } from '../../electron/vision/detect/tiles.ts';
import { turnedBy, turnOf, upright } from '../../electron/vision/detect/turn.ts';

/** A photo of one colour. */
function photoOf(width: number, height: number, level = 128): DecodedPhoto {
  const data = new Uint8Array(width * height * 3).fill(level);
  return { data, width, height, fullWidth: width, fullHeight: height };
}

const box = (x: number, y: number, width: number, height: number) => ({ x, y, width, height }) as PixelBox;
const face = (of: PixelBox): Detection => ({ box: of, score: 0.9, landmarks: null, turn: 0 });
const side = (most: number) => fc.integer({ min: 1, max: most });
const turns = fc.constantFrom<QuarterTurn>(0, 1, 2, 3);

describe('Tiles', () => {
  it('cover a photo, and show whole on one of them whatever is smaller than what they share', () => {
    fc.assert(
      fc.property(
        side(4000),
        side(4000),
        fc.integer({ min: 64, max: 900 }),
        fc.array(fc.nat(), { size: 'small' }),
        (width, height, tile, places) => {
          const photo = { ...photoOf(1, 1), width, height };
          const tiles = tilesOf(photo, tile);
          for (const { of } of tiles) {
            expect(Math.min(of.x, of.y)).toBeGreaterThanOrEqual(0);
            expect(of.x + of.width).toBeLessThanOrEqual(width);
            expect(of.y + of.height).toBeLessThanOrEqual(height);
          }
          const small = Math.max(1, Math.floor(tile * 0.19) - 6);
          for (const place of places) {
            const [wide, high] = [Math.min(small, width), Math.min(small, height)];
            const at = box(place % (width - wide + 1), (place * 7) % (height - high + 1), wide, high);
            const whole = tiles.filter((each) => showsWhole(each, at, photo) && shows(each, at));
            expect(whole.length).toBeGreaterThan(0);
          }
        },
      ),
    );
  });
});

describe('A photo that is turned', () => {
  it('has what is on it in the same place again, once it is turned back', async () => {
    await fc.assert(
      fc.asyncProperty(side(40), side(30), turns, fc.nat(), async (width, height, turn, place) => {
        const photo = photoOf(width, height, 0);
        const [x, y] = [place % width, Math.floor(place / width) % height];
        photo.data.fill(255, (y * width + x) * 3, (y * width + x) * 3 + 3);
        const there = await upright(photo, turn);
        const at = there.data.indexOf(255) / 3;
        const found = face(box(at % there.width, Math.floor(at / there.width), 1, 1));
        expect(turnedBy(found, turn, photo)).toMatchObject({ box: { x, y, width: 1, height: 1 }, turn });
        expect([there.fullWidth, there.fullHeight]).toEqual(
          turn % 2 === 0 ? [width, height] : [height, width],
        );
      }),
      { numRuns: 60 },
    );
  });

  it('is told by the line through the eyes', () => {
    const photo = photoOf(100, 80);
    for (const turn of [0, 1, 2, 3] as const) {
      const eyes = {
        ...face(box(20, 20, 40, 40)),
        landmarks: [
          { x: 30, y: 30 },
          { x: 50, y: 33 },
        ],
      };
      const [right, left] = turnedBy(eyes, turn, photo).landmarks!;
      expect(turnOf(right!, left!)).toBe(turn);
    }
  });
});

describe('A dark photo', () => {
  it('is brightened, and a bright one is left as it is', () => {
    expect(gainOf(photoOf(60, 40, 20))).toBe(6);
    expect(gainOf(photoOf(60, 40, 50))).toBe(4);
    expect(brightened(photoOf(60, 40, 50), 4).data[0]).toBe(200);
    expect(brightened(photoOf(60, 40, 90), 4).data[0]).toBe(255);
    const bright = photoOf(60, 40, 120);
    expect(brightened(bright, gainOf(bright))).toBe(bright);
  });

  it('is not one where a tenth is lit', async () => {
    const data = await sharp({ create: { width: 400, height: 300, channels: 3, background: '#101010' } })
      .composite([
        { input: { create: { width: 40, height: 300, channels: 3, background: '#fff' } }, left: 0, top: 0 },
      ])
      .raw()
      .toBuffer();
    expect(gainOf({ data })).toBe(1);
  });
});

describe('Small faces', () => {
  const photo = { ...photoOf(1, 1), width: 1600, height: 1200, fullWidth: 6000, fullHeight: 4500 };
  const near = { ...photo, width: 3200, height: 2400 };
  const search = {
    levels: [
      { side: 512, small: 26 },
      { side: 1600, small: 30 },
      { side: 3200, small: 0 },
    ],
    ...{ tileSide: 512, minHint: 0.1, laterHint: 0.2, minScore: 0.5, sure: 0.9 },
  };
  /** Faces of 20 pixels in a row across the middle, all that a look can see. */
  const row = Array.from({ length: 30 }, (_, at) => box(25 + at * 50, 590, 20, 20));

  it('are found all along a row of which the whole photo hints at one', async () => {
    const looks: number[] = [];
    const found = await findSmall(photo, [{ ...face(row[0]!), score: 0.2 }], async () => near, {
      ...search,
      look: async (of, part, scale) => {
        looks.push(scale);
        const factor = of.width / photo.width;
        const scaled = row.map(({ x, y, width, height }) =>
          box(x * factor, y * factor, width * factor, height * factor),
        );
        const there = scaled.filter((each) => shows({ of: part, row: 0, column: 0 }, each));
        return there.map((each) => face(each));
      },
    });
    for (const each of row) {
      expect(found.some(({ box: { x, y } }) => Math.hypot(x - each.x, y - each.y) < 1)).toBe(true);
    }
    // The rows of tiles above and below hold nobody, and are looked at no further.
    expect(looks.length).toBeLessThan(tilesOf(photo, 512).length + tilesOf(near, 512).length);
  });

  it('cost nothing where nothing hints at them, or the file has no more pixels', async () => {
    const look = () => Promise.reject(new Error('Expected no look'));
    const hint = [{ ...face(row[0]!), score: 0.2 }];
    expect(await findSmall(photo, [], async () => near, { ...search, look })).toEqual([]);
    expect(
      await findSmall(photo, [{ ...hint[0]!, score: 0.05 }], async () => near, { ...search, look }),
    ).toEqual([]);
    const small = { ...photo, width: 500, height: 375, fullWidth: 500, fullHeight: 375 };
    expect(await findSmall(small, hint, undefined, { ...search, look })).toEqual([]);
  });
});
