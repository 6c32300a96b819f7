import { KithError, UnreadablePhoto } from "../contract/errors.js";
import { inOrder } from "./in-order.js";
import { Look } from "./look.js";
import { Meter } from "./meter.js";
import { realFolder, walk } from "./walk.js";
// electron/service/scan.ts
/** How many photos may be done and wait for an earlier one, for each that is in flight. */
var WAITING_PER_FLIGHT = 8;
/**
* Brings the record of a folder up to date: new and changed files are opened, the rest is left alone. Photos whose
* faces are known already are not analysed for another encoder's sake: see reembed.ts.
*
* Photos are worked on side by side but recorded in the order of the walk, one transaction each. So a scan that
* was killed and begun again ends with the very rows, ids included, of one that was not.
*
* @throws KithError folder-missing, folder-is-a-file, folder-unreadable, cancelled (what was done stays done),
*   vision-broken and the errors of the library
*/
async function scan(options) {
	const { library, setup, poolSize } = options;
	const root = await realFolder(options.folder);
	const seen = [];
	const passedOver = [];
	for await (const file of walk(root, (where) => passedOver.push(where))) {
		refuseIfCancelled(options);
		seen.push(file);
	}
	const folder = library.files.folder(root);
	const unseen = passedOver.map(({ path }) => path === "" ? "" : `${path}/`);
	const open = library.files.reconcile(folder, seen, unseen, setup.detector);
	const meter = new Meter(seen.length, seen.length - open.length);
	options.onProgress?.(meter.report());
	if (open.length === 0) return {
		folder,
		passedOver
	};
	const stop = new AbortController();
	const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
	const look = new Look({
		...options,
		root,
		signal,
		open
	});
	const findings = inOrder(open, (file) => afterGate(() => look.at(file), options, signal), {
		flying: poolSize * 2,
		ahead: poolSize * 2 * WAITING_PER_FLIGHT,
		signal
	});
	try {
		for await (const { item, result } of findings) {
			const { faces, photo } = record(library, setup, item, result);
			if ("hash" in result) look.forget(result.hash);
			if (photo !== null) options.onPhoto?.(photo);
			meter.count(item.path, faces);
			options.onProgress?.(meter.report());
		}
	} catch (error) {
		throw options.signal?.aborted ? cancelled(options) : error;
	} finally {
		stop.abort();
		await look.settled();
	}
	refuseIfCancelled(options);
	return {
		folder,
		passedOver
	};
}
/** @returns the number of faces that were new to the record, and their photo if that was new, too */
function record(library, setup, file, finding) {
	if (finding instanceof UnreadablePhoto) {
		library.files.refuse(file.id, finding.code, finding.detail);
		return {
			faces: 0,
			photo: null
		};
	}
	if ("photo" in finding) {
		library.files.link(file.id, finding.photo);
		return {
			faces: 0,
			photo: null
		};
	}
	return library.transaction(() => {
		const known = library.photos.analysed(finding.hash, setup.detector);
		const photo = known ?? library.photos.record(finding, setup);
		library.files.link(file.id, photo);
		return known ? {
			faces: 0,
			photo: null
		} : {
			faces: finding.faces.length,
			photo
		};
	});
}
/** Waits at the gate, and finds out behind it whether the scan has ended meanwhile. */
async function afterGate(work, { gate }, signal) {
	await gate?.();
	signal.throwIfAborted();
	return work();
}
function refuseIfCancelled(options) {
	if (options.signal?.aborted) throw cancelled(options);
}
function cancelled(options) {
	return new KithError("cancelled", options.folder);
}
export { scan };
