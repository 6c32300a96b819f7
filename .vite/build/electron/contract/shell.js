import { z } from "zod";
// electron/contract/shell.ts
/**
* What a page may ask of the shell that it runs in, rather than of the application: whatever needs the desktop around
* it. The browser host and Electron answer alike.
*/
var shellRequests = {
	/** Shows a folder in the desktop's file manager: one of the library's, or one that Kith exported to. */
	"shell.reveal": {
		params: z.object({ folder: z.string() }),
		result: z.object({})
	},
	/** The desktop's dialog for a folder; null: none was chosen. The browser host has no dialog and refuses. */
	"shell.chooseFolder": {
		params: z.object({}),
		result: z.object({ path: z.string().nullable() })
	}
};
var ShellRequestName = z.enum(Object.keys(shellRequests));
export { ShellRequestName, shellRequests };
