import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samePads } from '../../models/convert/layers.ts';
import { readTfjsWeights } from '../../models/convert/tfjs-weights.ts';

const manifestOf = (...weights: object[]) => [{ paths: ['w.bin'], weights }];

/** Quantises as TensorFlow.js does: q = round((x - min) / scale), 0..255. */
function quantise(values: readonly number[]) {
  const min = Math.min(...values);
  const scale = (Math.max(...values) - min) / 255 || 1;
  return {
    quantization: { dtype: 'uint8', scale, min },
    bin: Uint8Array.from(values, (x) => Math.round((x - min) / scale)),
  };
}

describe('reading weights of TensorFlow.js', () => {
  it('gives back quantised values to within half a step', () => {
    const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(values, (original) => {
        const { quantization, bin } = quantise(original);
        const manifest = manifestOf({ name: 'w', shape: [original.length], dtype: 'float32', quantization });
        const { data } = readTfjsWeights(manifest, bin, 'w.bin').get('w');
        const slack = quantization.scale / 2 + 1e-5;
        return original.every((x, i) => Math.abs(data[i]! - x) <= slack);
      }),
    );
  });

  it('gives back 32-bit floats bit for bit, wherever they lie in the file', () => {
    const floats = fc.float32Array({ maxLength: 20, noNaN: true });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 7 }), floats, (before, values) => {
        const bin = new Uint8Array([...before, ...new Uint8Array(values.slice().buffer)]);
        const first = { name: 'a', shape: [before.length], dtype: 'uint8' };
        const weights = readTfjsWeights(
          manifestOf(first, { name: 'b', shape: [values.length], dtype: 'float32' }),
          bin,
          'w.bin',
        );
        expect(weights.get('a').data).toEqual(Float32Array.from(before));
        expect(weights.get('b').data).toEqual(values);
      }),
    );
  });

  it('names the tensor and the file when the file is cut short', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 23 }), (length) => {
        const manifest = manifestOf(
          { name: 'first', shape: [2, 3], dtype: 'uint8' },
          { name: 'second', shape: [9], dtype: 'uint16' },
        );
        const read = () => readTfjsWeights(manifest, new Uint8Array(length), 'w.bin');
        const [name, want, left] = length < 6 ? ['first', 6, length] : ['second', 18, length - 6];
        expect(read).toThrow(`Expected ${want} bytes for "${name}" in w.bin but received ${left}`);
      }),
    );
  });

  it('refuses a file that is too long, an unknown type, a tensor twice and no manifest at all', () => {
    const entry = { name: 'w', shape: [2], dtype: 'uint8' };
    expect(() => readTfjsWeights(manifestOf(entry), new Uint8Array(3), 'w.bin')).toThrow(
      'Expected 2 bytes of weights in w.bin but received 3',
    );
    expect(() =>
      readTfjsWeights(manifestOf({ ...entry, dtype: 'complex64' }), new Uint8Array(2), 'w.bin'),
    ).toThrow('for "w" in w.bin but received complex64');
    expect(() => readTfjsWeights(manifestOf(entry, entry), new Uint8Array(4), 'w.bin')).toThrow(
      'Expected "w" once in w.bin',
    );
    for (const manifest of [null, {}, [], manifestOf({ name: 'w' })]) {
      expect(() => readTfjsWeights(manifest, new Uint8Array(2), 'w.bin')).toThrow('manifest of w.bin');
    }
  });

  it('says which tensor is missing or of another shape', () => {
    const weights = readTfjsWeights(
      manifestOf({ name: 'w', shape: [2], dtype: 'uint8' }),
      new Uint8Array(2),
      'w.bin',
    );
    expect(() => weights.get('v')).toThrow('Expected a tensor "v" in w.bin');
    expect(() => weights.get('w', [3])).toThrow('Expected shape [3] for "w" in w.bin but received [2]');
  });
});

describe("TensorFlow's 'same' padding", () => {
  it('puts the odd pixel after', () => {
    expect(samePads(512, 3, 2)).toEqual([0, 0, 1, 1]);
    expect(samePads(35, 3, 2)).toEqual([1, 1, 1, 1]);
    expect(samePads(16, 3, 1)).toEqual([1, 1, 1, 1]);
    expect(samePads(16, 1, 1)).toEqual([0, 0, 0, 0]);
  });

  it('always gives as many pixels as the stride leaves', () => {
    const sides = fc.integer({ min: 3, max: 600 });
    fc.assert(
      fc.property(sides, fc.constantFrom(1, 3, 5, 7), fc.constantFrom(1, 2), (side, kernel, stride) => {
        const [before, , after] = samePads(side, kernel, stride);
        return Math.floor((side + before + after - kernel) / stride) + 1 === Math.ceil(side / stride);
      }),
    );
  });
});
