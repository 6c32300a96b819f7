import { FaceId } from "../contract/ids.js";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
// electron/shell/drag.ts
/** What goes along with the pointer, in points. */
var UNDER_POINTER = 96;
function drags(app, toImage) {
	const folder = mkdtempSync(join(tmpdir(), "kith-drag-"));
	return {
		async start(contents, asked) {
			const { success, data: face } = FaceId.safeParse(asked);
			const picture = success ? await app.picture("face", face) : null;
			if (!picture) return;
			const jpeg = Buffer.from(picture.bytes);
			const file = join(folder, `face-${face}.jpg`);
			writeFileSync(file, jpeg);
			contents.startDrag({
				file,
				icon: toImage(jpeg).resize({ width: UNDER_POINTER })
			});
		},
		close: () => rmSync(folder, {
			recursive: true,
			force: true
		})
	};
}
export { drags };
