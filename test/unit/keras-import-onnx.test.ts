import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { conv } from '../../models/convert/layers.ts';
import { OnnxGraph } from '../../models/convert/onnx.ts';
import { importModel } from '../../models/import.ts';
import { readOnnxEncoder } from '../../models/import-onnx.ts';
import { openStore } from '../../models/store.ts';
import { random as seeded } from '../fixtures/random.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kith-onnx-'));
  vi.stubEnv('KITH_MODELS_DIR', join(folder, 'models'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

interface Somebodys {
  side: number;
  size: number;
  layout?: 'nchw' | 'nhwc';
  batch?: number | string;
  input?: string;
  subtracts?: boolean;
}

/** An encoder as other people write them: floats in, names that meet Kith's own. */
function somebodys({
  side,
  size,
  layout = 'nchw',
  batch = 'N',
  input = 'image',
  subtracts,
}: Somebodys): Uint8Array {
  const random = seeded(side + size);
  const graph = new OnnxGraph('somebody');
  const shape = layout === 'nchw' ? [batch, 3, side, side] : [batch, side, side, 3];
  let x = graph.input(input, 'float32', shape);
  if (layout === 'nhwc') x = graph.node('Transpose', [x], { perm: [0, 3, 1, 2] }, 'pixels');
  if (subtracts) {
    const half = graph.weight('half', { shape: [], data: Float32Array.of(127.5) });
    x = graph.node('Mul', [graph.node('Sub', [x, half], {}, 'Sub0'), half], {}, 'Mul0');
  }
  const step = side > 16 ? 8 : 1;
  if (step > 1)
    x = graph.node('AveragePool', [x], { kernel_shape: [step, step], strides: [step, step] }, 'few');
  const kernel = side / step;
  const data = Float32Array.from({ length: size * 3 * kernel * kernel }, () => (random() - 0.5) / kernel);
  x = conv(graph, x, 'mean', { filter: { shape: [size, 3, kernel, kernel], data } });
  graph.output(graph.node('Flatten', [x], {}, 'embedding'), 'float32', [batch, size]);
  return graph.bytes();
}

async function run(network: Uint8Array, input: Tensor): Promise<Float32Array> {
  const session = await InferenceSession.create(network, { logSeverityLevel: 4 });
  const { embedding } = await session.run({ [session.inputNames[0]!]: input });
  return embedding!.data as Float32Array;
}

const shuffled = (count: number) => Uint8Array.from({ length: count }, (_, i) => (i * 7919 + (i >> 3)) % 256);

describe("somebody's ONNX network", () => {
  it.each([
    { layout: 'nchw', colour: 'rgb' },
    { layout: 'nchw', colour: 'bgr' },
    { layout: 'nhwc', colour: 'rgb' },
    { layout: 'nhwc', colour: 'bgr' },
  ] as const)(
    'gives behind the front what it gives by itself: $layout, $colour',
    async ({ layout, colour }) => {
      const side = 16;
      const bytes = somebodys({ side, size: 4, layout });
      const pixels = shuffled(2 * side * side * 3);
      const floats = new Float32Array(pixels.length);
      for (let i = 0; i < pixels.length; i++) {
        const [picture, place, c] = [
          Math.floor(i / (side * side * 3)),
          Math.floor(i / 3) % (side * side),
          i % 3,
        ];
        const channel = colour === 'bgr' ? 2 - c : c;
        const at = layout === 'nchw' ? channel * side * side + place : place * 3 + channel;
        floats[picture * side * side * 3 + at] = (pixels[i]! - 100) / 50;
      }
      const dims = layout === 'nchw' ? [2, 3, side, side] : [2, side, side, 3];
      const expected = await run(bytes, new Tensor('float32', floats, dims));
      const wrapped = readOnnxEncoder(bytes, 'x.onnx', { colour }).wrap({
        kind: 'fixed',
        mean: 100,
        spread: 50,
      });
      const received = await run(wrapped, new Tensor('uint8', pixels, [2, side, side, 3]));
      expect(received.length).toBe(expected.length);
      received.forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i]!, 4);
      });
    },
  );

  it.each([128, 512] as const)(
    'is installed as FaceNet when it takes 160 pixels and gives %i numbers',
    async (size) => {
      const path = join(folder, 'facenet.onnx');
      // Written for one picture at a time, as many exporters do.
      await writeFile(path, somebodys({ side: 160, size, batch: 1 }));
      const imported = await importModel([path]);
      expect(imported).toMatchObject({ id: `facenet-${size}`, golden: size === 512 ? 'other' : null });
      await expect(openStore().find(imported.id)).resolves.toBe(imported.path);
    },
  );

  it('is recognised by what goes in and comes out', () => {
    const read = (network: Somebodys) => {
      const { family, side, size, normalise } = readOnnxEncoder(somebodys(network), 'x.onnx');
      return { family, side, size, normalise };
    };
    const asItIs = { kind: 'fixed', mean: 0, spread: 1 };
    expect(read({ side: 160, size: 512 })).toEqual({
      family: 'facenet',
      side: 160,
      size: 512,
      normalise: null,
    });
    expect(read({ side: 112, size: 128, input: 'data' })).toMatchObject({
      family: 'sface',
      normalise: asItIs,
    });
    expect(read({ side: 112, size: 512 })).toMatchObject({
      family: 'arcface',
      normalise: { kind: 'fixed', mean: 127.5, spread: 127.5 },
    });
    expect(read({ side: 112, size: 512, subtracts: true })).toMatchObject({ normalise: asItIs });
    expect(read({ side: 96, size: 64 })).toMatchObject({ family: 'other', normalise: null });
  });
});

