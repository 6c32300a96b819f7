import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalog, type Normalisation } from '../../models/catalog.ts';
import { inceptionResnetV1 } from '../../models/convert/inception-resnet-v1.ts';
import { kerasToOnnx } from '../../models/convert/keras.ts';
import { withKerasFile } from '../../models/convert/keras-h5.ts';
import { kerasOrder } from '../../models/convert/keras-match.ts';
import { type KerasModel, parseKerasModel } from '../../models/convert/keras-model.ts';
import { readSteps } from '../../models/convert/keras-steps.ts';
import { importModel } from '../../models/import.ts';
import { InferenceSession, Tensor } from '../../models/onnxruntime.ts';
import {
  kerasModel,
  type LayerWeights,
  randomWeights,
  toKerasJson,
  writeKerasFile,
} from '../fixtures/keras.ts';
import { random as seeded } from '../fixtures/random.ts';
import { loadTensorFlowModel, useBackend } from './keras-reference.ts';
import { maxDifference } from './models-reference.ts';

/** What the issue allows between a converted network and TensorFlow.js. */
const tolerance = 1e-4;
const fixed: Normalisation = { kind: 'fixed', mean: 127.5, spread: 128 };

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kith-keras-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function run(network: string | Uint8Array, pixels: Uint8Array, side: number): Promise<Float32Array> {
  // Two signatures, one call: a path or the bytes.
  const session = await (typeof network === 'string'
    ? InferenceSession.create(network, { logSeverityLevel: 3 })
    : InferenceSession.create(network, { logSeverityLevel: 3 }));
  const count = pixels.length / (side * side * 3);
  const { embedding } = await session.run({ image: new Tensor('uint8', pixels, [count, side, side, 3]) });
  return embedding!.data as Float32Array;
}

const randomPixels = (count: number, seed: number) => {
  const random = seeded(seed);
  return Uint8Array.from({ length: count }, () => Math.floor(random() * 256));
};

const normalise = (pixels: Uint8Array) => Float32Array.from(pixels, (value) => (value - 127.5) / 128);

async function convert(model: KerasModel, weights: ReadonlyMap<string, LayerWeights>): Promise<Uint8Array> {
  const path = join(folder, 'weights.h5');
  await writeKerasFile(path, weights);
  return withKerasFile(path, (file) => kerasToOnnx(model, file, () => fixed));
}

/** Every class of layers, on sides that no stride divides, so that each padding has an odd pixel somewhere. */
const menagerie = kerasModel([
  ['input', 'InputLayer', [], { batch_input_shape: [null, 23, 23, 3] }],
  [
    'padded',
    'ZeroPadding2D',
    ['input'],
    {
      padding: [
        [1, 2],
        [0, 3],
      ],
    },
  ],
  [
    'conv1',
    'Conv2D',
    ['padded'],
    { filters: 6, kernel_size: [3, 2], strides: [2, 2], padding: 'same', use_bias: false },
  ],
  ['norm1', 'BatchNormalization', ['conv1'], { axis: [3], epsilon: 0.01, scale: false }],
  ['act1', 'Activation', ['norm1'], { activation: 'elu' }],
  ['loose', 'BatchNormalization', ['act1'], { axis: 3, epsilon: 0.001 }],
  [
    'wide',
    'Conv2D',
    ['loose'],
    { filters: 5, kernel_size: [3, 3], dilation_rate: [2, 2], padding: 'same', activation: 'tanh' },
  ],
  ['average', 'AveragePooling2D', ['loose'], { pool_size: [3, 3], strides: [1, 1], padding: 'same' }],
  [
    'scaled',
    'Lambda',
    ['average'],
    { function: ['4wIAAAA', null, null], function_type: 'lambda', arguments: { scale: 0.17 } },
  ],
  ['sum', 'Add', ['loose', 'scaled', 'average']],
  ['both', 'Concatenate', ['sum', 'wide'], { axis: 3 }],
  ['max', 'MaxPooling2D', ['both'], { pool_size: [3, 3], strides: [2, 2], padding: 'same' }],
  ['mean', 'AveragePooling2D', ['both'], { pool_size: [2, 2], padding: 'same' }],
  ['tall', 'Concatenate', ['max', 'mean'], { axis: 1 }],
  ['valid', 'Conv2D', ['tall'], { filters: 8, kernel_size: [2, 3], strides: [2, 1], padding: 'valid' }],
  ['norm2', 'BatchNormalization', ['valid'], { axis: -1 }],
  ['soft', 'Activation', ['norm2'], { activation: 'softmax' }],
  ['floor', 'MaxPooling2D', ['norm2'], { pool_size: [2, 2], padding: 'valid' }],
  ['averages', 'GlobalAveragePooling2D', ['soft']],
  ['flat', 'Flatten', ['floor']],
  ['dropped', 'Dropout', ['flat'], { rate: 0.5 }],
  ['dense1', 'Dense', ['dropped'], { units: 9, activation: 'hard_sigmoid' }],
  ['dense2', 'Dense', ['averages'], { units: 7, use_bias: false }],
  ['norm3', 'BatchNormalization', ['dense2'], { axis: [1], scale: false }],
  ['together', 'Concatenate', ['dense1', 'norm3']],
  ['out', 'Dense', ['together'], { units: 16 }],
  ['l2_normalize', 'Lambda', ['out'], { function: ['4wIAAAA', null, null], function_type: 'lambda' }],
]);

