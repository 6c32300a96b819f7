import { conv, pixels, samePads, toOnnxFilter, vector } from './layers.ts';
import { OnnxGraph, type Value, type Weight } from './onnx.ts';
import type { Weights } from './tfjs-weights.ts';

/** Sides of the six feature maps that boxes are predicted from, and the anchors on each cell of them. */
const maps = [
  { side: 32, anchors: 3 },
  { side: 16, anchors: 6 },
  { side: 8, anchors: 6 },
  { side: 4, anchors: 6 },
  { side: 2, anchors: 6 },
  { side: 1, anchors: 6 },
];
const anchorCount = 5118;

/** TensorFlow's `batch_normalization` default in the training code that these weights come from. */
const epsilon = 0.0010000000474974513;

/**
 * SSD on MobileNet v1, trained on faces (WIDER FACE), as in face-api's `src/ssdMobilenetv1/`.
 *
 * In: `image` uint8 [N, H, W, 3], RGB. Out: `boxes` float32 [N, B, 4], decoded (ymin, xmin, ymax, xmax), where 1 is
 * 512 pixels; `scores` float32 [N, B], the probability of a face, 0..1. Not suppressed.
 *
 * face-api always shows it 512 × 512 pixels, and gets 5118 boxes. Here H and W may be any multiples of 32 up to 512:
 * a photo is seldom square, and the network is all convolutions, so the black around a photo need not be computed. Each
 * feature map then takes the anchors of its own cells.
 *
 * Papers: Liu et al., "SSD: Single Shot MultiBox Detector", 2016; Howard et al., "MobileNets", 2017.
 */
export function ssdMobilenet(weights: Weights): Uint8Array {
  const graph = new OnnxGraph('ssd-mobilenet-v1');
  const clip = { min: graph.weight('clip/min', scalar(0)), max: graph.weight('clip/max', scalar(6)) };
  const relu6 = (x: Value) => graph.node('Clip', [x, clip.min, clip.max], {}, `${x}/relu6`);

  /** A full convolution whose batch norm is folded into the filter already, but for its offset. */
  const pointwise = (
    x: Value,
    prefix: string,
    name: string,
    side: number,
    stride: 1 | 2,
    scale = 1,
  ): Value => {
    const filter = weights.get(`${prefix}_pointwise/weights`);
    const bias = weights.get(`${prefix}_pointwise/convolution_bn_offset`);
    const scales = new Float64Array(filter.shape[3]!).fill(scale);
    // Below the last even side the padding depends on the picture: 12 rows become 6, 3, 2, 1.
    const pads = side <= 16 ? 'same' : samePads(side, filter.shape[0]!, stride);
    return relu6(conv(graph, x, name, { filter: toOnnxFilter(filter, 'full', scales), bias, stride, pads }));
  };

  const depthwise = (x: Value, prefix: string, name: string, side: number, stride: 1 | 2): Value => {
    const filter = weights.get(`${prefix}_depthwise/depthwise_weights`);
    const norm = (part: string) => weights.get(`${prefix}_depthwise/BatchNorm/${part}`).data;
    const [gamma, beta, mean, variance] = [
      norm('gamma'),
      norm('beta'),
      norm('moving_mean'),
      norm('moving_variance'),
    ];
    const scale = Array.from(gamma, (g, c) => g / Math.sqrt(variance[c]! + epsilon));
    const bias = vector(scale.map((s, c) => beta[c]! - mean[c]! * s));
    const options = { bias, stride, pads: samePads(side, 3, stride), groups: filter.shape[2]! };
    return relu6(conv(graph, x, name, { filter: toOnnxFilter(filter, 'depthwise', scale), ...options }));
  };

  // x / 127.5 - 1 is what the network knows. The division goes into the first filter; the subtraction cannot,
  // because the padding is zero after it, not before.
  const centred = graph.node(
    'Sub',
    [pixels(graph, 'H', 'W'), graph.weight('centre', scalar(127.5))],
    {},
    'centred',
  );
  let x = pointwise(centred, 'MobilenetV1/Conv2d_0', 'conv0', 512, 2, 1 / 127.5);
  let side = 256;
  let conv11 = x;
  for (let layer = 1; layer <= 13; layer++) {
    const stride = [2, 4, 6, 12].includes(layer) ? 2 : 1;
    x = depthwise(x, `MobilenetV1/Conv2d_${layer}`, `conv${layer}/depthwise`, side, stride);
    side /= stride;
    x = pointwise(x, `MobilenetV1/Conv2d_${layer}`, `conv${layer}/pointwise`, side, 1);
    if (layer === 11) conv11 = x;
  }

  const features = [conv11, x];
  for (let layer = 0; layer < 8; layer++) {
    const stride = layer % 2 === 0 ? 1 : 2;
    x = pointwise(x, `Prediction/Conv2d_${layer}`, `extra${layer}`, side, stride);
    side /= stride;
    if (stride === 2) features.push(x);
  }

  const grids = features.map((feature, i) => predictor(graph, weights, feature, i));
  decode(graph, grids, anchorGrids(graph, weights, grids));
  return graph.bytes();
}

/**
 * The predictions of one feature map, [N, rows, columns, anchors · 5]: two of the centre, two of the size, one logit.
 * Box and class predictor become one convolution; of the three classes only the face is kept; the divisions
 * by SSD's variances (10 for the centre, 5 for the size) are folded in.
 */
