import { KithError } from "../../contract/errors.js";
import { Settings } from "../../contract/screens.js";
// electron/service/app/settings.ts
/** What holds until somebody says otherwise. */
var DEFAULTS = {
	sure: .999,
	ask: .1,
	theme: "system",
	language: "system"
};
var KEY = "preferences";
/** The settings of a library; what is damaged or missing is as it was at the beginning. */
function readSettings(library) {
	const text = library.settings.get(KEY);
	if (text === null) return DEFAULTS;
	try {
		return Settings.parse({
			...DEFAULTS,
			...JSON.parse(text)
		});
	} catch {
		return DEFAULTS;
	}
}
/** @throws KithError bad-request where Kith would have to ask about more than it is sure of */
function changeSettings(library, change) {
	const said = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== void 0));
	const settings = Settings.parse({
		...readSettings(library),
		...said
	});
	if (settings.ask >= settings.sure) throw new KithError("bad-request", `Expected to ask below ${settings.sure} but received ${settings.ask}`);
	library.settings.put(KEY, JSON.stringify(settings));
	return settings;
}
export { changeSettings, readSettings };
