// models/convert/layers.ts
/**
* TensorFlow filter [height, width, in, out] → ONNX filter [out, in, height, width]; a depthwise filter
* [height, width, channels, 1] → [channels, 1, height, width]. `scale` has one number per output channel.
*/
function toOnnxFilter(filter, kind, scale) {
	const [height, width, third, fourth] = filter.shape;
	if (kind === "depthwise" && fourth !== 1) throw new Error(`Expected a channel multiplier of 1 but received ${fourth}`);
	const [ins, outs] = kind === "full" ? [third, fourth] : [1, third];
	const data = new Float32Array(filter.data.length);
	let at = 0;
	for (let o = 0; o < outs; o++) for (let i = 0; i < ins; i++) for (let p = 0; p < height * width; p++) data[at++] = filter.data[(p * ins + i) * outs + o] * (scale?.[o] ?? 1);
	return {
		shape: [
			outs,
			ins,
			height,
			width
		],
		data
	};
}
/** A list of numbers as a rank-1 weight. */
function vector(values) {
	return {
		shape: [values.length],
		data: Float32Array.from(values)
	};
}
/** Adds a Conv node. `filter` is in ONNX order, `bias` has one number per output channel. */
function conv(graph, x, name, options) {
	const { filter, bias, stride = 1, pads = [
		0,
		0,
		0,
		0
	], groups = 1 } = options;
	const inputs = [x, graph.weight(`${name}/filter`, filter)];
	if (bias) inputs.push(graph.weight(`${name}/bias`, bias));
	const kernel = filter.shape.slice(2);
	return graph.node("Conv", inputs, {
		kernel_shape: kernel,
		strides: [stride, stride],
		...pads === "same" ? { auto_pad: "SAME_UPPER" } : { pads },
		group: groups
	}, name);
}
/**
* TensorFlow's 'same' padding of a square input: as much as makes the output ceil(side / stride), the odd
* pixel after rather than before, so [0, 0, 1, 1] for a 3 × 3 filter with stride 2 on an even side.
* In ONNX order: top, left, bottom, right.
*/
function samePads(side, kernel, stride) {
	const total = Math.max(0, (Math.ceil(side / stride) - 1) * stride + kernel - side);
	const before = Math.floor(total / 2);
	return [
		before,
		before,
		total - before,
		total - before
	];
}
/**
* The pixels that callers have, as the networks want them: uint8 [N, height, width, 3] → float32
* [N, 3, height, width], still 0..255. Transposed before the cast: a quarter of the bytes to move. A side given as a
* word is known only at run time.
*/
function pixels(graph, height, width = height) {
	const image = graph.input("image", "uint8", [
		"N",
		height,
		width,
		3
	]);
	const planes = graph.node("Transpose", [image], { perm: [
		0,
		3,
		1,
		2
	] }, "planes");
	return graph.node("Cast", [planes], { to: 1 }, "pixels");
}
export { conv, pixels, samePads, toOnnxFilter, vector };
