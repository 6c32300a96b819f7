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
  // Not ReduceMean, whose axes moved from attribute to input in operator set 18: this also goes before a network
  // that the user imports, of any operator set.
  const ones = graph.weight('ones', { shape: [1, 3, 1, 1], data: Float32Array.of(1, 1, 1) });
  const three = number('three', 3);
  const mean = (x: Value, name: string) => {
    const channels = graph.node('GlobalAveragePool', [x], {}, `${name}/channels`);
    return graph.node('Div', [graph.node('Conv', [channels, ones], {}, `${name}/sum`), three], {}, name);
  };
  const centred = graph.node('Sub', [pixels, mean(pixels, 'mean')], {}, 'centred');
  const squares = graph.node('Mul', [centred, centred], {}, 'squares');
  const deviation = graph.node('Sqrt', [mean(squares, 'variance')], {}, 'deviation');
  const spread = graph.node('Max', [deviation, least], {}, 'spread');
  return graph.node('Div', [centred, spread], {}, 'normalised');
}
