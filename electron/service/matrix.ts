import { OnnxGraph } from '../../models/convert/onnx.ts';
import { InferenceSession, Tensor } from '../../models/onnxruntime.ts';
import type { Product } from '../grouping/product.ts';
import { unbroken } from './thread.ts';

/**
 * Matrix products by ONNX Runtime, whose kernels (MLAS) are some twenty times as fast as plain TypeScript. A run blocks
 * its thread, so this is for worker threads.
 */
export async function openProduct(): Promise<Product & { release(): Promise<void> }> {
  const graph = new OnnxGraph('product');
  const [a, b] = [graph.input('a', 'float32', ['N', 'K']), graph.input('b', 'float32', ['M', 'K'])];
  graph.output(graph.node('Gemm', [a, b], { transB: 1 }, 'dots'), 'float32', ['N', 'M']);
  graph.output(graph.node('ReduceMax', ['dots'], { axes: [1], keepdims: 0 }, 'most'), 'float32', ['N']);
  const options = { intraOpNumThreads: 1, logSeverityLevel: 3 } as const;
  const session = await unbroken(() => InferenceSession.create(graph.bytes(), options));
  // Each run writes to the same arrays: new ones each time would keep the garbage collector busy.
  let [dots, most] = [new Float32Array(), new Float32Array()];
  const product: Product = async (ones, others, size) => {
    const [n, m] = [ones.length / size, others.length / size];
    if (n * m === 0) return { dots: new Float32Array(), most: new Float32Array(n).fill(-2) };
    if (dots.length < n * m) dots = new Float32Array(n * m);
    if (most.length < n) most = new Float32Array(n);
    const result = { dots: dots.subarray(0, n * m), most: most.subarray(0, n) };
    await unbroken(() =>
      session.run(
        { a: new Tensor('float32', ones, [n, size]), b: new Tensor('float32', others, [m, size]) },
        { dots: new Tensor('float32', result.dots, [n, m]), most: new Tensor('float32', result.most, [n]) },
      ),
    );
    return result;
  };
  return Object.assign(product, { release: () => session.release() });
}
