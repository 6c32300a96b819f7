import { ORIGIN, PREFERENCES } from "./security.js";
import { WindowPlace, placeOn } from "./window-place.js";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
// electron/shell/window.ts
/** The window's smallest size, in points: the page goes down to this. */
var SMALLEST = {
	minWidth: 360,
	minHeight: 480
};
/** Opens the window where it was when it was closed last, and shows it once there is something to see. */
function openWindow({ file, screen, create, isPackaged, isDark }) {
	const was = readPlace(file);
	const window = create({
		...placeOn(areasOf(screen), was?.bounds ?? null),
		...SMALLEST,
		show: false,
		title: "Kith",
		backgroundColor: isDark ? "#151412" : "#fbfaf8",
		webPreferences: {
			...PREFERENCES,
			devTools: !isPackaged,
			preload: fileURLToPath(new URL("preload.cjs", import.meta.url))
		}
	});
	if (was?.maximized) window.maximize();
	window.once("ready-to-show", () => window.show());
	window.on("close", () => {
		writePlace(file, {
			bounds: window.getNormalBounds(),
			maximized: window.isMaximized()
		});
	});
	window.loadURL(`${ORIGIN}/`);
	return window;
}
function areasOf(screen) {
	const first = screen.getPrimaryDisplay();
	return [first, ...screen.getAllDisplays().filter(({ id }) => id !== first.id)].map(({ workArea }) => workArea);
}
function readPlace(file) {
	try {
		return WindowPlace.parse(JSON.parse(readFileSync(file, "utf8")));
	} catch {
		return null;
	}
}
function writePlace(file, place) {
	try {
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, JSON.stringify(place));
	} catch {}
}
export { openWindow };
