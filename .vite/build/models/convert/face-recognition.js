import { meanRgb } from "./face-landmark-68.js";
import { conv, pixels, toOnnxFilter, vector } from "./layers.js";
import { OnnxGraph } from "./onnx.js";
// models/convert/face-recognition.ts
/**
* Dlib's face recognition network, a ResNet of 29 convolutions, as in face-api's `src/faceRecognitionNet/`.
*
* In: `image` uint8 [N, 150, 150, 3], RGB, an aligned chip. Out: `embedding` float32 [N, 128], not normalised;
* dlib calls two faces one person below a Euclidean distance of 0.6 between them.
*
* Reference: http://blog.dlib.net/2017/02/high-quality-face-recognition-with-deep.html
*/
function faceRecognition(weights) {
	const graph = new OnnxGraph("dlib-face-recognition-resnet");
	const relu = (x) => graph.node("Relu", [x], {}, `${x}/relu`);
	/** Filter and bias with the scale layer that follows them folded in. */
	const folded = (name) => {
		const bias = weights.get(`${name}/conv/bias`).data;
		const scale = weights.get(`${name}/scale/weights`).data;
		const offset = weights.get(`${name}/scale/biases`).data;
		return {
			filter: toOnnxFilter(weights.get(`${name}/conv/filters`), "full", scale),
			bias: vector(Array.from(bias, (b, c) => b * scale[c] + offset[c]))
		};
	};
	const residual = (x, name) => {
		const inner = relu(conv(graph, x, `${name}/conv1`, {
			...folded(`${name}/conv1`),
			pads: [
				1,
				1,
				1,
				1
			]
		}));
		const out = conv(graph, inner, `${name}/conv2`, {
			...folded(`${name}/conv2`),
			pads: [
				1,
				1,
				1,
				1
			]
		});
		return relu(graph.node("Add", [out, x], {}, `${name}/sum`));
	};
	/**
	* Halves the `side`, and brings the channels from `ins` to `outs`. The shortcut has fewer channels and
	* sometimes the main path has a smaller side: zeros after the end make up for both.
	*/
	const residualDown = (x, name, side, ins, outs) => {
		const inner = relu(conv(graph, x, `${name}/conv1`, {
			...folded(`${name}/conv1`),
			stride: 2
		}));
		let out = conv(graph, inner, `${name}/conv2`, {
			...folded(`${name}/conv2`),
			pads: [
				1,
				1,
				1,
				1
			]
		});
		let shortcut = graph.node("AveragePool", [x], {
			kernel_shape: [2, 2],
			strides: [2, 2]
		}, `${name}/pool`);
		const lacking = Math.floor(side / 2) - Math.floor((side - 1) / 2);
		if (lacking > 0) out = pad(out, `${name}/grown`, [
			0,
			0,
			lacking,
			lacking
		]);
		if (outs > ins) shortcut = pad(shortcut, `${name}/widened`, [
			0,
			outs - ins,
			0,
			0
		]);
		return relu(graph.node("Add", [out, shortcut], {}, `${name}/sum`));
	};
	const pad = (x, name, after) => graph.node("Pad", [x, graph.integers(`${name}/pads`, [
		0,
		0,
		0,
		0,
		...after
	])], {}, name);
	let x = relu(conv(graph, pixels(graph, 150), "conv32_down", {
		...normalising(folded("conv32_down")),
		stride: 2
	}));
	x = graph.node("MaxPool", [x], {
		kernel_shape: [3, 3],
		strides: [2, 2]
	}, "pool");
	for (const name of [
		"conv32_1",
		"conv32_2",
		"conv32_3"
	]) x = residual(x, name);
	x = residualDown(x, "conv64_down", 35, 32, 64);
	for (const name of [
		"conv64_1",
		"conv64_2",
		"conv64_3"
	]) x = residual(x, name);
	x = residualDown(x, "conv128_down", 17, 64, 128);
	for (const name of ["conv128_1", "conv128_2"]) x = residual(x, name);
	x = residualDown(x, "conv256_down", 8, 128, 256);
	for (const name of ["conv256_1", "conv256_2"]) x = residual(x, name);
	x = residualDown(x, "conv256_down_out", 4, 256, 256);
	const pooled = graph.node("GlobalAveragePool", [x], {}, "pooled");
	const features = graph.node("Flatten", [pooled], {}, "features");
	const matrix = graph.weight("fc", weights.get("fc", [256, 128]));
	graph.output(graph.node("Gemm", [features, matrix], {}, "embedding"), "float32", ["N", 128]);
	return graph.bytes();
}
/**
* Takes (pixel - mean) / 255 into the first convolution. Allowed here because that convolution pads nothing:
* no zero that would have to mean "mean colour" ever meets the filter.
*/
function normalising({ filter, bias }) {
	const [outs, ins, height, width] = filter.shape;
	const area = height * width;
	const sums = Array.from({ length: outs }, (_, o) => {
		let sum = 0;
		for (let i = 0; i < ins * area; i++) sum += filter.data[o * ins * area + i] * meanRgb[Math.floor(i / area)];
		return sum;
	});
	return {
		filter: {
			shape: filter.shape,
			data: filter.data.map((value) => value / 255)
		},
		bias: vector(Array.from(bias.data, (b, o) => b - sums[o] / 255))
	};
}
export { faceRecognition };
