// models/convert/normalise.ts
/**
* Adds what an encoder does to its pixels first.
*
* @param pixels float32 [N, 3, side, side], 0..255
*/
function normalised(graph, pixels, side, how) {
	const number = (name, value) => graph.weight(name, {
		shape: [],
		data: Float32Array.of(value)
	});
	if (how.kind === "fixed") {
		const centred = graph.node("Sub", [pixels, number("mean", how.mean)], {}, "centred");
		return graph.node("Div", [centred, number("spread", how.spread)], {}, "normalised");
	}
	const least = number("least", 1 / Math.sqrt(3 * side * side));
	const ones = graph.weight("ones", {
		shape: [
			1,
			3,
			1,
			1
		],
		data: Float32Array.of(1, 1, 1)
	});
	const three = number("three", 3);
	const mean = (x, name) => {
		const channels = graph.node("GlobalAveragePool", [x], {}, `${name}/channels`);
		return graph.node("Div", [graph.node("Conv", [channels, ones], {}, `${name}/sum`), three], {}, name);
	};
	const centred = graph.node("Sub", [pixels, mean(pixels, "mean")], {}, "centred");
	const squares = graph.node("Mul", [centred, centred], {}, "squares");
	const deviation = graph.node("Sqrt", [mean(squares, "variance")], {}, "deviation");
	const spread = graph.node("Max", [deviation, least], {}, "spread");
	return graph.node("Div", [centred, spread], {}, "normalised");
}
export { normalised };
