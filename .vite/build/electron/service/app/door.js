import { RequestName, requests } from "../../contract/api.js";
import { KithError } from "../../contract/errors.js";
import { z } from "zod";
// electron/service/app/door.ts
/**
* The one door: checks what was asked before a handler sees it.
*
* @throws KithError bad-request, naming what was expected and where
*/
async function answer(handlers, name, params) {
	if (!RequestName.safeParse(name).success) throw new KithError("bad-request", `Expected a request of the contract but received ${String(name)}`);
	const parsed = requests[name].params.safeParse(params);
	if (!parsed.success) throw new KithError("bad-request", `${name}: ${z.prettifyError(parsed.error)}`);
	const handler = handlers[name];
	return handler(parsed.data);
}
/** A request as it comes over a wire: nothing of it is believed. Never throws. */
async function replyTo(app, name, params) {
	try {
		return {
			ok: true,
			result: await app.call(name, params)
		};
	} catch (error) {
		return {
			ok: false,
			failure: failureOf(error)
		};
	}
}
/** A defect of Kith is told as such, with its trace for a report; the page has a sentence for it. */
function failureOf(error) {
	if (error instanceof KithError) return {
		code: error.code,
		detail: error.detail
	};
	return {
		code: "internal",
		detail: error instanceof Error ? error.stack ?? error.message : String(error)
	};
}
export { answer, failureOf, replyTo };
