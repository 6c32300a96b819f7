import "./sharp-on-linux.js";
import { ensureBundled } from "../../models/make.js";
import { KithError } from "../contract/errors.js";
import { createApp } from "../service/app/create.js";
import { openDoor } from "../service/app/shell-door.js";
import { defaultLibraryFile } from "../service/library-file.js";
import { COMMAND, EVENT } from "./channels.js";
import { desktop } from "./desktop.js";
import { listenToPage } from "./door.js";
import { drags } from "./drag.js";
import { menuOf } from "./menu.js";
import { folderAt, folderOf } from "./opened.js";
import { SCHEME, serve } from "./protocol.js";
import { keepInPlace, lockSession } from "./security.js";
import { utilityProcesses } from "./vision.js";
import { openWindow } from "./window.js";
import { failureIn, wordsIn } from "./words.js";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BrowserWindow, Menu, Notification, app, dialog, ipcMain, nativeImage, nativeTheme, protocol, screen, session, shell, utilityProcess } from "electron";
// electron/shell/main.ts
/** Three folders up from here, built or packed: what `dist/page` lies in. */
var PAGE = fileURLToPath(new URL("../../../../dist/page", import.meta.url));
app.enableSandbox();
protocol.registerSchemesAsPrivileged([SCHEME]);
/** What to open; from the command line, and from what is dropped on the icon while Kith starts. */
var asked = folderOf(process.argv, process.cwd(), app.isPackaged);
var open = (folder) => {
	asked = folder;
};
app.on("open-file", (event, path) => {
	event.preventDefault();
	open(folderAt(path));
});
var systemLanguage = () => app.getPreferredSystemLanguages()[0] ?? "en";
async function start() {
	await ensureBundled();
	const kith = await createApp({
		libraryFile: defaultLibraryFile(),
		shell: "electron",
		spawn: utilityProcesses(utilityProcess.fork, new URL("vision-entry.js", import.meta.url))
	});
	lockSession(session.defaultSession);
	protocol.handle("kith", serve({
		folder: PAGE,
		picture: kith.picture
	}));
	app.on("web-contents-created", (_event, contents) => {
		keepInPlace(contents, (address) => void shell.openExternal(address));
	});
	const settings = await kith.call("settings.get", {});
	nativeTheme.themeSource = settings.theme;
	const words = wordsIn(settings.language === "system" ? systemLanguage() : settings.language);
	const window = openWindow({
		file: join(app.getPath("userData"), "window.json"),
		screen,
		create: (options) => new BrowserWindow(options),
		isPackaged: app.isPackaged,
		isDark: nativeTheme.shouldUseDarkColors
	});
	const contents = window.webContents;
	const toFront = () => {
		if (window.isMinimized()) window.restore();
		window.show();
		window.focus();
	};
	const send = (channel, sent) => {
		if (!contents.isDestroyed()) contents.send(channel, sent);
	};
	Menu.setApplicationMenu(Menu.buildFromTemplate(menuOf({
		words,
		platform: process.platform,
		send: (command) => send(COMMAND, command)
	})));
	const dragging = drags(kith, (jpeg) => nativeImage.createFromBuffer(jpeg));
	listenToPage({
		ipc: ipcMain,
		answer: openDoor(kith, {
			async showFolder(path) {
				const failure = await shell.openPath(path);
				if (failure) throw new KithError("bad-request", `${path}: ${failure}`);
			},
			async chooseFolder() {
				const { filePaths } = await dialog.showOpenDialog(window, {
					title: words.chooseFolder,
					buttonLabel: words.choose,
					properties: ["openDirectory"]
				});
				return filePaths[0] ?? null;
			}
		}),
		drag: dragging.start
	});
	kith.on((event) => send(EVENT, event));
	kith.on(desktop({
		app,
		window,
		words,
		notify(options) {
			const notification = new Notification(options);
			notification.on("click", toFront);
			notification.show();
		}
	}));
	open = (folder) => {
		kith.call("scan.start", { path: folder }).catch((error) => dialog.showErrorBox(words.notOpened, failureIn(words, error)));
		toFront();
	};
	if (asked !== null) open(asked);
	app.on("second-instance", (_event, _argv, _standing, its) => {
		const { folder } = its;
		if (folder === null) toFront();
		else open(folder);
	});
	app.on("window-all-closed", () => app.quit());
	app.once("will-quit", (event) => {
		event.preventDefault();
		dragging.close();
		kith.close().finally(() => app.exit());
	});
}
if (app.requestSingleInstanceLock({ folder: asked })) app.whenReady().then(start).catch((error) => {
	const words = wordsIn(systemLanguage());
	dialog.showErrorBox(words.notStarted, failureIn(words, error));
	app.exit(1);
});
else app.quit();
export {};
