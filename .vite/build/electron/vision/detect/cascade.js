import { KithError } from "../../contract/errors.js";
import { readFile } from "node:fs/promises";
// electron/vision/detect/cascade.ts
var lastNumber = 0;
/** @throws KithError `model-damaged` where OpenCV can't read the file as a cascade. */
async function loadCascade(opencv, file) {
	const xml = await readFile(file);
	lastNumber += 1;
	const name = `cascade-${lastNumber}.xml`;
	opencv.run((cv) => cv.FS_createDataFile("/", name, xml, true, false, false));
	let open = null;
	const cascade = {
		classifier() {
			open ??= openCascade(opencv, name, file);
			return open;
		},
		rest() {
			open?.delete();
			open = null;
		},
		dispose() {
			cascade.rest();
			opencv.run((cv) => cv.FS_unlink(`/${name}`));
		}
	};
	try {
		cascade.classifier();
	} catch (error) {
		cascade.dispose();
		throw error;
	}
	return cascade;
}
function openCascade(opencv, name, file) {
	return opencv.run((cv) => {
		const classifier = new cv.CascadeClassifier();
		if (isCascade(classifier, name)) return classifier;
		classifier.delete();
		throw new KithError("model-damaged", `Expected a cascade of OpenCV but received ${file}`);
	});
}
function isCascade(classifier, name) {
	try {
		return classifier.load(name);
	} catch {
		return false;
	}
}
export { loadCascade };
