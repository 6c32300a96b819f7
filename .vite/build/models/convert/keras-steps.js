import { KithError } from "../../electron/contract/errors.js";
import { Activation, ChannelsLast, Conv, Dense, Lambda, Norm, Pool, Side, ZeroPadding } from "./keras-configs.js";
import { inOrder } from "./keras-model.js";
import { samePads } from "./layers.js";
import { z } from "zod";
// models/convert/keras-steps.ts
/** Why a layer is refused; the layer's name is put in front of it. */
var Refusal = class extends Error {};
var readers = {
	Conv2D({ config }, inputs) {
		const [height, width, channels] = picture(inputs);
		const { filters, use_bias, ...conv } = Conv.parse(config);
		const { kernel_size: kernel, strides, dilation_rate: dilations, groups, activation } = conv;
		if (channels % groups || filters % groups) throw new Refusal(`${groups} groups do not divide ${channels} channels and ${filters} filters`);
		const reach = kernel.map((side, i) => (side - 1) * dilations[i] + 1);
		const { pads, sides } = slide([height, width], reach, strides, conv.padding);
		const weights = [{
			kind: "kernel",
			shape: [
				...kernel,
				channels / groups,
				filters
			]
		}];
		if (use_bias) weights.push({
			kind: "bias",
			shape: [filters]
		});
		return {
			operation: {
				kind: "conv",
				kernel,
				strides,
				dilations,
				pads,
				groups,
				activation
			},
			shape: [...sides, filters],
			weights
		};
	},
	Dense({ config }, inputs) {
		const [size] = vector(inputs);
		const { units, activation, use_bias } = Dense.parse(config);
		const weights = [{
			kind: "kernel",
			shape: [size, units]
		}];
		if (use_bias) weights.push({
			kind: "bias",
			shape: [units]
		});
		return {
			operation: {
				kind: "dense",
				activation
			},
			shape: [units],
			weights
		};
	},
	BatchNormalization({ config }, inputs) {
		const shape = one(inputs);
		const { axis, epsilon, center, scale } = Norm.parse(config);
		if (axis !== -1 && axis !== shape.length) throw new Refusal(`axis ${axis} is not that of the channels`);
		const weights = [
			...scale ? ["gamma"] : [],
			...center ? ["beta"] : [],
			...["moving_mean", "moving_variance"]
		].map((kind) => ({
			kind,
			shape: [shape.at(-1)]
		}));
		return {
			operation: {
				kind: "norm",
				epsilon
			},
			shape,
			weights
		};
	},
	MaxPooling2D: ({ config }, inputs) => pool("max", config, inputs),
	AveragePooling2D: ({ config }, inputs) => pool("average", config, inputs),
	GlobalAveragePooling2D({ config }, inputs) {
		const [, , channels] = picture(inputs);
		const { keepdims } = z.object({
			data_format: ChannelsLast,
			keepdims: z.boolean().default(false)
		}).parse(config);
		return {
			operation: {
				kind: "global-average",
				keepSides: keepdims
			},
			shape: keepdims ? [
				1,
				1,
				channels
			] : [channels]
		};
	},
	Activation({ config }, inputs) {
		const { activation } = z.object({ activation: Activation }).parse(config);
		return {
			operation: {
				kind: "activation",
				activation
			},
			shape: one(inputs)
		};
	},
	Concatenate({ config }, inputs) {
		const { axis } = z.object({ axis: z.int().default(-1) }).parse(config);
		const rank = inputs[0]?.length ?? 0;
		const along = axis < 0 ? rank + axis : axis - 1;
		const fits = inputs.every((shape) => shape.length === rank && shape.every((side, i) => i === along || side === inputs[0][i]));
		if (inputs.length === 0 || along < 0 || along >= rank || !fits) throw new Refusal(`can't concatenate ${shown(inputs)} along axis ${axis}`);
		const total = inputs.reduce((sum, shape) => sum + shape[along], 0);
		return {
			operation: {
				kind: "concatenate",
				axis: along
			},
			shape: inputs[0].with(along, total)
		};
	},
	Add(_, inputs) {
		if (inputs.length === 0 || inputs.some((shape) => String(shape) !== String(inputs[0]))) throw new Refusal(`can't add ${shown(inputs)}`);
		return {
			operation: { kind: "add" },
			shape: inputs[0]
		};
	},
	Flatten({ config }, inputs) {
		z.object({ data_format: ChannelsLast }).parse(config);
		return {
			operation: { kind: "flatten" },
			shape: [one(inputs).reduce((product, side) => product * side, 1)]
		};
	},
	ZeroPadding2D({ config }, inputs) {
		const [height, width, channels] = picture(inputs);
		const [[top, bottom], [left, right]] = ZeroPadding.parse(config).padding;
		return {
			operation: {
				kind: "pad",
				pads: [
					top,
					left,
					bottom,
					right
				]
			},
			shape: [
				height + top + bottom,
				width + left + right,
				channels
			]
		};
	},
	Dropout: (_, inputs) => ({
		operation: { kind: "nothing" },
		shape: one(inputs)
	}),
	UnitNormalization({ config }, inputs) {
		z.object({ axis: z.union([z.literal([-1, 1]), z.tuple([z.literal([-1, 1])])]).default(-1) }).parse(config);
		return {
			operation: { kind: "l2" },
			shape: vector(inputs)
		};
	},
	TFOpLambda({ config, call }, inputs) {
		const { function: name } = z.object({ function: z.string() }).parse(config);
		if (!/^(math|nn|linalg)\.l2_normalize$/.test(name)) throw new Refusal(`"${name}" is not known to Kith`);
		return normalisation(call, inputs);
	},
	/** Understood by what it is called and by its arguments, never by its code. */
	Lambda(layer, inputs) {
		const { function: code, arguments: given } = Lambda.parse(layer.config);
		const names = [layer.name, ...typeof code === "string" ? [code] : []];
		const known = given ?? {};
		const { scale } = known;
		if (typeof scale === "number" && Number.isFinite(scale) && Object.keys(known).length === 1) return {
			operation: {
				kind: "scale",
				factor: scale
			},
			shape: one(inputs)
		};
		if (names.some((name) => /(^|[_./])(l2|unit|embeddings?)?_?norm(ali[sz]e|ali[sz]ation)?(_?l2)?(_\d+)?$/i.test(name))) return normalisation(known, inputs);
		throw new Refusal(`neither its name nor its arguments (${Object.keys(known).join(", ") || "none"}) say what it does, and Kith never runs its code`);
	}
};
/**
* Understands all layers of a model: what each does, how its output is shaped, which weights it needs.
*
* @returns the steps in an order in which each comes after its inputs; the first is the model's input
* @throws KithError `model-unsupported`, naming the file and the layer that is not understood
*/
function readSteps(model) {
	const shapes = /* @__PURE__ */ new Map();
	return inOrder(model).map((layer) => {
		const { name, type, inputs } = layer;
		try {
			const read = type === "InputLayer" ? readInput : Object.hasOwn(readers, type) ? readers[type] : null;
			if (!read) throw new Refusal("this class of layers is not known to Kith");
			if (type === "InputLayer" && name !== model.input) throw new Refusal("it is a second input");
			const { operation, shape, weights = [] } = read(layer, inputs.map((input) => shapes.get(input)));
			if (shape.some((side) => side < 1) || shape.reduce((product, side) => product * side, 1) > 2 ** 27) throw new Refusal(`its output would have the shape [${shape}]`);
			shapes.set(name, shape);
			return {
				name,
				operation,
				inputs,
				shape,
				weights
			};
		} catch (error) {
			const why = error instanceof Refusal ? error.message : error instanceof z.ZodError ? complaint(error) : null;
			if (why === null) throw error;
			throw new KithError("model-unsupported", `${model.file}: layer "${name}" (${type}): ${why}`, { cause: error });
		}
	});
}
function readInput({ config }) {
	const Picture = z.tuple([
		z.null(),
		Side,
		Side,
		Side
	]);
	const { batch_input_shape: shape } = z.object({ batch_input_shape: Picture }).parse(config);
	return {
		operation: { kind: "nothing" },
		shape: shape.slice(1)
	};
}
function pool(of, config, inputs) {
	const [height, width, channels] = picture(inputs);
	const { pool_size: kernel, strides, padding } = Pool.parse(config);
	const { pads, sides } = slide([height, width], kernel, strides ?? kernel, padding);
	return {
		operation: {
			kind: "pool",
			of,
			kernel,
			strides: strides ?? kernel,
			pads
		},
		shape: [...sides, channels]
	};
}
/** How a window of `reach` pixels moves over a picture: TensorFlow's paddings, and the sides that come out. */
function slide(from, reach, strides, padding) {
	const [y, x] = [0, 1].map((i) => {
		const [before, , after] = padding === "same" ? samePads(from[i], reach[i], strides[i]) : [
			0,
			0,
			0
		];
		return {
			before,
			after,
			side: Math.floor((from[i] + before + after - reach[i]) / strides[i]) + 1
		};
	});
	return {
		pads: [
			y.before,
			x.before,
			y.after,
			x.after
		],
		sides: [y.side, x.side]
	};
}
/** L2 over the numbers of each vector; TensorFlow's own default, over the whole batch, is never meant. */
function normalisation(args, inputs) {
	const { axis = -1, name: _, ...others } = args;
	if (Object.keys(others).length > 0 || axis !== 1 && axis !== -1) throw new Refusal(`L2 normalisation with ${JSON.stringify(args)} is not known to Kith`);
	return {
		operation: { kind: "l2" },
		shape: vector(inputs)
	};
}
function one(inputs) {
	if (inputs.length !== 1) throw new Refusal(`expected one input but received ${inputs.length}`);
	return inputs[0];
}
function picture(inputs) {
	const shape = one(inputs);
	if (shape.length !== 3) throw new Refusal(`expected an input [height, width, channels] but received [${shape}]`);
	return shape;
}
function vector(inputs) {
	const shape = one(inputs);
	if (shape.length !== 1) throw new Refusal(`expected a vector but received [${shape}]`);
	return shape;
}
var shown = (shapes) => shapes.map((shape) => `[${shape}]`).join(", ");
function complaint(error) {
	const [issue] = error.issues;
	return `${issue.path.join(".")}: ${issue.message}`;
}
export { readSteps };
