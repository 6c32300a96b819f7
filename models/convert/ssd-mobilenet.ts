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
 * In: `image` uint8 [N, 512, 512, 3], RGB. Out: `boxes` float32 [N, 5118, 4], decoded (ymin, xmin, ymax, xmax)
 * as fractions of the input; `scores` float32 [N, 5118], the probability of a face, 0..1. Not suppressed.
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
    const pads = samePads(side, filter.shape[0]!, stride);
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
    [pixels(graph, 512), graph.weight('centre', scalar(127.5))],
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

  const predictions = features.map((feature, i) => predictor(graph, weights, feature, i));
  decode(graph, weights, graph.node('Concat', predictions, { axis: 1 }, 'predictions'));
  return graph.bytes();
}

/**
 * The predictions of one feature map, [N, cells · anchors, 5]: two of the centre, two of the size, one logit.
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
  const cells = graph.node('Transpose', [grid], { perm: [0, 2, 3, 1] }, `${name}/cells`);
  return graph.node('Reshape', [cells, graph.integers(`${name}/shape`, [0, -1, 5])], {}, `${name}/rows`);
}

function predictorWeights(weights: Weights, prefix: string, outs: number) {
  const filter = weights.get(`${prefix}/weights`);
  const bias = weights.get(`${prefix}/biases`, [outs]);
  return { filter: filter.data, bias: bias.data, ins: filter.shape[2]!, outs };
}

/** Anchors and predictions → boxes and scores: face-api's `outputLayer.ts`. */
function decode(graph: OnnxGraph, weights: Weights, predictions: Value): void {
  const corners = weights.get('Output/extra_dim', [1, anchorCount, 4]).data;
  const centres = new Float32Array(anchorCount * 2);
  const sizes = new Float32Array(anchorCount * 2);
  const halves = new Float32Array(anchorCount * 2);
  for (let i = 0; i < anchorCount * 2; i++) {
    const [low, high] = [(i >> 1) * 4 + (i & 1), (i >> 1) * 4 + (i & 1) + 2];
    sizes[i] = corners[high]! - corners[low]!;
    halves[i] = sizes[i]! / 2;
    centres[i] = corners[low]! + halves[i]!;
  }
  const anchors = (name: string, data: Float32Array) =>
    graph.weight(`anchors/${name}`, { shape: [1, anchorCount, 2], data });

  const parts = graph.integers('parts', [2, 2, 1]);
  const names = ['shift', 'growth', 'logit'];
  const [shift, growth, logit] = graph.nodes('Split', [predictions, parts], { axis: 2 }, names) as [
    Value,
    Value,
    Value,
  ];
  const moved = graph.node('Mul', [shift, anchors('sizes', sizes)], {}, 'moved');
  const centre = graph.node('Add', [moved, anchors('centres', centres)], {}, 'boxCentre');
  const grown = graph.node('Exp', [growth], {}, 'grown');
  const half = graph.node('Mul', [grown, anchors('halves', halves)], {}, 'boxHalf');
  const low = graph.node('Sub', [centre, half], {}, 'low');
  const high = graph.node('Add', [centre, half], {}, 'high');
  graph.output(graph.node('Concat', [low, high], { axis: 2 }, 'boxes'), 'float32', ['N', anchorCount, 4]);

  const probability = graph.node('Sigmoid', [logit], {}, 'probability');
  const shape = graph.integers('scores/shape', [0, anchorCount]);
  graph.output(graph.node('Reshape', [probability, shape], {}, 'scores'), 'float32', ['N', anchorCount]);
}

function scalar(value: number): Weight {
  return { shape: [], data: Float32Array.of(value) };
}
