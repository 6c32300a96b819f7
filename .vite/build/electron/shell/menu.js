// electron/shell/menu.ts
/** The application's menu. The keys are the page's: what it does by itself on a key never reaches the menu. */
function menuOf({ words, platform, send }) {
	const mac = platform === "darwin";
	const line = { type: "separator" };
	const command = (id, label, accelerator) => ({
		id,
		label,
		...accelerator === void 0 ? {} : { accelerator },
		click: () => send(id)
	});
	const settings = command("go.settings", words.settings, "CmdOrCtrl+,");
	const ofTheApp = {
		role: "appMenu",
		submenu: [
			{ role: "about" },
			line,
			settings,
			line,
			{ role: "services" },
			line,
			{ role: "hide" },
			{ role: "hideOthers" },
			{ role: "unhide" },
			line,
			{ role: "quit" }
		]
	};
	const recent = {
		role: "recentDocuments",
		label: words.recent,
		submenu: [{
			role: "clearRecentDocuments",
			label: words.clearRecent
		}]
	};
	const file = {
		label: words.file,
		submenu: [
			command("go.welcome", words.addPhotos, "CmdOrCtrl+O"),
			...mac ? [recent] : [],
			line,
			command("go.export", words.exportFaces, "CmdOrCtrl+E"),
			line,
			...mac ? [{ role: "close" }] : [
				settings,
				line,
				{
					role: "quit",
					label: words.quit
				}
			]
		]
	};
	const edit = {
		label: words.edit,
		submenu: [
			command("undo", words.undo, "CmdOrCtrl+Z"),
			command("redo", words.redo, "CmdOrCtrl+Shift+Z"),
			line,
			{
				role: "cut",
				label: words.cut
			},
			{
				role: "copy",
				label: words.copy
			},
			{
				role: "paste",
				label: words.paste
			},
			{
				role: "selectAll",
				label: words.selectAll
			},
			line,
			command("palette", words.palette, "CmdOrCtrl+K")
		]
	};
	const view = {
		label: words.view,
		submenu: [
			{
				role: "zoomIn",
				label: words.zoomIn
			},
			{
				role: "zoomOut",
				label: words.zoomOut
			},
			{
				role: "resetZoom",
				label: words.zoomReset
			},
			line,
			{
				role: "togglefullscreen",
				label: words.fullScreen
			}
		]
	};
	const go = {
		label: words.go,
		submenu: [...[
			"people",
			"photos",
			"review",
			"compare"
		].map((place, index) => command(`go.${place}`, words[place], `CmdOrCtrl+${index + 1}`)), command("go.history", words.history, "CmdOrCtrl+Y")]
	};
	const help = {
		role: "help",
		label: words.help,
		submenu: [command("keys", words.keys)]
	};
	return [
		...mac ? [ofTheApp] : [],
		file,
		edit,
		view,
		go,
		...mac ? [{ role: "windowMenu" }] : [],
		help
	];
}
export { menuOf };
