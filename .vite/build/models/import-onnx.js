import { KithError } from "../electron/contract/errors.js";
import { readOnnx, wrapOnnx } from "./convert/onnx-wrap.js";
// models/import-onnx.ts
var asItIs = {
	kind: "fixed",
	mean: 0,
	spread: 1
};
/**
* Looks at somebody's network: which family of encoders it is, what it wants. FaceNet: 160 pixels, 128 or 512
* numbers. SFace (OpenCV's): 112 pixels, 128 numbers, normalises by itself. ArcFace and its like: 112 pixels, 512
* numbers; those out of MXNet subtract and multiply by themselves, the others want -1..1.
*
* @throws KithError `model-unsupported`, naming the file and what has to be said; `model-damaged`
*/
function readOnnxEncoder(bytes, file, hints = {}) {
	const network = readOnnx(bytes, file);
	const refuse = (why) => new KithError("model-unsupported", `${file}: ${why}`);
	const input = only(network.inputs, 4);
	const output = only(network.outputs, 2) ?? (network.outputs.length === 1 ? network.outputs[0] : void 0);
	if (!input?.float || !output) throw refuse(`expected one picture in and one embedding out but received ${described(network)}`);
	const layout = hints.layout ?? layoutOf(input);
	if (!layout) throw refuse(`its picture is [${shown(input)}]: say which side is the colour with --layout`);
	const sides = layout === "nchw" ? input.shape.slice(2) : input.shape.slice(1, 3);
	const side = hints.side ?? (sides[0] === sides[1] ? sides[0] : null);
	if (!side || sides.some((each) => each !== null && each !== side)) throw refuse(`its picture is [${shown(input)}]: say its side in pixels with --size`);
	const size = output.shape.at(-1);
	if (!size || output.shape.slice(1, -1).some((each) => each !== 1)) throw refuse(`its embedding is [${shown(output)}], and Kith has to know its length`);
	const family = familyOf(side, size);
	const wrapping = {
		input: input.name,
		output: output.name,
		side,
		size,
		layout,
		colour: hints.colour ?? "rgb"
	};
	return {
		family,
		side,
		size,
		normalise: hints.normalise ?? normalisationOf(family, network),
		wrap: (normalise) => wrapOnnx(network, {
			...wrapping,
			normalise
		})
	};
}
function familyOf(side, size) {
	if (side === 160 && (size === 128 || size === 512)) return "facenet";
	if (side === 112 && size === 512) return "arcface";
	return side === 112 && size === 128 ? "sface" : "other";
}
function normalisationOf(family, { first }) {
	if (family === "sface") return asItIs;
	if (family !== "arcface") return null;
	return first.includes("Sub") && (first.includes("Mul") || first.includes("Div")) ? asItIs : {
		kind: "fixed",
		mean: 127.5,
		spread: 127.5
	};
}
function layoutOf({ shape }) {
	if (shape[1] === 3 && shape[3] !== 3) return "nchw";
	return shape[3] === 3 && shape[1] !== 3 ? "nhwc" : null;
}
/** The only end of that rank. */
function only(ends, rank) {
	const fitting = ends.filter(({ shape }) => shape.length === rank);
	return fitting.length === 1 && (rank !== 4 || ends.length === 1) ? fitting[0] : void 0;
}
var shown = ({ shape }) => shape.map((side) => side ?? "?").join(", ");
var described = ({ inputs, outputs }) => [inputs, outputs].map((ends) => ends.map((end) => `${end.name} [${shown(end)}]`).join(", ") || "none").join(" in and ");
export { readOnnxEncoder };
