import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";
// models/convert/onnx.ts
var elementTypes = {
	float32: 1,
	uint8: 2,
	int64: 7
};
/** Operator set 17 and format version 8 belong together: ONNX 1.12, read by every runtime since 2022. */
var opset = 17;
var irVersion = 8;
var schema = protobuf.loadSync(fileURLToPath(new URL("onnx.proto", import.meta.url)));
var ModelProto = schema.lookupType("onnx.ModelProto");
/** For reading what others wrote; fields that Kith never writes are passed over. */
var ValueInfoProto = schema.lookupType("onnx.ValueInfoProto");
var OperatorSetIdProto = schema.lookupType("onnx.OperatorSetIdProto");
/**
* Builds one ONNX graph, node by node, and writes it as a file's bytes. The same calls give the same bytes
* on every machine, so that the result can be pinned by its hash.
*
* @example
* const graph = new OnnxGraph('twice');
* const x = graph.input('x', 'float32', ['N', 3]);
* graph.output(graph.node('Add', [x, x], {}, 'y'), 'float32', ['N', 3]);
* writeFileSync('twice.onnx', graph.bytes());
*/
var OnnxGraph = class {
	#name;
	#nodes = [];
	#initializers = [];
	#inputs = [];
	#outputs = [];
	#names = /* @__PURE__ */ new Set();
	constructor(name) {
		this.#name = name;
	}
	input(name, type, shape) {
		this.#inputs.push(valueInfo(this.#claim(name), type, shape));
		return name;
	}
	output(name, type, shape) {
		this.#outputs.push(valueInfo(name, type, shape));
	}
	/** A constant of 32-bit floats. */
	weight(name, { shape, data }) {
		const size = shape.reduce((product, side) => product * side, 1);
		if (size !== data.length) throw new Error(`Expected ${size} values for "${name}" [${shape}] but received ${data.length}`);
		return this.#initializer(name, "float32", shape, littleEndian(data.length, 4, (view, i) => view.setFloat32(i * 4, data[i], true)));
	}
	/** A constant list of 64-bit integers: a shape, a set of axes, paddings. */
	integers(name, values) {
		return this.#initializer(name, "int64", [values.length], littleEndian(values.length, 8, (view, i) => view.setBigInt64(i * 8, BigInt(values[i]), true)));
	}
	/** Adds a node with one output, which goes by `name`. Whole numbers become integer attributes. */
	node(type, inputs, attributes, name) {
		return this.nodes(type, inputs, attributes, [name])[0];
	}
	/** Adds a node with several outputs. */
	nodes(type, inputs, attributes, names) {
		for (const input of inputs) if (input !== "" && !this.#names.has(input)) throw new Error(`Expected an earlier value for ${type} "${names[0]}" but received "${input}"`);
		this.#nodes.push({
			input: inputs,
			output: names.map((name) => this.#claim(name)),
			name: names[0],
			opType: type,
			attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value))
		});
		return [...names];
	}
	/** The file: an ONNX ModelProto. */
	bytes() {
		const model = {
			irVersion,
			producerName: "kith",
			graph: {
				node: this.#nodes,
				name: this.#name,
				initializer: this.#initializers,
				input: this.#inputs,
				output: this.#outputs
			},
			opsetImport: [{
				domain: "",
				version: opset
			}]
		};
		const wrong = ModelProto.verify(model);
		if (wrong) throw new Error(`Expected a whole ONNX model for ${this.#name} but received ${wrong}`);
		return ModelProto.encode(ModelProto.create(model)).finish();
	}
	#initializer(name, type, dims, rawData) {
		this.#initializers.push({
			dims,
			dataType: elementTypes[type],
			name: this.#claim(name),
			rawData
		});
		return name;
	}
	#claim(name) {
		if (this.#names.has(name)) throw new Error(`Expected a new name in ${this.#name} but received "${name}" twice`);
		this.#names.add(name);
		return name;
	}
};
function valueInfo(name, type, shape) {
	const dim = shape.map((side) => typeof side === "number" ? { dimValue: side } : { dimParam: side });
	return {
		name,
		type: { tensorType: {
			elemType: elementTypes[type],
			shape: { dim }
		} }
	};
}
var attributeTypes = {
	float: 1,
	int: 2,
	string: 3,
	ints: 7
};
function attribute(name, value) {
	if (typeof value === "string") return {
		name,
		s: new TextEncoder().encode(value),
		type: attributeTypes.string
	};
	if (typeof value !== "number") return {
		name,
		ints: value,
		type: attributeTypes.ints
	};
	return Number.isInteger(value) ? {
		name,
		i: value,
		type: attributeTypes.int
	} : {
		name,
		f: value,
		type: attributeTypes.float
	};
}
/** ONNX stores raw tensors little-endian, whatever the machine. */
function littleEndian(count, size, put) {
	const bytes = new Uint8Array(count * size);
	const view = new DataView(bytes.buffer);
	for (let i = 0; i < count; i++) put(view, i);
	return bytes;
}
export { OnnxGraph, OperatorSetIdProto, ValueInfoProto };
