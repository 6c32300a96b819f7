import { createRequire } from "node:module";
// electron/vision/detect/opencv.ts
var require = createRequire(import.meta.url);
var loaded = null;
/** Loads OpenCV once for this process: half a second, and 130 MB of address space. */
function loadOpenCv() {
	loaded ??= load();
	return loaded;
}
function load() {
	const { cv, cvTranslateError } = withoutItsHandlers(() => require("opencv-wasm"));
	return {
		run(work) {
			const owned = [];
			try {
				return work(cv, (made) => {
					owned.push(made);
					return made;
				});
			} catch (thrown) {
				if (thrown instanceof Error) throw thrown;
				throw new Error(`OpenCV: ${cvTranslateError(cv, thrown) ?? String(thrown)}`, { cause: thrown });
			} finally {
				for (const made of owned.reverse()) made.delete();
			}
		},
		heapBytes: () => cv.HEAPU8.length
	};
}
/** Emscripten's start-up code ends the process on any unhandled rejection; that is not its to decide. */
function withoutItsHandlers(start) {
	const events = ["uncaughtException", "unhandledRejection"];
	const before = new Set(events.flatMap((event) => process.rawListeners(event)));
	const started = start();
	for (const event of events) for (const listener of process.rawListeners(event)) if (!before.has(listener)) process.off(event, listener);
	return started;
}
export { loadOpenCv };
