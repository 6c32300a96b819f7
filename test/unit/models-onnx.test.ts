import { describe, expect, it } from 'vitest';
import { conv, samePads, toOnnxFilter } from '../../models/convert/layers.ts';
import { OnnxGraph } from '../../models/convert/onnx.ts';
import { InferenceSession, Tensor } from '../../models/onnxruntime.ts';

function twice(): OnnxGraph {
  const graph = new OnnxGraph('twice');
  const x = graph.input('x', 'float32', ['N', 3]);
  const two = graph.weight('two', { shape: [], data: Float32Array.of(2) });
  graph.output(graph.node('Mul', [x, two], {}, 'y'), 'float32', ['N', 3]);
  return graph;
}

describe('writing ONNX', () => {
  it('gives a file that the runtime runs, for any batch', async () => {
    const session = await InferenceSession.create(twice().bytes());
    const { y } = await session.run({ x: new Tensor('float32', [1, -2, 3, 4, 5, 6], [2, 3]) });
    expect(Array.from(y!.data as Float32Array)).toEqual([2, -4, 6, 8, 10, 12]);
  });

  it('gives the same bytes for the same calls', () => {
    expect(twice().bytes()).toEqual(twice().bytes());
  });

  it('refuses a value that nobody gives, a name twice, and data that does not fill its shape', () => {
    const graph = twice();
    expect(() => graph.node('Relu', ['z'], {}, 'r')).toThrow(
      'Expected an earlier value for Relu "r" but received "z"',
    );
    expect(() => graph.node('Relu', ['x'], {}, 'y')).toThrow('received "y" twice');
    const short = { shape: [2, 2], data: new Float32Array(3) };
    expect(() => graph.weight('w', short)).toThrow('Expected 4 values for "w" [2,2] but received 3');
  });
});

describe('a convolution of TensorFlow', () => {
  /** The definition, in TensorFlow's order: picture [side, side, ins], filter [k, k, ins, outs], 'same'. */
  function reference(
    picture: Float32Array,
    side: number,
    ins: number,
    filter: Float32Array,
    k: number,
    outs: number,
    stride: number,
  ) {
    const size = Math.ceil(side / stride);
    const before = Math.floor(Math.max(0, (size - 1) * stride + k - side) / 2);
    const result = new Float32Array(size * size * outs);
    for (const [y, x, o] of grid(size, size, outs)) {
      let sum = 0;
      for (const [dy, dx, i] of grid(k, k, ins)) {
        const [row, column] = [y * stride + dy - before, x * stride + dx - before];
        if (row < 0 || column < 0 || row >= side || column >= side) continue;
        sum += picture[(row * side + column) * ins + i]! * filter[((dy * k + dx) * ins + i) * outs + o]!;
      }
      result[(y * size + x) * outs + o] = sum;
    }
    return result;
  }

  function* grid(a: number, b: number, c: number): Generator<[number, number, number]> {
    for (let i = 0; i < a; i++) for (let j = 0; j < b; j++) for (let k = 0; k < c; k++) yield [i, j, k];
  }

  const wave = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * 1.7));

  it.each([
    [8, 1],
    [8, 2],
    [7, 2],
  ] as const)('means the same in ONNX on a side of %i with stride %i', async (side, stride) => {
    const [ins, outs, k] = [2, 3, 3];
    const picture = wave(side * side * ins);
    const filter = { shape: [k, k, ins, outs], data: wave(k * k * ins * outs) };
    const graph = new OnnxGraph('conv');
    const x = graph.node(
      'Transpose',
      [graph.input('x', 'float32', ['N', side, side, ins])],
      { perm: [0, 3, 1, 2] },
      'nchw',
    );
    const y = conv(graph, x, 'y', {
      filter: toOnnxFilter(filter, 'full'),
      stride,
      pads: samePads(side, k, stride),
    });
    const size = Math.ceil(side / stride);
    graph.output(graph.node('Transpose', [y], { perm: [0, 2, 3, 1] }, 'nhwc'), 'float32', [
      'N',
      size,
      size,
      outs,
    ]);
    const session = await InferenceSession.create(graph.bytes());
    const { nhwc } = await session.run({ x: new Tensor('float32', picture, [1, side, side, ins]) });
    const expected = reference(picture, side, ins, filter.data, k, outs, stride);
    (nhwc!.data as Float32Array).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 4);
    });
  });
});
