import { conv, pixels, samePads, toOnnxFilter, vector } from "./layers.js";
import { OnnxGraph } from "./onnx.js";
// models/convert/face-landmark-68.ts
/** Mean of the training pixels, RGB; the same three numbers that dlib's networks subtract. */
var meanRgb = [
	122.782,
	117.001,
	104.298
];
/**
* Face-api's 68 landmarks (`src/faceFeatureExtractor/`, `src/faceLandmarkNet/`): four dense blocks of
* depthwise-separable convolutions and one fully connected layer.
*
* In: `image` uint8 [N, 112, 112, 3], RGB. Out: `landmarks` float32 [N, 68, 2], x and y as fractions of the
* input, in the order of iBUG 300-W.
*/
function faceLandmark68(weights) {
	const graph = new OnnxGraph("face-landmark-68");
	const relu = (x) => graph.node("Relu", [x], {}, `${x}/relu`);
	const add = (a, b, name) => graph.node("Add", [a, b], {}, name);
	const separable = (x, name, side, stride) => {
		const depth = weights.get(`${name}/depthwise_filter`);
		const point = weights.get(`${name}/pointwise_filter`);
		const options = {
			stride,
			pads: samePads(side, 3, stride),
			groups: depth.shape[2]
		};
		const spread = conv(graph, x, `${name}/depthwise`, {
			filter: toOnnxFilter(depth, "depthwise"),
			...options
		});
		return conv(graph, spread, name, {
			filter: toOnnxFilter(point, "full"),
			bias: weights.get(`${name}/bias`)
		});
	};
	/** `denseBlock4`: each layer's input is the rectified sum of all outputs before it. */
	const block = (first, name, side) => {
		let sum = relu(first);
		let x = sum;
		for (let layer = 1; layer <= 3; layer++) {
			sum = add(sum, separable(x, `${name}/conv${layer}`, side, 1), `${name}/sum${layer}`);
			x = relu(sum);
		}
		return x;
	};
	const mean = graph.weight("mean", {
		shape: [
			1,
			3,
			1,
			1
		],
		data: Float32Array.from(meanRgb)
	});
	const centred = graph.node("Sub", [pixels(graph, 112), mean], {}, "centred");
	const filter = weights.get("dense0/conv0/filters", [
		3,
		3,
		3,
		32
	]);
	let x = conv(graph, centred, "dense0/conv0", {
		filter: toOnnxFilter(filter, "full", (/* @__PURE__ */ new Float64Array(32)).fill(1 / 255)),
		bias: weights.get("dense0/conv0/bias", [32]),
		stride: 2,
		pads: samePads(112, 3, 2)
	});
	x = block(x, "dense0", 56);
	x = block(separable(x, "dense1/conv0", 56, 2), "dense1", 28);
	x = block(separable(x, "dense2/conv0", 28, 2), "dense2", 14);
	x = block(separable(x, "dense3/conv0", 14, 2), "dense3", 7);
	const pooled = graph.node("GlobalAveragePool", [x], {}, "pooled");
	const features = graph.node("Flatten", [pooled], {}, "features");
	const matrix = graph.weight("fc/weights", weights.get("fc/weights", [256, 136]));
	const bias = graph.weight("fc/bias", vector(weights.get("fc/bias", [136]).data));
	const points = graph.node("Gemm", [
		features,
		matrix,
		bias
	], {}, "fc");
	const shape = graph.integers("landmarks/shape", [
		0,
		68,
		2
	]);
	graph.output(graph.node("Reshape", [points, shape], {}, "landmarks"), "float32", [
		"N",
		68,
		2
	]);
	return graph.bytes();
}
export { faceLandmark68, meanRgb };
