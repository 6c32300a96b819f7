import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as pathOf } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EncoderKey, encoderOf } from '../../electron/contract/ids.ts';
import { dot, normalise } from '../../electron/grouping/similarity.ts';
import { joinVectors } from '../../electron/vision/composite.ts';
import { compositeIds, titleOf } from '../../models/catalog.ts';
import { chooseModel } from '../../models/choice.ts';
import { encoderKey, findEncoder, joinOf } from '../../models/encoder.ts';
import { importModel } from '../../models/import.ts';
import { catalogJoin, type Join, ownJoinFile } from '../../models/joins.ts';
import { openStore } from '../../models/store.ts';
import { somebodys } from '../fixtures/onnx.ts';
import { gaussian, random } from '../fixtures/random.ts';

const unit = (vector: Float32Array) => new Float32Array(normalise(vector));
const base64 = (values: readonly number[]) =>
  Buffer.from(Float32Array.from(values).buffer).toString('base64');

describe('The vector of a composite encoder', () => {
  const normal = gaussian(random(11));
  const face = (size: number) => unit(Float32Array.from({ length: size }, normal));
  const axes = (size: number) =>
    Float32Array.from({ length: size * size }, (_, at) => Number(at % (size + 1) === 0));
  const joinWith = (share: number): Join => ({
    parts: [
      { centre: face(6).map((value) => value / 3), axes: axes(6), share: 1 - share },
      { centre: face(4).map((value) => value / 3), axes: axes(4), share },
    ],
    command: '',
    source: '',
  });

  it("is as similar to another as both networks' embeddings are from their centres on, by their shares", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 0.99, noNaN: true }), (share) => {
        const join = joinWith(share);
        const [one, other] = [0, 1].map(() => [face(6), face(4)] as const) as [
          readonly [Float32Array, Float32Array],
          readonly [Float32Array, Float32Array],
        ];
        const vectors = [one, other].map((embeddings) => joinVectors(embeddings, join));
        for (const vector of vectors) expect(dot(vector, vector)).toBeCloseTo(1, 5);
        const fromCentre = (at: 0 | 1) => {
          const [a, b] = [one, other].map((embeddings) =>
            unit(embeddings[at].map((value, i) => value - join.parts[at].centre[i]!)),
          );
          return dot(a!, b!);
        };
        expect(dot(vectors[0]!, vectors[1]!)).toBeCloseTo(
          (1 - share) * fromCentre(0) + share * fromCentre(1),
          5,
        );
      }),
    );
  });

  it('leaves out the directions that have no axis', () => {
    const join = joinWith(0.5);
    join.parts[0].axes = join.parts[0].axes.subarray(0, 2 * 6);
    expect(joinVectors([face(6), face(4)], join)).toHaveLength(2 + 4);
  });

  it('is refused where an embedding has another length', () => {
    expect(() => joinVectors([face(5), face(4)], joinWith(0.5))).toThrow(/Expected an embedding of 6/);
  });
});

describe('The catalog', () => {
  it.each(compositeIds)('has all that it takes to join %s, in a vector shorter than the longer one', (id) => {
    const { join } = catalogJoin(id)!;
    const [first, second] = join.parts;
    expect(first.share + second.share).toBeCloseTo(1, 6);
    for (const { axes, centre } of join.parts) {
      const size = centre.length;
      const rows = Array.from({ length: axes.length / size }, (_, at) =>
        axes.subarray(at * size, (at + 1) * size),
      );
      rows.forEach((row, at) => {
        rows.slice(at).forEach((other, i) => {
          expect(dot(row, other)).toBeCloseTo(i === 0 ? 1 : 0, 4);
        });
      });
    }
    const size = join.parts.reduce((sum, { axes, centre }) => sum + axes.length / centre.length, 0);
    expect(size).toBeLessThan(Math.max(first.centre.length, second.centre.length) / 2);
    expect(encoderOf(EncoderKey.parse(id))).toEqual({ id, weights: null });
  });
});

describe('Two encoders that somebody brought', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(pathOf(tmpdir(), 'kith-composite-'));
    vi.stubEnv('KITH_MODELS_DIR', pathOf(folder, 'models'));
    await mkdir(pathOf(folder, 'models'));
    const file = pathOf(folder, 'somebodys.onnx');
    for (const [side, size, input] of [
      [112, 512, 'image'],
      [112, 128, 'data'],
    ] as const) {
      await writeFile(file, somebodys({ side, size, input }));
      await importModel([file]);
    }
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });

  const id = 'arcface-512+sface-128';

  it('are not joined by themselves, and the error says what to run', async () => {
    const key = await encoderKey(id, openStore());
    expect(EncoderKey.parse(key)).toMatch(/^arcface-512\+sface-128@[0-9a-f]{64}$/);
    await expect(findEncoder(key, openStore())).rejects.toMatchObject({
      code: 'model-missing',
      detail: expect.stringContaining(`npm run eval -- join yunet/${id}`),
    });
    await expect(chooseModel(id)).rejects.toMatchObject({ code: 'model-missing' });
  });

  it('are one encoder once they were joined, and another one when joined in another way', async () => {
    const { weights } = await joinOf(id, openStore());
    const file = ownJoinFile(id, weights, pathOf(folder, 'models'));
    const keys: EncoderKey[] = [];
    for (const share of [0.4, 0.6]) {
      const part = (size: number, own: number) => ({
        share: own,
        centre: base64(new Array(size).fill(0.01)),
        axes: base64(new Array(2 * size).fill(0).map((_, at) => Number(at % (size + 1) === 0))),
      });
      const parts = [part(512, 1 - share), part(128, share)];
      await writeFile(file, JSON.stringify({ parts, command: 'made', source: 'nothing' }));
      const key = await encoderKey(id, openStore());
      keys.push(key);
      const { networks, join } = await findEncoder(key, openStore());
      expect(networks.map(({ shape }) => shape.size)).toEqual([512, 128]);
      expect(join!.parts.map((each) => each.share)).toEqual([1 - share, share]);
    }
    expect(new Set(keys).size).toBe(2);
    await expect(findEncoder(keys[0]!, openStore())).rejects.toMatchObject({ code: 'model-damaged' });
    expect(titleOf(id)).toBe('ArcFace or its like, 512 numbers and SFace, 128 numbers');
    expect(await readFile(file, 'utf8')).toContain('"made"');
  });
});
