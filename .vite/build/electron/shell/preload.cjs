let electron = require("electron");
// electron/shell/channels.ts
/** Names of what goes between the preload script and the main process. */
var CALL = "kith:call";
var EVENT = "kith:event";
var COMMAND = "kith:command";
var DRAG = "kith:drag";
// electron/shell/preload.ts
/** Only what was sent goes on to the page: an event of Electron's would hand it the sender. */
function listen(channel, listener) {
	const passOn = (_event, sent) => listener(sent);
	electron.ipcRenderer.on(channel, passOn);
	return () => void electron.ipcRenderer.off(channel, passOn);
}
var bridge = {
	call: (name, params) => electron.ipcRenderer.invoke(CALL, name, params),
	on: (listener) => listen(EVENT, listener),
	onCommand: (listener) => listen(COMMAND, listener),
	pathForFile: (file) => electron.webUtils.getPathForFile(file) || null,
	startDrag: (face) => electron.ipcRenderer.send(DRAG, face),
	platform: process.platform
};
electron.contextBridge.exposeInMainWorld("kith", bridge);
