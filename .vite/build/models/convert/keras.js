import { KithError } from "../../electron/contract/errors.js";
import { kerasOrder, matchWeights } from "./keras-match.js";
import { readSteps } from "./keras-steps.js";
import { pixels, toOnnxFilter, vector } from "./layers.js";
import { normalised } from "./normalise.js";
import { OnnxGraph } from "./onnx.js";
// models/convert/keras.ts
/**
* Writes a Keras model with its weights as ONNX: pictures channels first, batch normalisation folded into the
* convolution or matrix before it, TensorFlow's paddings in numbers.
*
* @param normaliseFor what to do to the pixels; may throw when it wants other ends. Asked before weights are read
* @returns the network: `image` uint8 [N, side, side, 3], RGB, 0..255, in; `embedding` float32 [N, size] out,
* with whatever length the model gives it
* @throws KithError `model-unsupported` or `model-damaged`, naming the file and the layer
*/
function kerasToOnnx(model, weights, normaliseFor) {
	const steps = readSteps(model);
	const [height, width, channels] = steps[0].shape;
	const { shape } = steps.at(-1);
	if (height !== width || channels !== 3 || shape.length !== 1) throw new KithError("model-unsupported", `${model.file}: expected a square RGB picture in and a vector out but received [${steps[0].shape}] and [${shape}]`);
	const normalise = normaliseFor({
		side: height,
		size: shape[0]
	});
	return new Writer(steps, matchWeights(steps, weights, [model.layers.map(({ name }) => name), kerasOrder(steps)])).write(height, normalise);
}
/** Writes steps into a graph, one after the other. */
var Writer = class {
	#graph = new OnnxGraph("keras");
	#steps;
	#weights;
	/** What each step gave. */
	#values = /* @__PURE__ */ new Map();
	#shapes;
	constructor(steps, weights) {
		this.#steps = steps;
		this.#weights = weights;
		this.#shapes = new Map(steps.map(({ name, shape }) => [name, shape]));
	}
	write(side, normalise) {
		const [input, ...others] = this.#steps;
		this.#values.set(input.name, normalised(this.#graph, pixels(this.#graph, side), side, normalise));
		const folded = /* @__PURE__ */ new Set();
		for (const step of others) {
			if (folded.has(step)) {
				this.#values.set(step.name, this.#values.get(step.inputs[0]));
				continue;
			}
			const norm = this.#foldable(step);
			if (norm) folded.add(norm);
			this.#values.set(step.name, this.#step(step, norm));
		}
		const { name, shape } = this.#steps.at(-1);
		const embedding = this.#graph.node("Identity", [this.#values.get(name)], {}, "embedding");
		this.#graph.output(embedding, "float32", ["N", shape[0]]);
		return this.#graph.bytes();
	}
	/** The batch normalisation that alone uses the output of this convolution or matrix. */
	#foldable({ name, operation }) {
		if (operation.kind !== "conv" && operation.kind !== "dense" || operation.activation !== "linear") return null;
		const [user, another] = this.#steps.filter(({ inputs }) => inputs.includes(name));
		return user && !another && user.operation.kind === "norm" ? user : null;
	}
	#step(step, norm) {
		const graph = this.#graph;
		const { operation } = step;
		const name = `layers/${step.name}`;
		const inputs = step.inputs.map((input) => this.#values.get(input));
		const from = this.#shapes.get(step.inputs[0]);
		const x = inputs[0];
		switch (operation.kind) {
			case "conv": {
				const { kernel, strides, dilations, pads, groups: group, activation } = operation;
				const { scale, offset } = this.#folded(step, norm);
				const filter = graph.weight(`${name}/filter`, toOnnxFilter(this.#read(step, "kernel"), "full", scale));
				const bias = graph.weight(`${name}/bias`, vector(offset));
				const attributes = {
					kernel_shape: kernel,
					strides,
					dilations,
					pads,
					group
				};
				return this.#activate(graph.node("Conv", [
					x,
					filter,
					bias
				], attributes, name), activation);
			}
			case "dense": {
				const { scale, offset } = this.#folded(step, norm);
				const { shape, data } = this.#read(step, "kernel");
				const matrix = {
					shape,
					data: data.map((value, i) => value * scale[i % scale.length])
				};
				const operands = [
					x,
					graph.weight(`${name}/matrix`, matrix),
					graph.weight(`${name}/bias`, vector(offset))
				];
				return this.#activate(graph.node("Gemm", operands, {}, name), operation.activation);
			}
			case "norm": {
				const { scale, offset } = this.#norm(step);
				const shape = step.shape.length === 3 ? [
					scale.length,
					1,
					1
				] : [scale.length];
				const factor = graph.weight(`${name}/scale`, {
					shape,
					data: Float32Array.from(scale)
				});
				const shift = graph.weight(`${name}/offset`, {
					shape,
					data: Float32Array.from(offset)
				});
				return graph.node("Add", [graph.node("Mul", [x, factor], {}, `${name}/scaled`), shift], {}, name);
			}
			case "pool": {
				const { kernel, strides, pads } = operation;
				const type = operation.of === "max" ? "MaxPool" : "AveragePool";
				return graph.node(type, [x], {
					kernel_shape: kernel,
					strides,
					pads
				}, name);
			}
			case "global-average":
				if (operation.keepSides) return graph.node("GlobalAveragePool", [x], {}, name);
				return graph.node("Flatten", [graph.node("GlobalAveragePool", [x], {}, `${name}/mean`)], {}, name);
			case "activation": return this.#activate(x, operation.activation, name);
			case "concatenate": {
				const axis = from.length === 3 ? [
					2,
					3,
					1
				][operation.axis] : 1;
				return graph.node("Concat", inputs, { axis }, name);
			}
			case "add": return graph.node("Sum", inputs, {}, name);
			case "scale": {
				const factor = graph.weight(`${name}/factor`, {
					shape: [],
					data: Float32Array.of(operation.factor)
				});
				return graph.node("Mul", [x, factor], {}, name);
			}
			case "l2": {
				const norms = graph.node("ReduceL2", [x], {
					axes: [1],
					keepdims: 1
				}, `${name}/norms`);
				const least = graph.weight(`${name}/least`, {
					shape: [],
					data: Float32Array.of(1e-6)
				});
				return graph.node("Div", [x, graph.node("Max", [norms, least], {}, `${name}/divisors`)], {}, name);
			}
			case "flatten": {
				const last = from.length === 3 ? graph.node("Transpose", [x], { perm: [
					0,
					2,
					3,
					1
				] }, `${name}/last`) : x;
				return graph.node("Flatten", [last], {}, name);
			}
			case "pad": {
				const [top, left, bottom, right] = operation.pads;
				const pads = graph.integers(`${name}/pads`, [
					0,
					0,
					top,
					left,
					0,
					0,
					bottom,
					right
				]);
				return graph.node("Pad", [x, pads], {}, name);
			}
			case "nothing": return x;
		}
	}
	#read(step, kind) {
		return this.#weights.get(step.name).get(kind).read();
	}
	/** The tensor's numbers, or the same number for each of `count` channels where the layer has none. */
	#numbers(step, kind, count, otherwise) {
		const held = this.#weights.get(step.name)?.get(kind);
		return held ? held.read().data : new Float32Array(count).fill(otherwise);
	}
	/** Batch normalisation as y = scale · x + offset, for each channel. */
	#norm(step) {
		if (step.operation.kind !== "norm") throw new Error(`Expected a normalisation but received ${step.name}`);
		const { epsilon } = step.operation;
		const count = step.shape.at(-1);
		const gamma = this.#numbers(step, "gamma", count, 1);
		const beta = this.#numbers(step, "beta", count, 0);
		const mean = this.#numbers(step, "moving_mean", count, 0);
		const variance = this.#numbers(step, "moving_variance", count, 1);
		const scale = Float64Array.from({ length: count }, (_, c) => gamma[c] / Math.sqrt(variance[c] + epsilon));
		return {
			scale,
			offset: scale.map((factor, c) => beta[c] - mean[c] * factor)
		};
	}
	/** The layer's bias, and the normalisation after it, as a scale of its kernel and one offset. */
	#folded(step, norm) {
		const count = step.shape.at(-1);
		const bias = this.#numbers(step, "bias", count, 0);
		if (!norm) return {
			scale: new Float64Array(count).fill(1),
			offset: Float64Array.from(bias)
		};
		const { scale, offset } = this.#norm(norm);
		return {
			scale,
			offset: offset.map((shift, c) => shift + bias[c] * scale[c])
		};
	}
	#activate(x, activation, name = `${x}/${activation}`) {
		const graph = this.#graph;
		switch (activation) {
			case "linear": return x;
			case "softmax": return graph.node("Softmax", [x], { axis: 1 }, name);
			case "relu6": {
				const ends = [0, 6].map((end) => graph.weight(`${name}/${end}`, {
					shape: [],
					data: Float32Array.of(end)
				}));
				return graph.node("Clip", [x, ...ends], {}, name);
			}
			case "swish": return graph.node("Mul", [x, graph.node("Sigmoid", [x], {}, `${name}/gate`)], {}, name);
			default: return graph.node(onnxActivations[activation], [x], {}, name);
		}
	}
};
var onnxActivations = {
	relu: "Relu",
	elu: "Elu",
	selu: "Selu",
	sigmoid: "Sigmoid",
	hard_sigmoid: "HardSigmoid",
	tanh: "Tanh",
	softplus: "Softplus",
	softsign: "Softsign"
};
export { kerasToOnnx };
