// models/convert/tfjs-weights.ts
/** Weights by the name they have in the manifest; asking for one that is missing, or of another shape, throws. */
var Weights = class {
	#file;
	#tensors;
	constructor(file, tensors) {
		this.#file = file;
		this.#tensors = tensors;
	}
	get names() {
		return [...this.#tensors.keys()];
	}
	/** The tensor `name`; with `shape` given, of exactly that shape. */
	get(name, shape) {
		const tensor = this.#tensors.get(name);
		if (!tensor) throw new Error(`Expected a tensor "${name}" in ${this.#file} but received none`);
		if (shape && String(tensor.shape) !== String(shape)) throw new Error(`Expected shape [${shape}] for "${name}" in ${this.#file} but received [${tensor.shape}]`);
		return tensor;
	}
};
var bytesOf = {
	float32: 4,
	int32: 4,
	uint16: 2,
	uint8: 1,
	bool: 1
};
/**
* Reads weights as TensorFlow.js writes them: a `*-weights_manifest.json` and the bytes of the files that it
* names, one after the other. A quantised tensor holds whole numbers q that stand for q · scale + min.
*
* Format: tfjs-core/src/io/io_utils.ts, `decodeWeights`.
*
* @param manifest the parsed JSON
* @param bin the bytes of all weight files, concatenated
* @param file what to call the weights in errors
* @throws Error that names the tensor and the file when the two do not fit each other
*/
function readTfjsWeights(manifest, bin, file) {
	const entries = readManifest(manifest, file);
	const view = new DataView(bin.buffer, bin.byteOffset, bin.byteLength);
	const tensors = /* @__PURE__ */ new Map();
	let offset = 0;
	for (const entry of entries) {
		if (tensors.has(entry.name)) throw new Error(`Expected "${entry.name}" once in ${file} but received it twice`);
		const stored = entry.quantization?.dtype ?? entry.dtype;
		const size = bytesOf[stored];
		if (size === void 0) throw new Error(`Expected ${Object.keys(bytesOf).join(", ")} for "${entry.name}" in ${file} but received ${stored}`);
		const count = entry.shape.reduce((product, side) => product * side, 1);
		const left = bin.byteLength - offset;
		if (count * size > left) throw new Error(`Expected ${count * size} bytes for "${entry.name}" in ${file} but received ${left}`);
		const data = Float32Array.from({ length: count }, (_, i) => readNumber(view, offset + i * size, stored));
		if (entry.quantization) {
			const { scale, min } = entry.quantization;
			for (let i = 0; i < count; i++) data[i] = data[i] * scale + min;
		}
		tensors.set(entry.name, {
			shape: entry.shape,
			data
		});
		offset += count * size;
	}
	if (offset !== bin.byteLength) throw new Error(`Expected ${offset} bytes of weights in ${file} but received ${bin.byteLength}`);
	return new Weights(file, tensors);
}
function readNumber(view, at, type) {
	if (type === "float32") return view.getFloat32(at, true);
	if (type === "int32") return view.getInt32(at, true);
	return type === "uint16" ? view.getUint16(at, true) : view.getUint8(at);
}
function readManifest(manifest, file) {
	const entries = (Array.isArray(manifest) ? manifest : []).flatMap((group) => Array.isArray(group?.weights) ? group.weights : []);
	if (entries.length === 0) throw new Error(`Expected a list of weights in the manifest of ${file} but received none`);
	for (const entry of entries) if (!isEntry(entry)) throw new Error(`Expected name, shape and dtype in the manifest of ${file} but received ${JSON.stringify(entry)}`);
	return entries;
}
function isEntry(entry) {
	const { name, shape, dtype, quantization } = Object(entry);
	return typeof name === "string" && typeof dtype === "string" && Array.isArray(shape) && shape.every((side) => Number.isInteger(side) && side >= 0) && (quantization === void 0 || isQuantization(quantization));
}
function isQuantization(value) {
	const { dtype, scale, min } = Object(value);
	return typeof dtype === "string" && Number.isFinite(scale) && Number.isFinite(min);
}
export { Weights, readTfjsWeights };
