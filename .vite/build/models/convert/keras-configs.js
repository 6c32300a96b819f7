import { z } from "zod";
// models/convert/keras-configs.ts
/** What Keras writes down for each class of layers, with the defaults of its constructors; other keys are passed over. */
var Activation = z.enum([...[
	"linear",
	"relu",
	"relu6",
	"elu",
	"selu",
	"sigmoid",
	"hard_sigmoid",
	"tanh"
], ...[
	"softplus",
	"softsign",
	"softmax",
	"swish"
]]);
var Side = z.int().min(1).max(65536);
var Sides = z.tuple([Side, Side]);
var Margin = z.int().min(0).max(4096);
var Padding = z.enum(["valid", "same"]);
var ChannelsLast = z.literal("channels_last").default("channels_last");
var Conv = z.object({
	filters: Side,
	kernel_size: Sides,
	strides: Sides.default([1, 1]),
	padding: Padding.default("valid"),
	data_format: ChannelsLast,
	dilation_rate: Sides.default([1, 1]),
	groups: Side.default(1),
	activation: Activation.default("linear"),
	use_bias: z.boolean().default(true)
});
var Dense = z.object({
	units: Side,
	activation: Activation.default("linear"),
	use_bias: z.boolean().default(true)
});
var Norm = z.object({
	axis: z.union([z.int(), z.tuple([z.int()]).transform(([axis]) => axis)]).default(-1),
	epsilon: z.number().min(0).max(1).default(.001),
	center: z.boolean().default(true),
	scale: z.boolean().default(true)
});
var Pool = z.object({
	pool_size: Sides.default([2, 2]),
	strides: Sides.nullish(),
	padding: Padding.default("valid"),
	data_format: ChannelsLast
});
var ZeroPadding = z.object({
	padding: z.tuple([z.tuple([Margin, Margin]), z.tuple([Margin, Margin])]),
	data_format: ChannelsLast
});
/** `function` is a name where the function had one, else a list with bytecode, which is not looked at. */
var Lambda = z.object({
	function: z.unknown().optional(),
	arguments: z.record(z.string(), z.unknown()).nullish()
});
export { Activation, ChannelsLast, Conv, Dense, Lambda, Norm, Pool, Side, ZeroPadding };
