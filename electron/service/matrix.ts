import { OnnxGraph } from '../../models/convert/onnx.ts';
import { InferenceSession, Tensor } from '../../models/onnxruntime.ts';
import { highestAcross, highestAlong, NONE, type Product, SEGMENT } from '../grouping/product.ts';
import { unbroken } from './thread.ts';

/**
 * Matrix products by ONNX Runtime, whose kernels (MLAS) are some twenty times as fast as plain TypeScript. A run blocks
 * its thread, so this is for worker threads.
 */
export async function openProduct(): Promise<Product & { release(): Promise<void> }> {
  // One after another: `unbroken` knows of one piece of native code at a time.
  const plain = await opened(gemm());
  const segmented = await opened(gemm('along'));
  const crossed = await opened(across());
  // Results are taken as they come: the binding copies each into an array of its own, also where it is given one to write to
  // (onnxruntime-node 1.30, OrtValueToNapiValue in tensor_helper.cc).
  const product: Product = async (ones, others, size, wanted) => {
    const [n, m] = [ones.length / size, others.length / size];
    if (n * m === 0) return { dots: NONE, along: NONE, across: NONE };
    const given = {
      a: new Tensor('float32', ones, [n, size]),
      b: new Tensor('float32', others, [m, size]),
    };
    // What is no whole number of segments can't be cut into them. That is the last block of many.
    if (m % SEGMENT > 0) {
      const dots = numbers((await unbroken(() => plain.run(given))).dots!);
      return {
        ...{ dots, along: highestAlong(dots, n, m) },
        across: wanted ? highestAcross(dots, n, m) : NONE,
      };
    }
    const cut = new Tensor('int64', BigInt64Array.from([n, m / SEGMENT, SEGMENT], BigInt), [3]);
    const result = await unbroken(() => segmented.run({ ...given, cut }));
    const dots = numbers(result.dots!);
    return { dots, along: numbers(result.along!), across: wanted ? await acrossOf(dots, n, m) : NONE };
  };
  const acrossOf = async (dots: Float32Array, n: number, m: number) => {
    if (n % SEGMENT > 0) return highestAcross(dots, n, m);
    const parts = new Tensor('float32', dots, [n / SEGMENT, SEGMENT, m]);
    return numbers((await unbroken(() => crossed.run({ parts }))).across!);
  };
  const release = async () => {
    for (const session of [plain, segmented, crossed]) await session.release();
  };
  return Object.assign(product, { release });
}

const numbers = ({ data }: Tensor) => data as Float32Array;

/** Products of two sets of rows; with `along`, also the highest of each segment, where the second set is a whole number of them. */
function gemm(along?: 'along'): OnnxGraph {
  const graph = new OnnxGraph('product');
  const [a, b] = [graph.input('a', 'float32', ['N', 'K']), graph.input('b', 'float32', ['M', 'K'])];
  const dots = graph.node('Gemm', [a, b], { transB: 1 }, 'dots');
  graph.output(dots, 'float32', ['N', 'M']);
  if (!along) return graph;
  const parts = graph.node('Reshape', [dots, graph.input('cut', 'int64', [3])], {}, 'parts');
  graph.output(graph.node('ReduceMax', [parts], { axes: [2], keepdims: 0 }, along), 'float32', ['N', 'S']);
  return graph;
}

/** The highest products of each segment of the first set. */
function across(): OnnxGraph {
  const graph = new OnnxGraph('across');
  const parts = graph.input('parts', 'float32', ['T', SEGMENT, 'M']);
  graph.output(graph.node('ReduceMax', [parts], { axes: [1], keepdims: 0 }, 'across'), 'float32', ['T', 'M']);
  return graph;
}

function opened(graph: OnnxGraph): Promise<InferenceSession> {
  const options = { intraOpNumThreads: 1, logSeverityLevel: 3 } as const;
  return unbroken(() => InferenceSession.create(graph.bytes(), options));
}
