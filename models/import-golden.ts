import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { KithError } from '../electron/contract/errors.ts';
import { InferenceSession, Tensor } from './onnxruntime.ts';

/** How near an embedding must be to the known one: other runtimes differ in the sixth digit, other weights in the first. */
const leastCosine = 0.999;

/**
 * A picture that every machine draws alike, in whole numbers: a bright oval with two dark spots before a
 * background that darkens downwards. Uint8, RGB, side × side × 3.
 */
export function drawGoldenPicture(side: number): Uint8Array {
  const picture = new Uint8Array(side * side * 3);
  /** Squared distance from a centre, in parts of a circle's: 0 inside to 1 and more outside; all in hundredths of the side. */
  const inside = (x: number, y: number, cx: number, cy: number, rx: number, ry: number) => {
    const dx = Math.trunc(((x * 100 - cx * side) * 1000) / (rx * side));
    const dy = Math.trunc(((y * 100 - cy * side) * 1000) / (ry * side));
    return dx * dx + dy * dy < 1_000_000;
  };
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const shade = Math.trunc((y * 100) / side);
      let colour: readonly number[] = [70 + Math.trunc((x * 60) / side), 150 - shade, 190 - shade];
      if (inside(x, y, 50, 52, 34, 44)) colour = [225 - shade, 180 - shade, 150 - shade];
      if (inside(x, y, 36, 42, 6, 4) || inside(x, y, 62, 42, 6, 4)) colour = [40, 30, 30];
      if (inside(x, y, 50, 58, 4, 9)) colour = [170, 120 + Math.trunc((x * 20) / side), 100];
      if (inside(x, y, 50, 76, 14, 4)) colour = [150, 50, 60];
      picture.set(colour, (y * side + x) * 3);
    }
  }
  return picture;
}

/**
 * Runs a network on the golden picture, after it was converted and before it is installed.
 *
 * @param known name of the file of its embedding in `golden/`; null where none is known
 * @returns whether the embedding is the known one; null where none is known
 * @throws KithError `model-damaged` when the network does not start, or gives what can be no embedding: numbers
 * that are not finite, or the same for two pictures
 */
export async function goldenCheck(
  network: Uint8Array,
  { side, size, known, file }: { side: number; size: number; known: string | null; file: string },
): Promise<'same' | 'other' | null> {
  const picture = drawGoldenPicture(side);
  const both = new Uint8Array(2 * picture.length);
  both.set(picture);
  both.set(picture.toReversed(), picture.length);
  const embeddings = await run(network, both, side, file);
  if (embeddings.length !== 2 * size || !embeddings.every(Number.isFinite))
    throw new KithError('model-damaged', `${file}: it does not give ${size} finite numbers for a picture`);
  const [first, second] = [embeddings.subarray(0, size), embeddings.subarray(size)];
  if (cosine(first, second) > 0.99999)
    throw new KithError('model-damaged', `${file}: it gives the same embedding for different pictures`);
  if (known === null) return null;
  const text = await readFile(new URL(`golden/${known}`, import.meta.url), 'utf8');
  const expected = z.array(z.number()).parse(JSON.parse(text));
  return cosine(first, expected) >= leastCosine ? 'same' : 'other';
}

async function run(
  network: Uint8Array,
  pixels: Uint8Array,
  side: number,
  file: string,
): Promise<Float32Array> {
  try {
    const session = await InferenceSession.create(network, { intraOpNumThreads: 1, logSeverityLevel: 4 });
    try {
      const { embedding } = await session.run({ image: new Tensor('uint8', pixels, [2, side, side, 3]) });
      return embedding!.data as Float32Array;
    } finally {
      await session.release();
    }
  } catch (cause) {
    throw new KithError('model-damaged', `${file}: ONNX Runtime can't run it: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += a[i]! * b[i]!;
    aa += a[i]! * a[i]!;
    bb += b[i]! * b[i]!;
  }
  return dot / Math.sqrt(aa * bb);
}
