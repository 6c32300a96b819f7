import { calibrationOf } from "../encoder.js";
import { Naming } from "../naming.js";
import { readSettings } from "./settings.js";
// electron/service/app/state.ts
/** What the requests that change something share. */
var State = class {
	#engine;
	#naming = null;
	library = () => this.#engine.library;
	constructor(engine) {
		this.#engine = engine;
	}
	/** Who is who, by the encoder that the library's groups were made by. */
	naming() {
		const { library, by } = this.#engine;
		const encoder = library.groups.encoder() ?? by.encoder;
		if (this.#naming?.library !== library || this.#naming.encoder !== encoder) this.#naming = {
			library,
			encoder,
			naming: new Naming(library, encoder, calibrationOf(encoder))
		};
		return this.#naming.naming;
	}
	/** To be awaited before a request that may match anybody. */
	prepare() {
		return this.naming().prepare();
	}
	levels() {
		return readSettings(this.#engine.library);
	}
	/** Names everybody who is sure by now, within a deed. */
	spread(entry) {
		return this.naming().spread(this.levels(), entry);
	}
	/** Does something that can be undone, and tells every page. */
	deed(deed, work) {
		const { entry } = this.#engine.library.journal.act({
			...deed,
			by: "hand"
		}, work);
		if (entry !== null) this.changed();
		return { entry };
	}
	changed() {
		this.#engine.tell({
			kind: "changed",
			what: [
				"people",
				"groups",
				"faces",
				"journal"
			]
		});
	}
};
export { State };
