// electron/shell/security.ts
/** Where the page comes from; never a file, never the web. */
var ORIGIN = "kith://app";
/** What the page may do: all that it needs beyond a web page's means goes through the preload script. */
var PREFERENCES = {
	contextIsolation: true,
	sandbox: true,
	nodeIntegration: false,
	nodeIntegrationInWorker: false,
	nodeIntegrationInSubFrames: false,
	webSecurity: true,
	allowRunningInsecureContent: false,
	webviewTag: false,
	navigateOnDragDrop: false,
	spellcheck: false
};
/** Whom the page may send people to, in the browser of their choice. */
var OUTSIDE = /* @__PURE__ */ new Set([
	"https://github.com",
	"https://opensource.org",
	"https://creativecommons.org"
]);
/** Whether a message comes from the page itself: the main frame, of exactly our origin, and still there. */
function isOwnPage(frame) {
	try {
		return frame !== null && frame.parent === null && frame.origin === "kith://app";
	} catch {
		return false;
	}
}
function isAllowedOutside(address) {
	return URL.canParse(address) && OUTSIDE.has(new URL(address).origin);
}
/** Denies every permission and every download, and keeps all requests on this machine. */
function lockSession(session) {
	session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
	session.setPermissionCheckHandler(() => false);
	session.setDevicePermissionHandler(() => false);
	session.on("will-download", (event) => event.preventDefault());
	session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !staysHere(url) }));
}
/** `devtools:` are the developer tools, which packed apps don't open. */
function staysHere(address) {
	return address.startsWith(`kith://app/`) || /^(blob|data|devtools):/.test(address);
}
/** Keeps the page where it is: it opens no window and goes nowhere; what is allowed opens in the browser. */
function keepInPlace(contents, openOutside) {
	const goOutside = (address) => {
		if (isAllowedOutside(address)) openOutside(address);
	};
	contents.setWindowOpenHandler(({ url }) => {
		goOutside(url);
		return { action: "deny" };
	});
	contents.on("will-frame-navigate", (event) => {
		event.preventDefault();
		if (event.isMainFrame) goOutside(event.url);
	});
	contents.on("will-redirect", (event) => event.preventDefault());
	contents.on("will-attach-webview", (event) => event.preventDefault());
}
export { ORIGIN, PREFERENCES, isAllowedOutside, isOwnPage, keepInPlace, lockSession };
