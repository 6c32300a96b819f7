import { z } from "zod";
z.enum([
	"folder-missing",
	"folder-is-a-file",
	"folder-unreadable",
	"file-missing",
	"photo-unreadable",
	"no-face",
	"library-not-a-library",
	"library-from-newer-version",
	"library-unwritable",
	"library-busy",
	"disk-full",
	"model-missing",
	"model-damaged",
	"model-unsupported",
	"download-failed",
	"pairs-malformed",
	"cancelled",
	"output-unwritable",
	"bad-request",
	"vision-broken"
]);
/**
* A failure that a person can do something about. `detail` names the thing, the expected and the received;
* the sentence around it is the shell's.
*/
var KithError = class extends Error {
	code;
	detail;
	constructor(code, detail, options) {
		super(`${code}: ${detail}`, options);
		this.name = "KithError";
		this.code = code;
		this.detail = detail;
	}
};
/** A file that gives no photo. Not a failure of the scan: the file is noted and the scan goes on. */
var UnreadablePhoto = class extends Error {
	code;
	detail;
	constructor(code, detail, options) {
		super(`${code}: ${detail}`, options);
		this.name = "UnreadablePhoto";
		this.code = code;
		this.detail = detail;
	}
};
export { KithError, UnreadablePhoto };
