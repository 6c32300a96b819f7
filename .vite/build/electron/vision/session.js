import { InferenceSession, Tensor } from "onnxruntime-node";
// electron/vision/session.ts
/**
* Opens a network for one vision process: one intra-op thread, since one process per core gives the best
* throughput on a CPU.
*/
async function openSession(file) {
	return InferenceSession.create(file, {
		executionProviders: ["cpu"],
		intraOpNumThreads: 1,
		interOpNumThreads: 1,
		graphOptimizationLevel: "all",
		executionMode: "sequential",
		enableCpuMemArena: true,
		logSeverityLevel: 3
	});
}
/**
* Runs a network whose only input is a batch of RGB pictures.
* @param pixels the bytes of a batch of that shape.
* @returns the outputs by name; all of them float32.
*/
async function runOnPictures(session, pixels, shape) {
	const name = session.inputNames[0];
	if (name === void 0) throw new Error("Expected a network with one input but received one without any");
	const results = await session.run({ [name]: new Tensor("uint8", pixels, shape) });
	return Object.fromEntries(Object.entries(results).map(([output, tensor]) => [output, tensor.data]));
}
/** Pictures of one size, one behind the other, as a batch. */
function joined(chips) {
	const all = new Uint8Array(chips.reduce((sum, chip) => sum + chip.length, 0));
	let at = 0;
	for (const chip of chips) {
		all.set(chip, at);
		at += chip.length;
	}
	return all;
}
export { joined, openSession, runOnPictures };
