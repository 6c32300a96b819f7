import { KithError } from "../electron/contract/errors.js";
import { PartFile } from "./download-part.js";
import { RateMeter } from "./download-rate.js";
import { TryAgain, request } from "./download-request.js";
import { sha256OfFile } from "./hash.js";
import { setTimeout as setTimeout$1 } from "node:timers/promises";
// models/download.ts
var usualPatience = {
	tries: 5,
	firstWait: 1e3,
	longestWait: 6e4,
	silence: 3e4
};
/** Encoders have up to 300 MB: what is larger is none, and would fill the disk. */
var mostBytes = 2 ** 30;
/**
* Downloads a file. What has come lies in `<target>.part` until it is whole and checked; when the download is cut
* off or stopped, it stays there, and the next call goes on from it, provided that the server still has the same
* edition. Network failures and busy servers are tried again, with growing, randomised waits.
*
* @param address with http: or https:; redirects are followed, but none from https to http
* @throws KithError `download-failed` when it can't be had, `model-damaged` when it is another file, `cancelled`,
* `disk-full`, `output-unwritable`; the target is then as it was
*/
async function download(address, target, options = {}) {
	const settings = {
		...options,
		patience: {
			...usualPatience,
			...options.patience
		}
	};
	const part = await PartFile.open(target, address);
	try {
		let fromEarlier = part.done > 0;
		for (;;) {
			await receive(address, part, settings);
			const wrong = await difference(part, settings);
			if (wrong === null) break;
			if (!fromEarlier) throw new KithError("model-damaged", `${address}: ${wrong}`);
			fromEarlier = false;
			await part.restart(null);
		}
		await part.finish(target);
	} catch (error) {
		await (error instanceof KithError && error.code === "model-damaged" ? part.discard() : part.close());
		throw error;
	}
}
/** Tries until all of the file has come. */
async function receive(address, part, settings) {
	const { signal, patience, onRetry } = settings;
	let failures = 0;
	let most = part.done;
	for (;;) try {
		return await attempt(address, part, settings);
	} catch (error) {
		if (signal?.aborted) throw new KithError("cancelled", address, { cause: error });
		if (error instanceof KithError) throw error;
		failures = part.done > most ? 1 : failures + 1;
		most = Math.max(most, part.done);
		const why = reason(error);
		const asked = error instanceof TryAgain ? error.waitMs : null;
		if (failures >= patience.tries || (asked ?? 0) > patience.longestWait) {
			const tried = asked === null ? `tried ${failures} times` : `busy for another ${seconds(asked)} s`;
			throw new KithError("download-failed", `${address}: ${why}, ${tried}`, { cause: error });
		}
		const wait = asked ?? backOff(failures, patience);
		onRetry?.(why, wait);
		await setTimeout$1(wait, void 0, { signal }).catch(() => {
			throw new KithError("cancelled", address);
		});
	}
}
/** Half of the wait is chance, so that many who were cut off at once do not come back at once. */
function backOff(failures, { firstWait, longestWait }) {
	return Math.min(longestWait, firstWait * 2 ** (failures - 1)) * (.5 + Math.random() / 2);
}
async function attempt(address, part, settings) {
	const { patience, signal, sha256, bytes } = settings;
	const silence = new AbortController();
	const timer = setTimeout(() => silence.abort(/* @__PURE__ */ new Error(`nothing came for ${seconds(patience.silence)} s`)), patience.silence);
	const meter = new RateMeter(settings.onProgress ?? (() => {}));
	const either = AbortSignal.any([silence.signal, ...signal ? [signal] : []]);
	try {
		if (part.done > 0 && part.validator === null && sha256 === void 0) await part.restart(null);
		let answer = await request(address, part, either);
		if (answer.kind === "start-over") {
			await part.restart(null);
			answer = await request(address, part, either);
		}
		if (answer.kind !== "body") return;
		const { from, total, validator } = answer;
		checkSize(address, total, bytes);
		if (from === 0) await part.restart(validator);
		meter.start(part.done);
		for await (const chunk of answer.body) {
			await part.append(chunk);
			checkSize(address, part.done, null);
			meter.show(part.done, total);
			timer.refresh();
		}
		if (total !== null && part.done < total) throw new Error("the connection ended early");
		meter.show(part.done, total, true);
	} finally {
		clearTimeout(timer);
		silence.abort();
	}
}
/** @param right what it must be; null where only the limit counts */
function checkSize(address, size, right) {
	if (size !== null && right != null && size !== right) throw new KithError("model-damaged", `${address}: expected ${right} bytes but the server has ${size}`);
	if ((size ?? 0) > mostBytes) throw new KithError("model-damaged", `${address}: it is larger than any model (${mostBytes} bytes)`);
}
/** In what the file differs from the one that was asked for; null when it is right, for all that is known. */
async function difference(part, { sha256, bytes }) {
	if (bytes !== void 0 && part.done !== bytes) return `expected ${bytes} bytes but received ${part.done}`;
	if (part.done === 0) return "the file is empty";
	if (sha256 === void 0) return null;
	const found = await sha256OfFile(part.path);
	return found === sha256 ? null : `expected SHA-256 ${sha256} but received ${found}`;
}
/** `fetch` hides what happened in the cause of its error, or in the cause of that. */
function reason(error) {
	let deepest = error;
	while (deepest.cause instanceof Error) deepest = deepest.cause;
	return deepest.message.replace(/\.$/, "") || deepest.code || "the network failed";
}
var seconds = (milliseconds) => Math.ceil(milliseconds / 1e3);
export { download };
