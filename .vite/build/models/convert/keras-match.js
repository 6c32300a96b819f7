import { KithError } from "../../electron/contract/errors.js";
// models/convert/keras-match.ts
/**
* Finds each step's tensors in a file of weights: by the layers' names, or, when the file knows other names, by
* their order, as Keras itself does. The shape of every tensor is checked.
*
* @param orders names of the steps in those orders in which a file may hold them
* @throws KithError `model-damaged` when a layer is missing, `model-unsupported` when a tensor has another shape
* or the file belongs to another network; naming the file and the layer
*/
function matchWeights(steps, { file, layers }, orders) {
	const needing = new Map(steps.filter(({ weights }) => weights.length > 0).map((step) => [step.name, step]));
	if ([...needing.keys()].filter((name) => layers.has(name)).length * 2 >= needing.size) return new Map(Array.from(needing, ([name, step]) => {
		const held = layers.get(name);
		if (!held) throw new KithError("model-damaged", `${file}: layer "${name}" is missing`);
		return [name, matchLayer(step, held, name, file)];
	}));
	if (layers.size !== needing.size) throw new KithError("model-unsupported", `${file} belongs to another network: it has ${layers.size} layers with weights instead of ${needing.size}, the first "${layers.keys().next().value ?? ""}"`);
	let failure;
	for (const order of orders) {
		const ordered = order.filter((name) => needing.has(name));
		try {
			return new Map(Array.from(layers, ([held, weights], i) => [ordered[i], matchLayer(needing.get(ordered[i]), weights, held, file)]));
		} catch (error) {
			failure ??= error;
		}
	}
	throw failure;
}
var kindAtEnd = /(kernel|bias|gamma|beta|moving_mean|moving_variance)(_\d+)?(:\d+)?$/;
function matchLayer({ name, weights: needs }, held, heldName, file) {
	const place = heldName === name ? `layer "${name}"` : `layer "${heldName}", which should be "${name}",`;
	const refuse = (why) => new KithError("model-unsupported", `${file}: ${place} ${why}`);
	const kinds = held.map((weight) => kindAtEnd.exec(weight.name)?.[1]);
	if (held.length !== needs.length) throw refuse(`has ${held.length} tensors instead of ${needs.length} (${needs.map(({ kind }) => kind).join(", ")})`);
	const named = kinds.every((kind) => kind !== void 0);
	return new Map(needs.map(({ kind, shape }, i) => {
		const weight = named ? held[kinds.indexOf(kind)] : held[i];
		if (!weight) throw refuse(`has no ${kind}`);
		if (String(weight.shape) !== String(shape)) throw refuse(`has a ${kind} of shape [${weight.shape}] instead of [${shape}]`);
		return [kind, weight];
	}));
}
/**
* Layers as Keras lists them in a functional model, which is the order of its files of weights: deepest first,
* depth being the longest way to the output; layers of one depth in the order in which a walk from the output
* meets them.
*
* Reference: keras/engine/functional.py, `_map_graph_network`.
*/
function kerasOrder(steps) {
	const byName = new Map(steps.map((step) => [step.name, step]));
	const output = steps.at(-1).name;
	const met = /* @__PURE__ */ new Set();
	const stack = [output];
	while (stack.length > 0) {
		const name = stack.pop();
		if (met.has(name)) continue;
		met.add(name);
		stack.push(...byName.get(name).inputs.toReversed());
	}
	const depth = /* @__PURE__ */ new Map([[output, 0]]);
	for (const { name, inputs } of steps.toReversed()) for (const input of inputs) depth.set(input, Math.max(depth.get(input) ?? 0, depth.get(name) + 1));
	return [...met].sort((a, b) => depth.get(b) - depth.get(a));
}
export { kerasOrder, matchWeights };
