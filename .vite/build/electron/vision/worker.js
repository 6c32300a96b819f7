import { KithError, UnreadablePhoto } from "../contract/errors.js";
import { VisionRequest } from "../contract/vision.js";
import { hashFile } from "./photo-file.js";
import { pickPort } from "./port.js";
import { readFileSync } from "node:fs";
// electron/vision/worker.ts
var pipeline = null;
async function answer(request) {
	switch (request.kind) {
		case "setup": {
			const { createPipeline } = await import("./pipeline.js");
			await pipeline?.dispose();
			pipeline = await createPipeline(request.setup);
			return { kind: "ready" };
		}
		case "hash": return {
			kind: "hash",
			...await hashFile(request.path)
		};
		case "analyse": return {
			kind: "analysis",
			analysis: await ready().analyse(request.path, request)
		};
		case "embed": return {
			kind: "embeddings",
			embeddings: await ready().embed(request)
		};
		case "embed-crops": return {
			kind: "embeddings",
			embeddings: await ready().embedCrops(request)
		};
		case "draw": return {
			kind: "face",
			face: await ready().draw(request)
		};
		case "show": {
			const { showPhoto } = await import("./show.js");
			return {
				kind: "picture",
				jpeg: await showPhoto(request)
			};
		}
	}
}
function ready() {
	if (pipeline === null) throw new KithError("vision-broken", "Expected setup before the first photo");
	return pipeline;
}
/** What went wrong is the photo's fault when a photo was in work, and Kith's when it was not. */
function refusal(request, error) {
	if (error instanceof UnreadablePhoto) return {
		kind: "unreadable",
		code: error.code,
		detail: error.detail
	};
	if (error instanceof KithError) return {
		kind: "broken",
		code: error.code === "model-missing" || error.code === "model-damaged" ? error.code : "vision-broken",
		detail: error.detail
	};
	const message = error instanceof Error ? error.stack ?? error.message : String(error);
	if (request.kind === "setup") return {
		kind: "broken",
		code: "vision-broken",
		detail: message
	};
	return {
		kind: "unreadable",
		code: "crashed",
		detail: `${request.path}: ${message}`
	};
}
function memory() {
	return {
		rss: process.memoryUsage.rss(),
		peak: peak()
	};
}
/** Linux hands a process the peak of the one that started it; the kernel's own figure for the program is right. */
function peak() {
	try {
		const [, kibibytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync("/proc/self/status", "latin1"));
		return Number(kibibytes) * 1024;
	} catch {
		return process.resourceUsage().maxRSS * 1024;
	}
}
var port = pickPort();
var last = Promise.resolve();
async function serve(received) {
	const { success, data: request, error } = VisionRequest.safeParse(received);
	if (!success) {
		const detail = `Expected a request but received: ${error.message}`;
		port.send({
			id: -1,
			memory: memory(),
			kind: "broken",
			code: "vision-broken",
			detail
		});
		return;
	}
	const reply = await answer(request).catch((error) => refusal(request, error));
	port.send({
		...reply,
		id: request.id,
		memory: memory()
	});
}
port.listen((received) => {
	last = last.then(() => serve(received));
});
process.on("SIGINT", () => {});
export {};
