import { KithError } from "../electron/contract/errors.js";
// models/download-request.ts
/** A failure that another try may mend. */
var TryAgain = class extends Error {
	/** For how long the server asks to be left alone; null where it does not say. */
	waitMs;
	constructor(why, waitMs = null) {
		super(why);
		this.waitMs = waitMs;
	}
};
var mostRedirects = 10;
/**
* Asks for a file, or for the rest of it (RFC 9110, sections 13.1.5 and 14).
*
* @throws TryAgain when the server is busy or ill, KithError `download-failed` when asking again is of no use;
* what `fetch` throws when the network fails
*/
async function request(address, have, signal) {
	const headers = {
		"accept-encoding": "identity",
		...have.done > 0 && { range: `bytes=${have.done}-` },
		...have.done > 0 && have.validator !== null && { "if-range": have.validator }
	};
	const response = await follow(webAddress(address), headers, signal);
	const { status } = response;
	if (status === 200 || status === 206 && have.done > 0) return body(response, have);
	await response.body?.cancel();
	if (status === 416 && have.done > 0) {
		const whole = /^bytes \*\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1];
		return { kind: Number(whole) === have.done && isSame(response, have) ? "complete" : "start-over" };
	}
	if (status === 408 || status === 425 || status === 429 || status >= 500) throw new TryAgain(`the server answered ${status}`, retryAfter(response));
	throw new KithError("download-failed", `${address}: the server answered ${status}, ${status === 404 || status === 410 ? "there is no such file" : "it was refused"}`);
}
async function follow(start, headers, signal) {
	let url = start;
	for (let hops = 0; hops <= mostRedirects; hops++) {
		const response = await fetch(url, {
			headers,
			signal,
			redirect: "manual"
		});
		if (![
			301,
			302,
			303,
			307,
			308
		].includes(response.status)) return response;
		await response.body?.cancel();
		const next = webAddress(response.headers.get("location") ?? "", url);
		if (url.protocol === "https:" && next.protocol === "http:" && !isLoopback(next)) throw new KithError("download-failed", `${start}: it leads to ${next}, which anybody on the way could change; Kith goes from https to https alone`);
		url = next;
	}
	throw new KithError("download-failed", `${start}: it leads on and on, more than ${mostRedirects} times`);
}
/** @throws KithError `download-failed` for what is no address of the web */
function webAddress(text, base) {
	const url = URL.parse(text, base?.href);
	if (text !== "" && url !== null && /^https?:$/.test(url.protocol) && url.username === "") return url;
	throw new KithError("download-failed", `Expected an address that begins with https:// and has no password in it but received "${text}"`);
}
var isLoopback = ({ hostname }) => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
async function body(response, have) {
	const { headers, status } = response;
	if (/^text\/html\b/i.test(headers.get("content-type") ?? "")) throw new KithError("download-failed", `${response.url}: a web page came instead of the file`);
	const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get("content-range") ?? "");
	const partly = status === 206;
	if (partly && (range === null || Number(range[1]) !== have.done || !isSame(response, have))) {
		await response.body?.cancel();
		return { kind: "start-over" };
	}
	const packed = !/^(identity)?$/i.test(headers.get("content-encoding") ?? "");
	const total = partly ? Number(range[2]) : Number(headers.get("content-length") ?? NaN);
	return {
		kind: "body",
		from: partly ? have.done : 0,
		total: packed || Number.isNaN(total) ? null : total,
		validator: partly ? have.validator : packed ? null : validatorOf(response),
		body: response.body ?? noBytes()
	};
}
/** Only a strong entity tag is of use; a date of change is the next best. */
function validatorOf({ headers }) {
	const tag = headers.get("etag");
	return tag !== null && !tag.startsWith("W/") ? tag : headers.get("last-modified");
}
/** Whether the answer is about the edition of which we have a part: some servers pass over `If-Range`. */
function isSame(response, { validator }) {
	const now = validatorOf(response);
	return validator === null || now === null || validator === now;
}
/** Seconds or a date (RFC 9110, section 10.2.3). */
function retryAfter({ headers }) {
	const value = headers.get("retry-after")?.trim();
	if (!value) return null;
	const wait = /^\d+$/.test(value) ? Number(value) * 1e3 : Date.parse(value) - Date.now();
	return Number.isNaN(wait) ? null : Math.max(0, wait);
}
async function* noBytes() {}
export { TryAgain, request };
