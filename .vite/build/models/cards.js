import { DistanceTable } from "../electron/contract/distances.js";
import { readFileSync } from "node:fs";
// models/cards.ts
/** Where the distances of an encoder are kept, beside its card. */
function distancesFile(id) {
	return new URL(`./cards/${id}.json`, import.meta.url);
}
/** How an encoder's distances were spread when it was calibrated; null where nobody has measured it. */
function distancesOf(id) {
	let text;
	try {
		text = readFileSync(distancesFile(id), "utf8");
	} catch (error) {
		if (error.code === "ENOENT") return null;
		throw error;
	}
	return DistanceTable.parse(JSON.parse(text));
}
export { distancesFile, distancesOf };
