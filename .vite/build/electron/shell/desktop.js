import { basename } from "node:path";
// electron/shell/desktop.ts
/** A scan that took less than this, in milliseconds, is nothing to call anybody back for. */
var LONG = 2e4;
/** What the dock or the taskbar shows: beyond 1 is work of unknown length, below 0 none. */
var [UNKNOWN, NONE] = [2, -1];
/** Tells the desktop how a scan gets on: the folder, the progress, and the end of a long one nobody watched. */
function desktop({ app, window, words, notify, now = () => performance.now() }) {
	let scan = null;
	return (event) => {
		if (event.kind !== "scan" || window.isDestroyed()) return;
		const { state } = event;
		const hasEnded = isOver(state);
		if (!hasEnded && scan?.path !== state.path) {
			scan = {
				path: state.path,
				start: now()
			};
			app.addRecentDocument(state.path);
		}
		window.setProgressBar(...shownOf(state));
		if (!hasEnded) return;
		const took = scan ? now() - scan.start : 0;
		scan = null;
		if (took < LONG || window.isFocused() || state.phase === "cancelled") return;
		notify({
			title: state.phase === "done" ? words.scanned : words.scanFailed,
			body: words.scannedDetail(basename(state.path), state.progress.faces)
		});
	};
}
function isOver({ phase }) {
	return phase === "done" || phase === "cancelled" || phase === "failed";
}
function shownOf(state) {
	if (isOver(state)) return [NONE, { mode: "none" }];
	const { done, total } = state.progress;
	const share = total > 0 ? done / total : 0;
	if (state.phase === "paused") return [share, { mode: "paused" }];
	if (state.phase === "scanning" && total > 0) return [share, { mode: "normal" }];
	return [UNKNOWN, { mode: "indeterminate" }];
}
export { desktop };
