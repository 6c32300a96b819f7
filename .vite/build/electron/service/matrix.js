import { OnnxGraph } from "../../models/convert/onnx.js";
import { InferenceSession, Tensor } from "onnxruntime-node";
// electron/service/matrix.ts
/**
* Matrix products by ONNX Runtime, whose kernels (MLAS) are some twenty times as fast as plain TypeScript. A run blocks
* its thread, so this is for threads that nobody waits for.
*/
async function openProduct() {
	const graph = new OnnxGraph("product");
	const [a, b] = [graph.input("a", "float32", ["N", "K"]), graph.input("b", "float32", ["M", "K"])];
	graph.output(graph.node("Gemm", [a, b], { transB: 1 }, "product"), "float32", ["N", "M"]);
	const session = await InferenceSession.create(graph.bytes(), {
		intraOpNumThreads: 1,
		logSeverityLevel: 3
	});
	const product = async (ones, others, size) => {
		const { product: result } = await session.run({
			a: new Tensor("float32", ones, [ones.length / size, size]),
			b: new Tensor("float32", others, [others.length / size, size])
		});
		return result.data;
	};
	return Object.assign(product, { release: () => session.release() });
}
export { openProduct };
