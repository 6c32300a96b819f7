import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Sharp } from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { UnreadablePhoto } from '../../electron/contract/errors.ts';
import { startPool, type VisionPool } from '../../electron/vision/pool.ts';
import { openStore } from '../../models/store.ts';
import { corners, quartered } from '../fixtures/pictures.ts';

// Whatever happened to a file, a vision process says that it is a photo or why it is none, and goes on.

const isLong = process.env.KITH_LONG === '1';
const RUNS = Number(process.env.KITH_PICTURES ?? (isLong ? 20_000 : 200));

let folder: string;
let pool: VisionPool;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kith-damaged-'));
  const models = [...openStore().folders];
  const setup = { detector: 'ssd', encoder: 'dlib', models, maxSide: 1600 } as const;
  pool = startPool(setup, { size: 1, timeoutMs: 30_000 });
});
afterAll(async () => {
  await pool.close();
  await rm(folder, { recursive: true, force: true });
});

const formats: ((picture: Sharp) => Sharp)[] = [
  (picture) => picture.jpeg(),
  (picture) => picture.jpeg({ progressive: true }),
  (picture) => picture.png(),
  (picture) => picture.png({ progressive: true }),
  (picture) => picture.webp(),
  (picture) => picture.webp({ quality: 100 }),
  (picture) => picture.webp({ lossless: true }),
  (picture) => picture.tiff({ compression: 'lzw' }),
  (picture) => picture.tiff({ compression: 'jpeg', tile: true }),
  (picture) => picture.gif(),
  (picture) => picture.avif({ effort: 0 }),
];

/** Where something happens: a share of the file, its beginning more often than the rest, for it says how to read it. */
const place = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 0, max: 0.05, noNaN: true }),
);

const change = fc.oneof(
  fc.record({ kind: fc.constant('set'), at: place, to: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constant('zero'), at: place, to: place }),
  fc.record({ kind: fc.constant('cut'), at: place, to: place }),
  fc.record({ kind: fc.constant('twice'), at: place, to: place }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(bytes: Buffer, { kind, at, to }: Change): Buffer {
  const [from, end] = [at, to].map((share) => Math.floor(share * bytes.length)).toSorted((a, b) => a - b) as [
    number,
    number,
  ];
  switch (kind) {
    case 'set': {
      const copy = Buffer.from(bytes);
      if (copy.length > 0) copy[Math.min(copy.length - 1, Math.floor(at * copy.length))] = to;
      return copy;
    }
    case 'zero':
      return Buffer.from(bytes).fill(0, from, end);
    case 'cut':
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(end)]);
    default:
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(from)]);
  }
}

it(`survives ${RUNS} damaged pictures, within its memory`, { timeout: 4 * 3_600_000 }, async () => {
  const drawn = [
    ...(await Promise.all(formats.map((draw) => draw(quartered(160, 120)).toBuffer()))),
    await corners(6),
  ];
  const path = join(folder, 'picture');
  const damaged = fc.record({
    picture: fc.nat({ max: drawn.length - 1 }),
    changes: fc.array(change, { minLength: 1, maxLength: 12 }),
  });
  await fc.assert(
    fc.asyncProperty(damaged, async ({ picture, changes }) => {
      await writeFile(path, changes.reduce(changed, drawn[picture]!));
      const outcome = await pool.show({ path, side: 64 }).then(
        () => null,
        (error: unknown) => error,
      );
      if (outcome === null) return;
      expect(outcome).toBeInstanceOf(UnreadablePhoto);
      expect(['crashed', 'timed-out']).not.toContain((outcome as UnreadablePhoto).code);
    }),
    isLong ? { numRuns: RUNS } : { numRuns: RUNS, seed: 1 },
  );
  // What the networks take, which are loaded, and a photo of 24 megapixels would.
  expect((await pool.memory()) / 1024 ** 2).toBeLessThan(600);
});
