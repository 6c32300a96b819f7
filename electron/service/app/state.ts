import { calibrationFor } from '../../../models/calibration.ts';
import type { EntryId } from '../../contract/ids.ts';
import type { Deed } from '../../library/journal.ts';
import type { Library } from '../../library/open.ts';
import { calibrationOf } from '../encoder.ts';
import { type Levels, Naming, type Opinion } from '../naming.ts';
import type { Engine } from './engine.ts';
import { readSettings } from './settings.ts';

/** What the requests that change something share. */
export class State {
  readonly #engine: Engine;
  #naming: { library: Library; encoder: string; naming: Naming } | null = null;
  readonly library = (): Library => this.#engine.library;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Who is who, by the encoder that the library's groups were made by. */
  naming(): Naming {
    const { library, by, store } = this.#engine;
    const wanted = library.groups.encoder() ?? by.encoder;
    const known = calibrationFor(wanted, store.folders);
    // By an encoder that is not calibrated nobody can be named: only by what dlib saw, if it ever did.
    const encoder = known === null ? 'dlib' : wanted;
    if (this.#naming?.library !== library || this.#naming.encoder !== encoder) {
      const naming = new Naming(library, encoder, known ?? calibrationOf(encoder));
      this.#naming = { library, encoder, naming };
    }
    return this.#naming.naming;
  }

  /** To be awaited before a request that may match anybody. */
  prepare(): Promise<void> {
    return this.naming().prepare();
  }

  levels(): Levels {
    return readSettings(this.#engine.library);
  }

  /** Names everybody who is sure by now, within a deed. */
  spread(entry: EntryId): Opinion[] {
    return this.naming().spread(this.levels(), entry);
  }

  /** Does something that can be undone, and tells every page. */
  deed(deed: Omit<Deed, 'by'>, work: (entry: EntryId) => void): { entry: EntryId | null } {
    const { entry } = this.#engine.library.journal.act({ ...deed, by: 'hand' }, work);
    if (entry !== null) this.changed();
    return { entry };
  }

  changed(): void {
    this.#engine.tell({ kind: 'changed', what: ['people', 'groups', 'faces', 'journal'] });
  }
}
