import { conv, pixels, toOnnxFilter } from './layers.ts';
import { OnnxGraph, type Value } from './onnx.ts';
import type { Weights } from './tfjs-weights.ts';

/** Mean red, green and blue of what the network learned from, subtracted before the division by 255. */
const meanRgb = [117.001, 114.697, 97.404] as const;

/** Separable convolutions after the first; the picture is halved after each but the last. */
const layers = 5;

/**
 * face-api's tiny face detector, a small YOLO v2 of separable convolutions: `src/tinyFaceDetector/` and
 * `src/tinyYolov2/`.
 *
 * In: `image` uint8 [N, H, W, 3], RGB, any multiples of 32. Out: `cells` float32 [N, H / 32, W / 32, 25]: for each cell of
 * 32 × 32 pixels and each of five anchors the logits of the centre (x, y), the logarithm of the size in anchors (width,
 * height), and the logit of a face. Not suppressed.
 *
 * Paper: Redmon and Farhadi, "YOLO9000: Better, Faster, Stronger", 2017.
 */
export function tinyFace(weights: Weights): Uint8Array {
  const graph = new OnnxGraph('tiny-face-detector');
  const leaky = (x: Value) => graph.node('LeakyRelu', [x], { alpha: 0.1 }, `${x}/leaky`);
  const halved = (x: Value, stride: 1 | 2) =>
    graph.node(
      'MaxPool',
      [x],
      { kernel_shape: [2, 2], strides: [stride, stride], auto_pad: 'SAME_UPPER' },
      `${x}/pool`,
    );

  // (x − mean) / 255 goes into the first filter and its bias, since nothing is padded before it.
  const first = weights.get('conv0/filters', [3, 3, 3, 16]);
  const offset = weights.get('conv0/bias').data.slice();
  first.data.forEach((weight, at) => {
    offset[at % 16]! -= (weight * meanRgb[Math.floor(at / 16) % 3]!) / 255;
  });
  const filter = toOnnxFilter(first, 'full', new Float64Array(16).fill(1 / 255));
  let x = leaky(
    conv(graph, pixels(graph, 'H', 'W'), 'conv0', { filter, bias: { shape: [16], data: offset } }),
  );
  x = halved(x, 2);
  for (let layer = 1; layer <= layers; layer++) {
    const depth = weights.get(`conv${layer}/depthwise_filter`);
    const channels = depth.shape[2]!;
    x = conv(graph, x, `conv${layer}/depthwise`, {
      filter: toOnnxFilter(depth, 'depthwise'),
      pads: [1, 1, 1, 1],
      groups: channels,
    });
    const point = weights.get(`conv${layer}/pointwise_filter`);
    x = leaky(
      conv(graph, x, `conv${layer}/pointwise`, {
        filter: toOnnxFilter(point, 'full'),
        bias: weights.get(`conv${layer}/bias`),
      }),
    );
    x = halved(x, layer < layers ? 2 : 1);
  }
  const last = conv(graph, x, 'conv8', {
    filter: toOnnxFilter(weights.get('conv8/filters'), 'full'),
    bias: weights.get('conv8/bias', [25]),
  });
  graph.output(graph.node('Transpose', [last], { perm: [0, 2, 3, 1] }, 'cells'), 'float32', [
    'N',
    'rows',
    'columns',
    25,
  ]);
  return graph.bytes();
}
