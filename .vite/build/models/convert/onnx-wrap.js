import { KithError } from "../../electron/contract/errors.js";
import { pixels } from "./layers.js";
import { normalised } from "./normalise.js";
import { OnnxGraph, OperatorSetIdProto, ValueInfoProto } from "./onnx.js";
import { field, joinFields, readFields, replaceFields } from "./onnx-wire.js";
// models/convert/onnx-wrap.ts
/** Field numbers of onnx.proto. */
var model = {
	irVersion: 1,
	graph: 7,
	opsets: 8
};
var graph = {
	node: 1,
	name: 2,
	initializer: 5,
	input: 11,
	output: 12,
	valueInfo: 13,
	quantisation: 14,
	sparse: 15
};
var node = {
	input: 1,
	output: 2,
	name: 3,
	opType: 4,
	attribute: 5
};
var attribute = {
	graph: 6,
	graphs: 11
};
var tensor = {
	name: 8,
	external: 13
};
/**
* Reads what goes into somebody's network and what comes out.
*
* @throws KithError `model-damaged` when it is no ONNX; `model-unsupported` when it is none that can be wrapped
*/
function readOnnx(bytes, file) {
	const refuse = (why) => new KithError("model-unsupported", `${file}: ${why}`);
	try {
		const fields = readFields(bytes);
		const parts = graphOf(fields);
		const of = (number) => parts.filter((part) => part.number === number).map(({ payload }) => payload);
		const nodes = of(graph.node);
		if (nodes.length === 0) throw new Error("it holds no graph");
		const opset = fields.filter(({ number }) => number === model.opsets).map(({ payload }) => OperatorSetIdProto.toObject(OperatorSetIdProto.decode(payload), { longs: Number })).find(({ domain }) => !domain)?.version;
		if (!(opset >= 8)) throw refuse(`expected operator set 8 or later but received ${opset ?? "none"}`);
		if (of(graph.sparse).length > 0) throw refuse("it has sparse weights");
		const weights = new Set(of(graph.initializer).map((weight) => {
			const inner = readFields(weight);
			if (inner.some(({ number }) => number === tensor.external)) throw refuse("it keeps its weights in another file; save it as one file");
			return text(inner.find(({ number }) => number === tensor.name)?.payload);
		}));
		const kinds = nodes.map((each) => {
			const inner = readFields(each);
			for (const { number, payload } of inner) if (number === node.attribute && readFields(payload).some(isGraph)) throw refuse("it holds graphs inside its graph (If, Loop)");
			return text(inner.find(({ number }) => number === node.opType)?.payload);
		});
		return {
			inputs: of(graph.input).map(readEnd).filter(({ name }) => !weights.has(name)),
			outputs: of(graph.output).map(readEnd),
			first: kinds.slice(0, 8),
			file,
			fields
		};
	} catch (cause) {
		if (cause instanceof KithError) throw cause;
		throw new KithError("model-damaged", `${file} can't be read as ONNX: ${cause.message}`, { cause });
	}
}
/**
* Puts a front before somebody's network, so that it takes what Kith's own take: `image` uint8 [N, side, side, 3],
* RGB, 0..255, in; `embedding` float32 [N, size] out. The network's own nodes are kept byte for byte, but for the
* names of their values, which get `network/` before them lest they meet Kith's.
*/
function wrapOnnx({ fields }, wrapping) {
	const kept = graphOf(fields).flatMap(({ number, raw, payload }) => {
		if ([
			graph.input,
			graph.output,
			graph.valueInfo,
			graph.quantisation
		].includes(number)) return [];
		if (number === graph.node) return [field(number, renamed(payload, [
			node.input,
			node.output,
			node.name
		]))];
		if (number === graph.initializer) return [field(number, renamed(payload, [tensor.name]))];
		return [raw];
	});
	const front = graphOf(readFields(frontOf(wrapping)));
	const end = graphOf(readFields(endOf(wrapping))).filter(({ number }) => number !== graph.input);
	const unnamed = (parts) => parts.filter(({ number }) => number !== graph.name).map(({ raw }) => raw);
	const whole = joinFields([
		...unnamed(front),
		...kept,
		...unnamed(end)
	]);
	const version = fields.find(({ number }) => number === model.irVersion)?.raw[1] ?? 0;
	return joinFields([
		Uint8Array.of(model.irVersion << 3, Math.max(8, version)),
		...fields.filter(({ number }) => number !== model.graph && number !== model.irVersion).map(({ raw }) => raw),
		field(model.graph, whole)
	]);
}
function frontOf({ input, side, layout, colour, normalise }) {
	const front = new OnnxGraph("front");
	let x = normalised(front, pixels(front, side), side, normalise);
	if (colour === "bgr") {
		const order = front.integers("bgr/order", [
			2,
			1,
			0
		]);
		x = front.node("Gather", [x, order], { axis: 1 }, "bgr");
	}
	if (layout === "nhwc") x = front.node("Transpose", [x], { perm: [
		0,
		2,
		3,
		1
	] }, "nhwc");
	front.node("Identity", [x], {}, prefix + input);
	return front.bytes();
}
function endOf({ output, size }) {
	const end = new OnnxGraph("end");
	const raw = end.input(prefix + output, "float32", ["N", size]);
	end.output(end.node("Identity", [raw], {}, "embedding"), "float32", ["N", size]);
	return end.bytes();
}
var prefix = "network/";
function renamed(message, names) {
	return replaceFields(message, (number, payload) => names.includes(number) && payload.length > 0 ? new TextEncoder().encode(prefix + text(payload)) : null);
}
function graphOf(fields) {
	const found = fields.find(({ number }) => number === model.graph);
	if (!found?.payload) throw new Error("it holds no graph");
	return readFields(found.payload);
}
function readEnd(payload) {
	const { name, type } = ValueInfoProto.toObject(ValueInfoProto.decode(payload), { longs: Number });
	const dims = type?.tensorType?.shape?.dim ?? [];
	return {
		name: String(name),
		shape: dims.map(({ dimValue }) => dimValue && dimValue > 0 ? dimValue : null),
		float: type?.tensorType?.elemType === 1
	};
}
var isGraph = ({ number }) => number === attribute.graph || number === attribute.graphs;
var text = (payload) => new TextDecoder().decode(payload ?? /* @__PURE__ */ new Uint8Array());
export { readOnnx, wrapOnnx };
