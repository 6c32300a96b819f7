import type { Normalisation } from '../catalog.ts';
import type { OnnxGraph, Value } from './onnx.ts';

/**
 * Adds what an encoder does to its pixels first.
 *
 * @param pixels float32 [N, 3, side, side], 0..255
 */
export function normalised(graph: OnnxGraph, pixels: Value, side: number, how: Normalisation): Value {
  const number = (name: string, value: number) =>
    graph.weight(name, { shape: [], data: Float32Array.of(value) });
  if (how.kind === 'fixed') {
    const centred = graph.node('Sub', [pixels, number('mean', how.mean)], {}, 'centred');
    return graph.node('Div', [centred, number('spread', how.spread)], {}, 'normalised');
  }
  // FaceNet's "prewhiten": a picture of one colour keeps its zeros, since the deviation is never less than this.
  const least = number('least', 1 / Math.sqrt(3 * side * side));
  const over = { axes: [1, 2, 3], keepdims: 1 };
  const centred = graph.node(
    'Sub',
    [pixels, graph.node('ReduceMean', [pixels], over, 'mean')],
    {},
    'centred',
  );
  const squares = graph.node('Mul', [centred, centred], {}, 'squares');
  const variance = graph.node('ReduceMean', [squares], over, 'variance');
  const deviation = graph.node('Sqrt', [variance], {}, 'deviation');
  const spread = graph.node('Max', [deviation, least], {}, 'spread');
  return graph.node('Div', [centred, spread], {}, 'normalised');
}
