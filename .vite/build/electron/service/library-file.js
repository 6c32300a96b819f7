import { join } from "node:path";
import envPaths from "env-paths";
// electron/service/library-file.ts
/** Where the record is kept when nobody says otherwise: `KITH_LIBRARY`, else `library.kith` in the user's data folder. */
function defaultLibraryFile() {
	return process.env.KITH_LIBRARY || join(envPaths("kith", { suffix: "" }).data, "library.kith");
}
export { defaultLibraryFile };
