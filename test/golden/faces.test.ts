import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPipeline, type Pipeline } from '../../electron/vision/pipeline.ts';
import { fitSimilarity, transform } from '../../electron/vision/warp.ts';
import { ensureBundled } from '../../models/make.ts';
import { openStore } from '../../models/store.ts';
import { samples } from './models-reference.ts';

const shared = process.env.KITH_SHARED;

let pipeline: Pipeline;
let folder: string;

beforeAll(async () => {
  await ensureBundled();
  folder = await mkdtemp(join(tmpdir(), 'kith-faces-'));
  const models = [...openStore().folders];
  pipeline = await createPipeline({ detector: 'ssd', encoder: 'dlib', models, maxSide: 1600 });
}, 60_000);

afterAll(async () => {
  await pipeline.dispose();
  await rm(folder, { recursive: true, force: true });
});

describe('SSD in the pipeline', () => {
  it.each(samples)(
    'finds everybody on $name and nobody else',
    async ({ path, people }) => {
      expect((await pipeline.analyse(path)).faces).toHaveLength(people);
    },
    30_000,
  );

  it.skipIf(!shared).each(['Gil_de_Ferran_0002', 'John_Stallworth_0001'])(
    'finds a face that it only half recognises, where the classifier is sure of it: %s (KITH_SHARED)',
    async (name) => {
      const path = join(shared!, 'faces/lfw-dev', name.replace(/_\d+$/, ''), `${name}.jpg`);
      expect((await pipeline.analyse(path)).faces).toHaveLength(1);
    },
    30_000,
  );

  it('finds faces of 25 pixels', async () => {
    const { path, people } = samples[5]!;
    const small = join(folder, 'small.jpg');
    await sharp(path).resize({ width: 300 }).jpeg({ quality: 95 }).toFile(small);
    const { faces, width } = await pipeline.analyse(small);
    expect(faces).toHaveLength(people);
    expect(Math.min(...faces.map(({ box }) => box.width * width))).toBeLessThan(30);
  }, 30_000);

  it('finds a face that fills the frame of a large photo', async () => {
    const { path } = samples[0]!;
    const { faces, width, height } = await pipeline.analyse(path);
    const { box } = faces.toSorted((a, b) => b.score - a.score)[0]!;
    const region = {
      left: Math.floor(box.x * width),
      top: Math.floor(box.y * height),
      width: Math.ceil(box.width * width),
      height: Math.ceil(box.height * height),
    };
    const close = join(folder, 'close.jpg');
    await sharp(path).extract(region).resize({ width: 2400 }).jpeg().toFile(close);
    const found = (await pipeline.analyse(close)).faces;
    expect(found).toHaveLength(1);
    expect(found[0]!.box.width).toBeGreaterThan(0.6);
  }, 30_000);
});

describe('fitSimilarity', () => {
  it('finds the turn, scale and shift that points were moved by', () => {
    const number = fc.double({ min: -50, max: 50, noNaN: true });
    const point = fc.record({ x: number, y: number });
    fc.assert(
      fc.property(fc.array(point, { minLength: 3 }), number, number, point, (points, a, b, shift) => {
        fc.pre(Math.hypot(points[0]!.x - points[1]!.x, points[0]!.y - points[1]!.y) > 1);
        const moved = { a, b, tx: shift.x, ty: shift.y };
        const fitted = fitSimilarity(
          points,
          points.map((each) => transform(moved, each)),
        );
        expect(fitted.a).toBeCloseTo(a, 6);
        expect(fitted.b).toBeCloseTo(b, 6);
      }),
    );
  });
});
