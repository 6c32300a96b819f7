import { distancesOf } from "../../../models/cards.js";
import { hasFacenet } from "../../../models/choice.js";
import { KithError } from "../../contract/errors.js";
import { distanceAt, probability } from "../../grouping/calibrate.js";
import { distanceOf, dot } from "../../grouping/similarity.js";
import { openLibrary } from "../../library/open.js";
import { calibrationOf } from "../encoder.js";
import { pageOf } from "./paging.js";
import { changeSettings, readSettings } from "./settings.js";
import { basename } from "node:path";
import { copyFile, rename, rm } from "node:fs/promises";
// electron/service/app/record.ts
/** Requests about the record as a whole. */
function recordRequests(engine, state, shell) {
	const { library } = state;
	const everything = () => engine.tell({
		kind: "changed",
		what: [
			"people",
			"groups",
			"photos",
			"faces",
			"journal",
			"settings",
			"folders"
		]
	});
	const moved = () => {
		state.naming().refresh(state.levels());
		state.changed();
	};
	return {
		"library.overview": async () => ({
			...library().cards.photos.counts(),
			folders: library().cards.photos.folders().length,
			groups: library().cards.people.groups(false, 0, 1).total,
			...engine.by,
			facenet: await hasFacenet(engine.store),
			file: library().file,
			shell
		}),
		"library.backup": ({ path }) => {
			library().copyTo(path);
			return { path };
		},
		"library.restore": async ({ path }) => {
			openLibrary(path).close();
			await engine.withoutLibrary(async (file) => {
				const aside = `${file}.before-restore`;
				await rename(file, aside);
				await Promise.all(["-wal", "-shm"].map((end) => rm(`${file}${end}`, { force: true })));
				await copyFile(path, file);
			});
			everything();
			return { path };
		},
		"library.erase": async () => {
			await engine.withoutLibrary(async (file) => {
				await Promise.all([
					"",
					"-wal",
					"-shm"
				].map((end) => rm(`${file}${end}`, { force: true })));
			});
			everything();
			return {};
		},
		"folders.list": () => library().cards.photos.folders().map((folder) => ({
			...folder,
			name: basename(folder.path)
		})),
		"journal.list": ({ cursor, limit }) => pageOf(cursor, limit, (from) => library().journal.list(from, limit)),
		"journal.undo": () => {
			const entry = library().journal.undo();
			if (entry) moved();
			return { entry };
		},
		"journal.redo": () => {
			const entry = library().journal.redo();
			if (entry) moved();
			return { entry };
		},
		"journal.takeBack": ({ entry }) => {
			const taken = library().journal.get(entry);
			if (!taken) throw new KithError("bad-request", `Expected an entry of the journal but received ${entry}`);
			const done = state.deed({
				action: "take-back",
				detail: taken.detail
			}, () => library().labels.clearSureOf(entry));
			state.naming().refresh(state.levels());
			return done;
		},
		"compare.faces": ({ a, b }) => {
			const encoder = library().groups.encoder() ?? engine.by.encoder;
			const calibration = calibrationOf(encoder);
			const [one, other] = [a, b].map((id) => {
				const card = library().cards.faces.get([id])[0];
				const vector = library().faces.vector(id, encoder);
				if (!card || !vector) throw new KithError("bad-request", `Expected a face of the library but received ${id}`);
				return {
					card,
					vector
				};
			});
			const distance = distanceOf(dot(one.vector, other.vector));
			const threshold = distanceAt(.5, one.card.quality, other.card.quality, calibration);
			const table = distancesOf(encoder);
			return {
				a: one.card,
				b: other.card,
				distance,
				threshold,
				probability: probability(distance, one.card.quality, other.card.quality, calibration),
				same: distance <= threshold,
				encoder,
				distribution: table && {
					step: table.step,
					genuine: shares(table.genuine),
					impostor: shares(table.impostor)
				}
			};
		},
		"settings.get": () => readSettings(library()),
		"settings.set": (change) => {
			const settings = changeSettings(library(), change);
			engine.tell({
				kind: "changed",
				what: ["settings"]
			});
			if (change.sure !== void 0 || change.ask !== void 0) moved();
			return settings;
		}
	};
}
function shares(counts) {
	const total = counts.reduce((sum, count) => sum + count, 0);
	return counts.map((count) => count / Math.max(1, total));
}
export { recordRequests };
