import { catalog, modelNamed } from "../../../models/catalog.js";
import { chooseModel, modelsInUse } from "../../../models/choice.js";
import { fetchModel, planFetch } from "../../../models/fetch.js";
import { importModel } from "../../../models/import.js";
import { removeModel } from "../../../models/remove.js";
import { KithError } from "../../contract/errors.js";
import { basename } from "node:path";
import { readFile } from "node:fs/promises";
// electron/service/app/models.ts
/** Requests about models. */
function modelRequests(engine) {
	async function cards() {
		const inUse = Object.values(await modelsInUse({}, engine.store));
		return Promise.all((await engine.store.status()).map((status) => cardOf(status, inUse)));
	}
	async function cardNamed(id) {
		const card = (await cards()).find((other) => other.id === id);
		if (card) return card;
		throw new KithError("bad-request", `Expected a model of the catalog but received ${id}`);
	}
	return {
		"models.list": cards,
		"models.use": async ({ detector, encoder }) => {
			for (const id of [detector, encoder]) if (id !== void 0) await chooseModel(id, engine.store);
			await engine.changeModels();
			engine.tell({
				kind: "changed",
				what: ["models"]
			});
			return {};
		},
		"models.get": async ({ id }) => {
			const model = known(id);
			await fetchModel(model, { onProgress: ({ done, total, rate }) => engine.tell({
				kind: "work",
				work: "download",
				what: catalog[model].title,
				done,
				total,
				rate
			}) });
			await engine.changeModels();
			engine.tell({
				kind: "changed",
				what: ["models"]
			});
			return cardNamed(model);
		},
		"models.import": async ({ paths }) => {
			const what = paths.map((path) => basename(path)).join(", ");
			engine.tell({
				kind: "work",
				work: "import",
				what,
				done: 0,
				total: 1,
				rate: 0
			});
			const { id } = await importModel(paths);
			engine.tell({
				kind: "work",
				work: "import",
				what,
				done: 1,
				total: 1,
				rate: 0
			});
			await engine.changeModels();
			engine.tell({
				kind: "changed",
				what: ["models"]
			});
			return cardNamed(id);
		},
		"models.remove": async ({ id }) => {
			await removeModel(known(id));
			await engine.changeModels();
			engine.tell({
				kind: "changed",
				what: ["models"]
			});
			return {};
		}
	};
}
function known(id) {
	const model = modelNamed(id);
	if (model) return model;
	throw new KithError("bad-request", `Expected a model of the catalog but received ${id}`);
}
async function cardOf(status, inUse) {
	const { id, task, title, bytes, licence, state, bundled } = status;
	return {
		id,
		task,
		title,
		bytes,
		licence,
		state,
		bundled,
		address: catalog[id].source.kind === "web" ? planFetch(id).address : null,
		inUse: inUse.includes(id) || task === "cascade" && inUse.includes("haar") || task === "landmarks",
		accuracy: await accuracyOf(id)
	};
}
/** The line that begins with `Accuracy:` in the model's card. */
async function accuracyOf(id) {
	return (await readFile(new URL(`../../../models/cards/${id}.md`, import.meta.url), "utf8").catch(() => null))?.match(/^Accuracy: (.+)$/m)?.[1] ?? null;
}
export { modelRequests };