describe('a Keras model as ONNX', () => {
  it('agrees with TensorFlow.js on every class of layers', async () => {
    await useBackend('cpu');
    const weights = randomWeights(menagerie, 1);
    const pixels = randomPixels(2 * 23 * 23 * 3, 2);
    const reference = await loadTensorFlowModel(menagerie, weights);
    const expected = await reference.predict(normalise(pixels), 2, 23);
    expect(maxDifference(await run(await convert(menagerie, weights), pixels, 23), expected)).toBeLessThan(
      1e-5,
    );
    expect(kerasOrder(readSteps(menagerie))).toEqual(reference.layers);
  });

  it.each([
    'relu',
    'relu6',
    'elu',
    'selu',
    'sigmoid',
    'hard_sigmoid',
    'tanh',
    'softplus',
    'softsign',
    'softmax',
    'swish',
  ])('agrees with TensorFlow.js on %s', async (activation) => {
    await useBackend('cpu');
    const model = kerasModel([
      ['input', 'InputLayer', [], { batch_input_shape: [null, 4, 4, 3] }],
      ['conv', 'Conv2D', ['input'], { filters: 32, kernel_size: [4, 4], activation }],
      ['flat', 'Flatten', ['conv']],
    ]);
    const weights = randomWeights(model, 3);
    // Far enough from zero for every bend of every curve.
    for (const tensor of weights.get('conv')!.values()) tensor.data = tensor.data.map((value) => value * 6);
    const pixels = randomPixels(2 * 48, 4);
    const expected = await (await loadTensorFlowModel(model, weights)).predict(normalise(pixels), 2, 4);
    expect(maxDifference(await run(await convert(model, weights), pixels, 4), expected)).toBeLessThan(
      tolerance,
    );
  });

  it('whitens each picture for itself where the catalog says so', async () => {
    const model = kerasModel([
      ['input', 'InputLayer', [], { batch_input_shape: [null, 4, 4, 3] }],
      ['flat', 'Flatten', ['input']],
    ]);
    const path = join(folder, 'none.h5');
    await writeKerasFile(path, new Map());
    const network = await withKerasFile(path, (file) => kerasToOnnx(model, file, () => ({ kind: 'whiten' })));
    const pixels = randomPixels(48, 5);
    const mean = pixels.reduce((sum, value) => sum + value, 0) / 48;
    const deviation = Math.sqrt(pixels.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 48);
    const expected = Array.from(pixels, (value) => (value - mean) / deviation);
    const grey = new Uint8Array(96).fill(90);
    grey.set(pixels);
    const whitened = await run(network, grey, 4);
    expect(maxDifference(whitened.subarray(0, 48), expected)).toBeLessThan(1e-5);
    expect(maxDifference(whitened.subarray(48), new Float32Array(48))).toBe(0);
  });
});

