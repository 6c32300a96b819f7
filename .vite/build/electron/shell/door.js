import { CALL, DRAG } from "./channels.js";
import { isOwnPage } from "./security.js";
// electron/shell/door.ts
/** The only place that listens to the page, and to nobody else: whoever is not the page gets an error. */
function listenToPage({ ipc, answer, drag }) {
	ipc.handle(CALL, async (event, name, params) => {
		requirePage(event);
		return answer(name, params);
	});
	ipc.on(DRAG, (event, face) => {
		requirePage(event);
		drag(event.sender, face);
	});
}
function requirePage({ senderFrame }) {
	if (!isOwnPage(senderFrame)) throw new Error("Expected the page as sender but received another frame");
}
export { listenToPage };
