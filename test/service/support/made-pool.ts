import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Calibration } from '../../../electron/contract/calibration.ts';
import { UnreadablePhoto } from '../../../electron/contract/errors.ts';
import type { UnitBox } from '../../../electron/contract/geometry.ts';
import type { Analysis, FoundFace } from '../../../electron/contract/vision.ts';
import type { VisionPool } from '../../../electron/vision/pool.ts';

/** Length of the made embeddings, where no other is asked for. */
const MADE_SIZE = 16;

/** A calibration under which made faces of one person are one, and of two people two. */
export const MADE_CALIBRATION: Calibration = {
  intercept: 16,
  slope: -20,
  qualitySlope: 0,
  link: 0,
  founder: 0.1,
};

/** A made photo's bytes: who is on it, and anything that makes it different from others. */
export function madePhoto(people: readonly string[], salt = ''): string {
  return `people:${people.join(',')}\n${salt}`;
}

export interface MadePool extends VisionPool {
  /** Paths in the order in which they were opened. */
  readonly analysed: string[];
  readonly hashed: string[];
  /** Paths of photos whose known faces were embedded again, and of those for which their crops stood in. */
  readonly embedded: string[];
  readonly fromCrops: string[];
}

/**
 * Stands where the vision processes stand, to test the record and the order of work. It knows nothing of pictures:
 * a file of {@link madePhoto} gives one face for each name in it, always the same for the same bytes.
 *
 * @param options `delay`: milliseconds that a photo takes, by its path; `before`: runs before a file is read;
 *   `shift`: how far to the right its detector sees faces; `size`: length of its encoder's embeddings
 */
export function madePool(
  options: {
    delay?: (path: string) => number;
    before?: (path: string) => void;
    shift?: number;
    size?: number;
  } = {},
): MadePool {
  const { shift = 0, size = MADE_SIZE } = options;
  const analysed: string[] = [];
  const hashed: string[] = [];
  const embedded: string[] = [];
  const fromCrops: string[] = [];

  const nothingToSee = async (path: string): Promise<never> => {
    throw new UnreadablePhoto('unsupported-format', path);
  };

  async function seen(path: string, signal: AbortSignal | undefined): Promise<Analysis> {
    options.before?.(path);
    await wait(options.delay?.(path) ?? 0, undefined, signal ? { signal } : {});
    return analysisOf(path, await bytesOf(path), { shift, size });
  }

  return {
    analysed,
    hashed,
    embedded,
    fromCrops,
    analyse(path, { signal } = {}) {
      analysed.push(path);
      return seen(path, signal);
    },
    async embed({ path, hash, faces }, { signal } = {}) {
      embedded.push(path);
      const analysis = await seen(path, signal);
      if (analysis.hash !== hash) throw new UnreadablePhoto('vanished', path);
      // Whatever detector found them: faces lie a fifth of the photo apart.
      return faces.map(({ box }) => analysis.faces[Math.floor(box.x / 0.2)]!.embedding);
    },
    async embedCrops({ path, faces }) {
      fromCrops.push(path);
      return faces.map(({ crop }) => {
        const [, person] = /^crop of (.*)$/.exec(Buffer.from(crop).toString())!;
        return madeVector(person!, path, size);
      });
    },
    async hash(path) {
      hashed.push(path);
      options.before?.(path);
      const bytes = await bytesOf(path);
      return { hash: hashOf(bytes), bytes: bytes.length };
    },
    draw: ({ path }) => nothingToSee(path),
    show: ({ path }) => nothingToSee(path),
    cut: ({ path }) => nothingToSee(path),
    hide: ({ path }) => nothingToSee(path),
    shot: nothingToSee,
    dhash: async (jpegs) => jpegs.map((jpeg) => hashOf(Buffer.from(jpeg)).slice(0, 16)),
    size: 1,
    memory: async () => 0,
    async close() {},
  };
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new UnreadablePhoto('vanished', path, { cause: error });
  }
}

function analysisOf(path: string, bytes: Buffer, by: { shift: number; size: number }): Analysis {
  if (bytes.length === 0) throw new UnreadablePhoto('empty-file', path);
  const [, names] = /^people:(.*)$/m.exec(bytes.toString()) ?? [];
  if (names === undefined) throw new UnreadablePhoto('not-an-image', path);
  const people = names === '' ? [] : names.split(',');
  const hash = hashOf(bytes);
  return {
    hash,
    bytes: bytes.length,
    width: 1000,
    height: 800,
    takenAt: null,
    camera: null,
    thumbnail: Buffer.from(`thumbnail of ${hash}`),
    faces: people.map((person, i) => madeFace(person, `${hash}${i}`, i, by)),
  };
}

function madeFace(
  person: string,
  seed: string,
  index: number,
  { shift, size }: { shift: number; size: number },
): FoundFace {
  return {
    box: { x: 0.2 * index + shift, y: 0.1, width: 0.1, height: 0.15 } as UnitBox,
    landmarks: null,
    score: 0.9,
    quality: 0.8,
    embedding: madeVector(person, seed, size),
    crop: Buffer.from(`crop of ${person}`),
    chip: Buffer.from(`chip of ${person}`),
  };
}

function madeVector(person: string, seed: string, size: number): Float32Array<ArrayBuffer> {
  const noise = numbers(seed, size);
  // Another encoder sees something else in people.
  const vector = numbers(size === MADE_SIZE ? person : `${person} by ${size}`, size).map(
    (value, i) => value + 0.05 * noise[i]!,
  );
  const length = Math.hypot(...vector);
  return Float32Array.from(vector, (value) => value / length);
}

/** Numbers from -0.5 to 0.5 that follow from a text. */
function numbers(text: string, size: number): number[] {
  return [...createHash('sha512').update(text).digest().subarray(0, size)].map((byte) => byte / 255 - 0.5);
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
