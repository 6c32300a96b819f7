import { z } from 'zod';

/** What Keras writes down for each class of layers, with the defaults of its constructors; other keys are passed over. */

export const Activation = z.enum([
  ...['linear', 'relu', 'relu6', 'elu', 'selu', 'sigmoid', 'hard_sigmoid', 'tanh'],
  ...['softplus', 'softsign', 'softmax', 'swish'],
] as const);
export type ActivationName = z.infer<typeof Activation>;

export const Side = z.int().min(1).max(65536);
const Sides = z.tuple([Side, Side]);
const Margin = z.int().min(0).max(4096);
const Padding = z.enum(['valid', 'same']);
export const ChannelsLast = z.literal('channels_last').default('channels_last');

export const Conv = z.object({
  filters: Side,
  kernel_size: Sides,
  strides: Sides.default([1, 1]),
  padding: Padding.default('valid'),
  data_format: ChannelsLast,
  dilation_rate: Sides.default([1, 1]),
  groups: Side.default(1),
  activation: Activation.default('linear'),
  use_bias: z.boolean().default(true),
});
export const Dense = z.object({
  units: Side,
  activation: Activation.default('linear'),
  use_bias: z.boolean().default(true),
});
export const Norm = z.object({
  axis: z.union([z.int(), z.tuple([z.int()]).transform(([axis]) => axis)]).default(-1),
  epsilon: z.number().min(0).max(1).default(1e-3),
  center: z.boolean().default(true),
  scale: z.boolean().default(true),
});
export const Pool = z.object({
  pool_size: Sides.default([2, 2]),
  strides: Sides.nullish(),
  padding: Padding.default('valid'),
  data_format: ChannelsLast,
});
export const ZeroPadding = z.object({
  padding: z.tuple([z.tuple([Margin, Margin]), z.tuple([Margin, Margin])]),
  data_format: ChannelsLast,
});
/** `function` is a name where the function had one, else a list with bytecode, which is not looked at. */
export const Lambda = z.object({
  function: z.unknown().optional(),
  arguments: z.record(z.string(), z.unknown()).nullish(),
});
