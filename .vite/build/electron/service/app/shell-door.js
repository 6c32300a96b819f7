import { KithError } from "../../contract/errors.js";
import { ShellRequestName, shellRequests } from "../../contract/shell.js";
import { realFolder } from "../walk.js";
import { failureOf, replyTo } from "./door.js";
import { dirname } from "node:path";
import { z } from "zod";
// electron/service/app/shell-door.ts
/** The application's door and the shell's as one. */
function openDoor(app, desktop) {
	/** Folders that pages had something written to, since the start. */
	const exported = /* @__PURE__ */ new Set();
	const handlers = {
		"shell.chooseFolder": async () => {
			if (!desktop.chooseFolder) throw new KithError("bad-request", "There is no dialog here to choose with");
			return { path: await desktop.chooseFolder() };
		},
		"shell.reveal": async ({ folder }) => {
			const real = await realFolder(folder);
			const { file } = await app.call("library.overview", {});
			const folders = await app.call("folders.list", {});
			const known = [
				dirname(file),
				...exported,
				...folders.map(({ path }) => path)
			];
			for (const path of known) {
				if (await realFolder(path).catch(() => null) !== real) continue;
				await desktop.showFolder(real);
				return {};
			}
			throw new KithError("bad-request", `Expected a folder of the library, or one that was exported to, but received ${folder}`);
		}
	};
	return async (name, params) => {
		const own = ShellRequestName.safeParse(name);
		if (!own.success) {
			const reply = await replyTo(app, name, params);
			if (reply.ok && String(name).startsWith("export.")) {
				const written = Exported.safeParse(reply.result);
				if (written.success) exported.add(written.data.folder);
			}
			return reply;
		}
		const parsed = shellRequests[own.data].params.safeParse(params);
		if (!parsed.success) return {
			ok: false,
			failure: {
				code: "bad-request",
				detail: `${own.data}: ${z.prettifyError(parsed.error)}`
			}
		};
		const handler = handlers[own.data];
		try {
			return {
				ok: true,
				result: await handler(parsed.data)
			};
		} catch (error) {
			return {
				ok: false,
				failure: failureOf(error)
			};
		}
	};
}
/** What every export answers with. */
var Exported = z.object({ folder: z.string() });
export { openDoor };