describe("somebody's ONNX network that Kith refuses", () => {
  const refusals: [what: string, bytes: () => Uint8Array, code: string, detail: RegExp][] = [
    [
      'text',
      () => new TextEncoder().encode('hello, this is no model'),
      'model-damaged',
      /can't be read as ONNX/,
    ],
    [
      'cut short',
      () => somebodys({ side: 160, size: 128 }).subarray(0, 9000),
      'model-damaged',
      /can't be read as ONNX/,
    ],
    ['ArcFace', () => somebodys({ side: 112, size: 512 }), 'model-unsupported', /is an ArcFace \(112 pixels/],
    ['SFace', () => somebodys({ side: 112, size: 128 }), 'model-unsupported', /is SFace/],
    [
      'of another kind',
      () => somebodys({ side: 96, size: 64 }),
      'model-unsupported',
      /is no FaceNet.*96 and 64/,
    ],
    [
      'a detector',
      () => {
        const graph = new OnnxGraph('detector');
        const x = graph.input('x', 'float32', ['N', 3, 160, 160]);
        graph.output(graph.node('Relu', [x], {}, 'boxes'), 'float32', ['N', 3, 160, 160]);
        graph.output(graph.node('Relu', [x], {}, 'scores'), 'float32', ['N', 3, 160, 160]);
        return graph.bytes();
      },
      'model-unsupported',
      /received x \[\?, 3, 160, 160\] in and boxes/,
    ],
    [
      'with sides that it does not say',
      () => {
        const graph = new OnnxGraph('open');
        const x = graph.input('x', 'float32', ['N', 3, 'H', 'W']);
        const pooled = graph.node('GlobalAveragePool', [x], {}, 'pooled');
        graph.output(graph.node('Flatten', [pooled], {}, 'y'), 'float32', ['N', 512]);
        return graph.bytes();
      },
      'model-unsupported',
      /say its side in pixels with --size/,
    ],
  ];

  it.each(refusals)('is %s', async (_, bytes, code, detail) => {
    const path = join(folder, 'strange.onnx');
    await writeFile(path, bytes());
    await expect(importModel([path])).rejects.toMatchObject({ code, detail: expect.stringMatching(detail) });
    expect(await readdir(join(folder, 'models')).catch(() => [])).toEqual([]);
  });
});

describe.skipIf(!process.env.KITH_SHARED)('a network of other exporters', () => {
  it('is read, though Kith did not write it', async () => {
    const yunet = await readFile(join(process.env.KITH_SHARED!, 'models/yunet.onnx'));
    expect(() => readOnnxEncoder(yunet, 'yunet.onnx')).toThrow(
      /expected one picture in and one embedding out/,
    );
  });
});
