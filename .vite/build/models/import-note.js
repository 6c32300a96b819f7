import { writeWhole } from "./files.js";
import { z } from "zod";
import { readFile } from "node:fs/promises";
// models/import-note.ts
/** What lies beside a model that a person imported, `facenet-512.onnx.json`: Kith can know no hash of it beforehand. */
var ImportNote = z.object({
	kith: z.literal(1),
	/** Of the model's file. */
	sha256: z.string().regex(/^[0-9a-f]{64}$/),
	/** The files that it was made from. */
	madeFrom: z.array(z.object({
		file: z.string(),
		sha256: z.string()
	})),
	/** Whether it gave the known embedding for a known picture; null where none is known. */
	golden: z.enum(["same", "other"]).nullable()
});
var notePath = (model) => `${model}.json`;
/** The note beside a model's file; null when there is none, or none that can be read. */
async function readNote(model) {
	try {
		return ImportNote.parse(JSON.parse(await readFile(notePath(model), "utf8")));
	} catch {
		return null;
	}
}
/** @throws KithError `disk-full` or `output-unwritable` */
async function writeNote(model, note) {
	await writeWhole(notePath(model), new TextEncoder().encode(`${JSON.stringify(note, null, 2)}\n`));
}
export { notePath, readNote, writeNote };
