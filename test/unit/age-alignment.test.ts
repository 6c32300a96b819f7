import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgeAlignment } from '../../electron/contract/ages.ts';
import { alignAges, childhood } from '../../electron/grouping/age-alignment.ts';
import { dot, normalise } from '../../electron/grouping/similarity.ts';
import { agesOf } from '../../models/ages.ts';
import { fitAges } from '../eval/ages-fit.ts';
import { gaussian, random } from '../fixtures/random.ts';

const SIZE = 16;

/** Faces around one of two directions: children lie close around theirs, as encoders draw them. */
function people(count: number, child: boolean, normal: () => number) {
  return Array.from({ length: count }, () => {
    const of = Float32Array.from({ length: SIZE }, () => normal() * (child ? 0.15 : 0.3));
    of[child ? 1 : 0]! += 1;
    return { embedding: new Float32Array(normalise(of)), child };
  });
}

const normal = gaussian(random(7));
const faces = [...people(300, true, normal), ...people(300, false, normal)];
const model = fitAges(faces, { spread: 1.5, prior: 0.5 });

/** Mean similarity of two people of a kind. */
function alike(of: readonly Float32Array[]): number {
  const all = of.flatMap((a, at) => of.slice(at + 1).map((b) => dot(a, b)));
  return all.reduce((sum, value) => sum + value, 0) / all.length;
}

describe('The alignment of ages', () => {
  it('tells children from grown-ups of whom it never heard', () => {
    for (const child of [true, false]) {
      const others = people(200, child, normal);
      const right = others.filter(({ embedding }) => childhood(embedding, model)[0]! > 0.5 === child);
      expect(right.length).toBeGreaterThan(190);
    }
  });

  it('draws two children as far apart as two grown-ups, which it hardly moves', () => {
    const [children, grown] = [true, false].map((child) => people(60, child, normal));
    const both = [children!, grown!].map((some) => some.map(({ embedding }) => embedding));
    const aligned = both.map((some) => some.map((face) => alignAges(face, model)));
    expect(alike(both[0]!) - alike(both[1]!)).toBeGreaterThan(0.2);
    expect(Math.abs(alike(aligned[0]!) - alike(aligned[1]!))).toBeLessThan(0.05);
    const stayed = grown!.map(({ embedding }, i) => dot(embedding, aligned[1]![i]!));
    expect(stayed.reduce((sum, value) => sum + value, 0) / stayed.length).toBeGreaterThan(0.97);
  });

  it('gives unit vectors, each face by itself, and leaves what it was given', () => {
    const random = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
      minLength: SIZE,
      maxLength: SIZE,
    });
    fc.assert(
      fc.property(fc.array(random, { minLength: 1, maxLength: 5 }), (rows) => {
        const vectors = rows.map((row) => new Float32Array(normalise(Float32Array.from(row))));
        const packed = Float32Array.from(vectors.flatMap((row) => [...row]));
        const before = packed.slice();
        const aligned = alignAges(packed, model);
        expect(packed).toEqual(before);
        expect(alignAges(before, model, before)).toEqual(aligned);
        vectors.forEach((row, at) => {
          const one = aligned.subarray(at * SIZE, (at + 1) * SIZE);
          expect(one).toEqual(alignAges(row, model));
          const length = Math.hypot(...one);
          if (length > 0) expect(length).toBeCloseTo(1, 5);
        });
      }),
    );
  });

  it('changes nothing by a model without a spread whose ages have one mean', () => {
    const none: AgeAlignment = { ...model, spread: 1, offset: model.offset.map(() => 0) };
    const { embedding } = faces[0]!;
    alignAges(embedding, none).forEach((value, i) => {
      expect(value).toBeCloseTo(embedding[i]!, 6);
    });
  });
});

describe('The catalog', () => {
  it('says of dlib and FaceNet how they see children, by which command, and nothing of others', () => {
    expect(agesOf('dlib')).toMatchObject({ command: 'npm run eval -- ages fit ssd/dlib' });
    expect(agesOf('dlib')!.weights).toHaveLength(128);
    expect(agesOf('facenet-512')!.offset).toHaveLength(512);
    expect(agesOf('facenet-128')).toBeNull();
    expect(agesOf(`dlib@${'0'.repeat(64)}`)).toBeNull();
  });
});
