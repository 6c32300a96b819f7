import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EncoderKey } from '../../electron/contract/ids.ts';
import { catalog } from '../../models/catalog.ts';
import { OnnxGraph } from '../../models/convert/onnx.ts';
import { encoderKey, findEncoder } from '../../models/encoder.ts';
import { importModel } from '../../models/import.ts';
import { readNote } from '../../models/import-note.ts';
import { type OnnxHints, readOnnxEncoder } from '../../models/import-onnx.ts';
import { InferenceSession, Tensor } from '../../models/onnxruntime.ts';
import { openStore } from '../../models/store.ts';
import { type Somebodys, somebodys } from '../fixtures/onnx.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kith-onnx-'));
  vi.stubEnv('KITH_MODELS_DIR', join(folder, 'models'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

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
      const { network } = readOnnxEncoder(bytes, 'x.onnx', {
        colour,
        normalise: { kind: 'fixed', mean: 100, spread: 50 },
        align: { kind: 'box', scale: 1 },
      });
      const received = await run(network, new Tensor('uint8', pixels, [2, side, side, 3]));
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
    const read = (network: Somebodys, hints: OnnxHints = {}) => {
      const { network: _, ...found } = readOnnxEncoder(somebodys(network), 'x.onnx', hints);
      return found;
    };
    const asItIs = { kind: 'fixed', mean: 0, spread: 1 };
    const five = { kind: 'five-points' } as const;
    const upright = { side: 112, alignment: five, mirror: false };
    expect(read({ side: 160, size: 512 })).toEqual({
      id: 'facenet-512',
      shape: { side: 160, size: 512, alignment: { kind: 'box', scale: 1.1 }, mirror: true },
      normalise: { kind: 'fixed', mean: 127.5, spread: 128 },
    });
    expect(read({ side: 112, size: 128, input: 'data' })).toEqual({
      id: 'sface-128',
      shape: { ...upright, size: 128 },
      normalise: asItIs,
    });
    expect(read({ side: 112, size: 512 })).toEqual({
      id: 'arcface-512',
      shape: { ...upright, size: 512 },
      normalise: { kind: 'fixed', mean: 127.5, spread: 127.5 },
    });
    expect(read({ side: 112, size: 512, subtracts: true })).toMatchObject({ normalise: asItIs });
    const box = { kind: 'box', scale: 1.2 } as const;
    expect(read({ side: 96, size: 64 }, { align: five, normalise: { kind: 'whiten' } })).toEqual({
      id: 'custom',
      shape: { side: 96, size: 64, alignment: five, mirror: false },
      normalise: { kind: 'whiten' },
    });
    // Another crop makes it another encoder; the usual one said aloud does not.
    expect(read({ side: 112, size: 512 }, { align: box })).toMatchObject({
      id: 'custom',
      shape: { alignment: box },
    });
    expect(read({ side: 112, size: 512 }, { align: five })).toMatchObject({ id: 'arcface-512' });
  });

  it.each([
    { network: { side: 112, size: 512 }, id: 'arcface-512' },
    { network: { side: 112, size: 128, input: 'data' }, id: 'sface-128' },
  ] as const)('is installed as $id', async ({ network, id }) => {
    const path = join(folder, 'somebodys.onnx');
    await writeFile(path, somebodys({ ...network, batch: 1 }));
    await expect(importModel([path])).resolves.toMatchObject({ id, golden: null });
    const note = await readNote(join(folder, 'models', `${id}.onnx`));
    expect(note).toMatchObject({ madeFrom: [{ file: 'somebodys.onnx' }] });
    const { shape } = catalog[id];
    const store = openStore();
    const key = await encoderKey(id, store);
    expect(key).toBe(`${id}@${note!.sha256}`);
    await expect(findEncoder(key, store)).resolves.toEqual({
      networks: [{ path: await store.find(id), shape }],
      join: null,
    });
  });

  it('is installed as it was described, and its crop is part of what it is', async () => {
    const path = join(folder, 'odd.onnx');
    await writeFile(path, somebodys({ side: 96, size: 64 }));
    const store = openStore();
    const keys: EncoderKey[] = [];
    for (const align of [{ kind: 'five-points' }, { kind: 'box', scale: 1.3 }] as const) {
      const described: OnnxHints = { align, normalise: { kind: 'fixed', mean: 0, spread: 255 } };
      await expect(importModel([path], described)).resolves.toMatchObject({ id: 'custom' });
      const key = await encoderKey('custom', store);
      const shape = { side: 96, size: 64, alignment: align, mirror: false };
      await expect(findEncoder(key, store)).resolves.toMatchObject({ networks: [{ shape }] });
      keys.push(key);
    }
    expect(new Set(keys).size).toBe(2);
    await expect(findEncoder(keys[0]!, store)).rejects.toMatchObject({
      code: 'model-damaged',
      detail: expect.stringContaining('replaced by other weights'),
    });
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
    [
      'of another kind',
      () => somebodys({ side: 96, size: 64 }),
      'model-unsupported',
      /96 pixels and gives 64 numbers.*--align and --normalise/,
    ],
    [
      'like SFace, but of another name',
      () => somebodys({ side: 112, size: 128 }),
      'model-unsupported',
      /112 pixels and gives 128 numbers.*--align and --normalise/,
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