describe.each([128, 512] as const)('Inception-ResNet v1 with %i numbers and random weights', (size) => {
  const id = `facenet-${size}` as const;

  it('agrees with TensorFlow.js, whole-model file or bare weights, by name or by order', async () => {
    await useBackend('wasm');
    const model = inceptionResnetV1(size);
    const weights = randomWeights(model, size);
    const bare = join(folder, 'facenet_weights.h5');
    await writeKerasFile(bare, weights);
    const imported = await importModel([bare], { folder, normalise: fixed });
    expect(imported).toEqual({ id, path: join(folder, `${id}.onnx`), golden: size === 512 ? 'other' : null });
    // What stands before the network differs by a few nodes.
    expect(Math.abs((await stat(imported.path)).size - catalog[id].bytes)).toBeLessThan(1000);

    const pixels = randomPixels(160 * 160 * 3, 6);
    const reference = await loadTensorFlowModel(model, weights);
    const expected = await reference.predict(normalise(pixels), 1, 160);
    expect(Math.hypot(...expected)).toBeGreaterThan(1);
    expect(maxDifference(await run(imported.path, pixels, 160), expected)).toBeLessThan(tolerance);
    expect(kerasOrder(readSteps(model))).toEqual(reference.layers);

    if (size === 512) return;
    const network = await readFile(imported.path);
    const byOrder = reference.layers.filter((name) => weights.has(name));
    const renamed = new Map(byOrder.map((name, i) => [`layer_${i}`, weights.get(name)!]));
    const description = toKerasJson(model);
    await writeKerasFile(bare, renamed);
    await importModel([bare], { folder, normalise: fixed });
    expect(network.equals(await readFile(imported.path))).toBe(true);
    await writeKerasFile(bare, weights, { description });
    await importModel([bare], { folder, normalise: fixed });
    expect(network.equals(await readFile(imported.path))).toBe(true);
  }, 240_000);
});

const shared = process.env.KITH_SHARED;

describe.skipIf(!shared)('FaceNet itself', () => {
  const file = (name: string) => join(shared!, 'models/facenet', name);

  it('is built as its own description says', async () => {
    const own = parseKerasModel(await readFile(file('model.json'), 'utf8'), 'model.json');
    const built = inceptionResnetV1(512);
    expect(built.layers.map(({ name }) => name)).toEqual(own.layers.map(({ name }) => name));
    expect(readSteps(built)).toEqual(readSteps(own));
  });

  it.each([{ files: ['model.json', 'model.h5'] }, { files: ['model.h5'] }])(
    'gives the golden embeddings after an import of $files',
    async ({ files }) => {
      const { id, path, golden } = await importModel(files.map(file), { folder });
      expect({ id, golden }).toEqual({ id: 'facenet-512', golden: 'same' });
      const { items } = JSON.parse(await readFile(file('golden/embeddings.json'), 'utf8'));
      expect(items).toHaveLength(4);
      for (const { image, embedding } of items) {
        const pixels = await sharp(file(`golden/${image}`))
          .removeAlpha()
          .raw()
          .toBuffer();
        const received = await run(path, pixels, 160);
        expect(maxDifference(received, embedding)).toBeLessThan(1e-5);
        expect(cosine(received, embedding)).toBeGreaterThan(0.9999);
      }
    },
    120_000,
  );

  it('is imported in 30 s and 1 GB', async () => {
    const script = `
      const { importModel } = await import(${JSON.stringify(import.meta.resolve('../../models/import.ts'))});
      await importModel([${JSON.stringify(file('model.h5'))}], { folder: ${JSON.stringify(folder)} });
      console.log(process.resourceUsage().maxRSS);`;
    const begun = performance.now();
    // A process of its own: this one has TensorFlow.js in its memory.
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    expect(performance.now() - begun).toBeLessThan(30_000);
    expect(Number(stdout)).toBeGreaterThan(100_000);
    expect(Number(stdout)).toBeLessThan(1_000_000);
  }, 120_000);
});

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const dot = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    Array.from(x, (value, i) => value * y[i]!).reduce((sum, value) => sum + value, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
