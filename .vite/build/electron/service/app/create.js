import { KithError, UnreadablePhoto } from "../../contract/errors.js";
import { calibrationOf } from "../encoder.js";
import { groupLibrary } from "../group.js";
import { answer } from "./door.js";
import { Engine } from "./engine.js";
import { exportRequests } from "./exports.js";
import { faceRequests } from "./faces.js";
import { folderPlaces } from "./folders.js";
import { groupRequests } from "./groups.js";
import { modelRequests } from "./models.js";
import { peopleRequests } from "./people.js";
import { recordRequests } from "./record.js";
import { reviewRequests } from "./review.js";
import { Scans } from "./scans.js";
import { State } from "./state.js";
import { createHash } from "node:crypto";
// electron/service/app/create.ts
/** Longest side of a photo where nobody said, in pixels. */
var SCREEN = 1600;
/** Requests after which everybody is matched again. */
function changesNames(name) {
	return name === "name" || /^(faces|people|groups|review|journal|settings|photos)\./.test(name);
}
/**
* Starts the application behind its one door.
*
* @throws KithError the errors of opening a library, and of reading the person's choice of models
*/
async function createApp(options) {
	const engine = await Engine.start(options);
	const state = new State(engine);
	const scans = new Scans(engine, {
		async group(signal) {
			const { encoder } = engine.by;
			await groupLibrary({
				library: engine.library,
				encoder,
				calibration: calibrationOf(encoder),
				signal
			});
		},
		async match() {
			await state.prepare();
			if (engine.library.people.all().length === 0) return;
			const { entry } = engine.library.journal.act({
				action: "arrive",
				detail: {},
				by: "kith"
			}, (deed) => state.spread(deed));
			if (entry !== null) state.changed();
		}
	});
	const handlers = {
		...folderPlaces,
		...modelRequests(engine),
		...peopleRequests(state),
		...faceRequests(engine, state),
		...groupRequests(state),
		...reviewRequests(state),
		...recordRequests(engine, state, options.shell),
		...exportRequests(engine, state),
		"scan.start": ({ path }) => scans.start(path),
		"scan.state": () => scans.state,
		"scan.pause": () => {
			scans.pause();
			return {};
		},
		"scan.resume": () => {
			scans.resume();
			return {};
		},
		"scan.cancel": async () => {
			await scans.cancel();
			return {};
		}
	};
	return {
		async call(name, params) {
			if (changesNames(name)) await state.prepare();
			return answer(handlers, name, params);
		},
		on: (listener) => engine.on(listener),
		picture: (kind, id, size, { signal } = {}) => kind === "face" ? face(id) : photo(id, size ?? SCREEN, signal),
		edition(kind, id) {
			if (kind === "photo") return recorded(id)?.hash ?? null;
			const [crop] = engine.library.faces.crops([id]);
			return crop ? createHash("sha256").update(crop.jpeg).digest("hex") : null;
		},
		async close() {
			await scans.cancel();
			await engine.close();
		}
	};
	async function face(id) {
		const [crop] = engine.library.faces.crops([id]);
		return crop ? {
			bytes: crop.jpeg,
			type: "image/jpeg"
		} : null;
	}
	function recorded(id) {
		try {
			return engine.library.cards.photos.get(id);
		} catch (error) {
			if (error instanceof KithError) return null;
			throw error;
		}
	}
	async function photo(id, side, signal) {
		for (const path of recorded(id)?.files ?? []) try {
			return {
				bytes: await engine.pool().show({
					path,
					side
				}, { signal }),
				type: "image/jpeg"
			};
		} catch (error) {
			if (!(error instanceof UnreadablePhoto)) throw error;
		}
		return null;
	}
}
export { createApp };
