import { catalog } from "../../models/catalog.js";
import { openStore } from "../../models/store.js";
import { KithError } from "../contract/errors.js";
import { createSsdDetector } from "./detect/ssd.js";
import { createYunetDetector } from "./detect/yunet.js";
import { createEncoder } from "./encode.js";
import { createLandmarker } from "./landmarks.js";
// electron/vision/load.ts
/**
* Finds the models of a setup and opens them.
* @throws KithError `model-missing` or `model-damaged`, naming the model.
*/
async function loadStages(setup) {
	const store = openStore({ folders: setup.models });
	const [detector, landmarker, encoder] = await Promise.all([
		loadDetector(setup.detector, store),
		store.find("landmarks-68").then(createLandmarker),
		loadEncoder(setup.encoder, store)
	]);
	return {
		detector,
		landmarker,
		encoder
	};
}
async function loadDetector(id, store) {
	switch (id) {
		case "ssd": return createSsdDetector(await store.find("ssd"));
		case "yunet": return createYunetDetector(await store.find("yunet"));
		case "haar": {
			const { createHaarDetector } = await import("./detect/haar.js");
			return createHaarDetector({
				frontal: await store.find("haar-frontal-default"),
				alt2: await store.find("haar-frontal-alt2"),
				profile: await store.find("haar-profile")
			});
		}
	}
}
async function loadEncoder(id, store) {
	const model = encoderModel(id);
	return createEncoder(await store.find(id), {
		side: model.input.side,
		size: model.size,
		alignment: model.alignment,
		mirror: model.mirror
	});
}
function encoderModel(id) {
	const model = Object.entries(catalog).find(([name]) => name === id)?.[1];
	if (model?.task !== "encoder" || model.input.side === null) throw new KithError("model-missing", `Expected an encoder of the catalog but received ${id}`);
	return model;
}
export { loadStages };