function predictor(graph: OnnxGraph, weights: Weights, feature: Value, index: number): Value {
  const { anchors } = maps[index]!;
  const prefix = `Prediction/BoxPredictor_${index}`;
  const box = predictorWeights(weights, `${prefix}/BoxEncodingPredictor`, anchors * 4);
  const face = predictorWeights(weights, `${prefix}/ClassPredictor`, anchors * 3);
  const { ins } = box;
  const filter = new Float32Array(anchors * 5 * ins);
  const bias = new Float32Array(anchors * 5);
  for (let out = 0; out < anchors * 5; out++) {
    const [anchor, part] = [Math.floor(out / 5), out % 5];
    const [from, channel] = part < 4 ? [box, anchor * 4 + part] : [face, anchor * 3 + 1];
    const divisor = [10, 10, 5, 5, 1][part]!;
    for (let i = 0; i < ins; i++) filter[out * ins + i] = from.filter[i * from.outs + channel]! / divisor;
    bias[out] = from.bias[channel]! / divisor;
  }
  const name = `predict${index}`;
  const grid = conv(graph, feature, name, {
    filter: { shape: [anchors * 5, ins, 1, 1], data: filter },
    bias: vector(bias),
  });
  return graph.node('Transpose', [grid], { perm: [0, 2, 3, 1] }, `${name}/cells`);
}

function predictorWeights(weights: Weights, prefix: string, outs: number) {
  const filter = weights.get(`${prefix}/weights`);
  const bias = weights.get(`${prefix}/biases`, [outs]);
  return { filter: filter.data, bias: bias.data, ins: filter.shape[2]!, outs };
}

/**
 * The anchors of the cells that each feature map has, as [1, B, 4]: centre (y, x) and size (height, width). The
 * weights hold them as corners for all cells of 512 × 512 pixels, map after map.
 */
function anchorGrids(graph: OnnxGraph, weights: Weights, grids: readonly Value[]): Value {
  const corners = weights.get('Output/extra_dim', [1, anchorCount, 4]).data;
  let at = 0;
  const rows = grids.map((grid, index) => {
    const { side, anchors } = maps[index]!;
    const data = new Float32Array(side * side * anchors * 4);
    for (let i = 0; i < data.length; i += 4, at += 4) {
      for (const axis of [0, 1]) {
        const size = corners[at + axis + 2]! - corners[at + axis]!;
        data[i + axis] = corners[at + axis]! + size / 2;
        data[i + axis + 2] = size;
      }
    }
    const name = `anchors${index}`;
    const all = graph.weight(name, { shape: [1, side, side, anchors * 4], data });
    const shape = graph.node('Shape', [grid], { start: 1, end: 3 }, `${name}/cells`);
    const [starts, axes] = [graph.integers(`${name}/starts`, [0, 0]), graph.integers(`${name}/axes`, [1, 2])];
    const own = graph.node('Slice', [all, starts, shape, axes], {}, `${name}/own`);
    return graph.node('Reshape', [own, graph.integers(`${name}/shape`, [1, -1, 4])], {}, `${name}/rows`);
  });
  return graph.node('Concat', rows, { axis: 1 }, 'anchors');
}

/** Anchors and predictions → boxes and scores: face-api's `outputLayer.ts`. */
function decode(graph: OnnxGraph, grids: readonly Value[], anchors: Value): void {
  const rows = grids.map((grid, index) =>
    graph.node('Reshape', [grid, graph.integers(`rows${index}/shape`, [0, -1, 5])], {}, `rows${index}`),
  );
  const predictions = graph.node('Concat', rows, { axis: 1 }, 'predictions');
  const [shift, growth, logit] = graph.nodes(
    'Split',
    [predictions, graph.integers('parts', [2, 2, 1])],
    { axis: 2 },
    ['shift', 'growth', 'logit'],
  ) as [Value, Value, Value];
  const [centres, sizes] = graph.nodes(
    'Split',
    [anchors, graph.integers('anchorParts', [2, 2])],
    { axis: 2 },
    ['centres', 'sizes'],
  ) as [Value, Value];
  const moved = graph.node('Mul', [shift, sizes], {}, 'moved');
  const centre = graph.node('Add', [moved, centres], {}, 'boxCentre');
  const grown = graph.node('Exp', [growth], {}, 'grown');
  const whole = graph.node('Mul', [grown, sizes], {}, 'boxSize');
  const half = graph.node('Mul', [whole, graph.weight('half', scalar(0.5))], {}, 'boxHalf');
  const low = graph.node('Sub', [centre, half], {}, 'low');
  const high = graph.node('Add', [centre, half], {}, 'high');
  graph.output(graph.node('Concat', [low, high], { axis: 2 }, 'boxes'), 'float32', ['N', 'B', 4]);

  const probability = graph.node('Sigmoid', [logit], {}, 'probability');
  const shape = graph.integers('scores/shape', [0, -1]);
  graph.output(graph.node('Reshape', [probability, shape], {}, 'scores'), 'float32', ['N', 'B']);
}

function scalar(value: number): Weight {
  return { shape: [], data: Float32Array.of(value) };
}
