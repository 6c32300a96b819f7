// models/convert/inception-resnet-v1.ts
/**
* Inception-ResNet v1 as FaceNet is built: 160 × 160 × 3 in, an embedding of `size` numbers out. Layers bear the
* names that they have in Keras's editions of FaceNet, DeepFace's among them.
*
* Paper: Szegedy and others, "Inception-v4, Inception-ResNet and the impact of residual connections on learning",
* 2016. Reference: github.com/davidsandberg/facenet, `src/models/inception_resnet_v1.py`.
*/
function inceptionResnetV1(size) {
	const layers = [];
	const add = (name, type, inputs, config = {}) => {
		layers.push({
			name,
			type,
			config,
			inputs,
			call: {}
		});
		return name;
	};
	const norm = (x, name, axis) => add(name, "BatchNormalization", [x], {
		axis: [axis],
		epsilon: .001,
		center: true,
		scale: false
	});
	const relu = (x, name) => add(name, "Activation", [x], { activation: "relu" });
	const conv = (x, name, filters, [height, width, stride], padding, use_bias = false) => {
		return add(name, "Conv2D", [x], {
			filters,
			kernel_size: [height, width],
			strides: [stride, stride],
			padding,
			use_bias
		});
	};
	/** Convolution, normalisation, activation: the cell that all is built of. */
	const cell = (...args) => relu(norm(conv(...args), `${args[1]}_BatchNorm`, 3), `${args[1]}_Activation`);
	const shrink = (x, name) => add(name, "MaxPooling2D", [x], {
		pool_size: [3, 3],
		strides: [2, 2],
		padding: "valid"
	});
	/** Branches side by side, brought back to the channels of `x`, scaled down and added to it. */
	const residual = (x, name, branches, channels, scale) => {
		const ends = branches.map((links, b) => links.reduce((from, [suffix, filters, height, width]) => cell(from, `${name}_Branch_${b}_Conv2d_${suffix}`, filters, [
			height,
			width,
			1
		], "same"), x));
		const mixed = add(`${name}_Concatenate`, "Concatenate", ends, { axis: 3 });
		const up = conv(mixed, `${name}_Conv2d_1x1`, channels, [
			1,
			1,
			1
		], "same", true);
		const scaled = add(`${name}_ScaleSum`, "Lambda", [up], { arguments: { scale } });
		return add(`${name}_Add`, "Add", [x, scaled]);
	};
	let x = add("input_1", "InputLayer", [], { batch_input_shape: [
		null,
		160,
		160,
		3
	] });
	x = cell(x, "Conv2d_1a_3x3", 32, [
		3,
		3,
		2
	], "valid");
	x = cell(x, "Conv2d_2a_3x3", 32, [
		3,
		3,
		1
	], "valid");
	x = cell(x, "Conv2d_2b_3x3", 64, [
		3,
		3,
		1
	], "same");
	x = shrink(x, "MaxPool_3a_3x3");
	x = cell(x, "Conv2d_3b_1x1", 80, [
		1,
		1,
		1
	], "valid");
	x = cell(x, "Conv2d_4a_3x3", 192, [
		3,
		3,
		1
	], "valid");
	x = cell(x, "Conv2d_4b_3x3", 256, [
		3,
		3,
		2
	], "valid");
	const block35 = [
		[[
			"1x1",
			32,
			1,
			1
		]],
		[[
			"0a_1x1",
			32,
			1,
			1
		], [
			"0b_3x3",
			32,
			3,
			3
		]],
		[
			[
				"0a_1x1",
				32,
				1,
				1
			],
			[
				"0b_3x3",
				32,
				3,
				3
			],
			[
				"0c_3x3",
				32,
				3,
				3
			]
		]
	];
	for (let i = 1; i <= 5; i++) x = relu(residual(x, `Block35_${i}`, block35, 256, .17), `Block35_${i}_Activation`);
	const narrow = cell(x, "Mixed_6a_Branch_0_Conv2d_1a_3x3", 384, [
		3,
		3,
		2
	], "valid");
	let deep = cell(x, "Mixed_6a_Branch_1_Conv2d_0a_1x1", 192, [
		1,
		1,
		1
	], "same");
	deep = cell(deep, "Mixed_6a_Branch_1_Conv2d_0b_3x3", 192, [
		3,
		3,
		1
	], "same");
	deep = cell(deep, "Mixed_6a_Branch_1_Conv2d_1a_3x3", 256, [
		3,
		3,
		2
	], "valid");
	const pooled = shrink(x, "Mixed_6a_Branch_2_MaxPool_1a_3x3");
	x = add("Mixed_6a", "Concatenate", [
		narrow,
		deep,
		pooled
	], { axis: 3 });
	const block17 = [[[
		"1x1",
		128,
		1,
		1
	]], [
		[
			"0a_1x1",
			128,
			1,
			1
		],
		[
			"0b_1x7",
			128,
			1,
			7
		],
		[
			"0c_7x1",
			128,
			7,
			1
		]
	]];
	for (let i = 1; i <= 10; i++) x = relu(residual(x, `Block17_${i}`, block17, 896, .1), `Block17_${i}_Activation`);
	const ends = [384, 256].map((filters, b) => {
		const from = cell(x, `Mixed_7a_Branch_${b}_Conv2d_0a_1x1`, 256, [
			1,
			1,
			1
		], "same");
		return cell(from, `Mixed_7a_Branch_${b}_Conv2d_1a_3x3`, filters, [
			3,
			3,
			2
		], "valid");
	});
	deep = cell(x, "Mixed_7a_Branch_2_Conv2d_0a_1x1", 256, [
		1,
		1,
		1
	], "same");
	deep = cell(deep, "Mixed_7a_Branch_2_Conv2d_0b_3x3", 256, [
		3,
		3,
		1
	], "same");
	deep = cell(deep, "Mixed_7a_Branch_2_Conv2d_1a_3x3", 256, [
		3,
		3,
		2
	], "valid");
	ends.push(deep, shrink(x, "Mixed_7a_Branch_3_MaxPool_1a_3x3"));
	x = add("Mixed_7a", "Concatenate", ends, { axis: 3 });
	const block8 = [[[
		"1x1",
		192,
		1,
		1
	]], [
		[
			"0a_1x1",
			192,
			1,
			1
		],
		[
			"0b_1x3",
			192,
			1,
			3
		],
		[
			"0c_3x1",
			192,
			3,
			1
		]
	]];
	for (let i = 1; i <= 5; i++) x = relu(residual(x, `Block8_${i}`, block8, 1792, .2), `Block8_${i}_Activation`);
	x = residual(x, "Block8_6", block8, 1792, 1);
	x = add("AvgPool", "GlobalAveragePooling2D", [x]);
	x = add("Dropout", "Dropout", [x], { rate: .2 });
	x = add("Bottleneck", "Dense", [x], {
		units: size,
		use_bias: false
	});
	x = norm(x, "Bottleneck_BatchNorm", 1);
	return {
		file: "Inception-ResNet v1",
		layers,
		input: "input_1",
		output: x
	};
}
export { inceptionResnetV1 };
