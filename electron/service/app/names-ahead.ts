import type { Parsed } from '../../contract/api.ts';
import { KithError } from '../../contract/errors.ts';
import type { FolderId } from '../../contract/ids.ts';
import type { NamesOffer, NamesTaken } from '../../contract/names-in.ts';
import { readNames } from '../names/read.ts';
import { realFolder } from '../walk.ts';
import { BackgroundWork } from './background.ts';
import type { Engine } from './engine.ts';
import { exportProgress } from './export-progress.ts';
import type { Handlers } from './handlers.ts';
import { fromMetadata, planFor, planned, takeNames } from './names-in.ts';
import type { State } from './state.ts';

/** Under this key the library keeps which names the user was asked about: see `NamesRead.state`. */
const ASKED = 'names.asked';

/**
 * Names in photos' metadata: reads them in the background after each scan, offers them, and takes them when the user, or the
 * command line, asks for it.
 */
export class NamesAhead {
  readonly #engine: Engine;
  readonly #state: State;
  /** Where Perl is missing nothing is offered, and a user who asks for names is told why. */
  readonly #ahead: BackgroundWork;
  /** The offer, as of a state of the record; see {@link NamesAhead.#offer}. */
  #known: { basis: string; offer: NamesOffer | null } | null = null;

  constructor(engine: Engine, state: State) {
    this.#engine = engine;
    this.#state = state;
    this.#ahead = new BackgroundWork(engine, 'names', async (signal) => {
      await this.#read(engine.library.cards.photos.folders(), signal);
      engine.tell({ kind: 'changed', what: ['names'] });
    });
  }

  /** Stops reading in the background once the present file is read. */
  stop(): Promise<void> {
    return this.#ahead.stop();
  }

  /**
   * The requests about names.
   *
   * @param scan scans a folder, and resolves once that is done
   */
  requests(
    scan: (work: Parsed<'folder.names'>, context: { signal: AbortSignal }) => unknown,
  ): Pick<Handlers, 'folder.names' | 'names.offer' | 'names.use' | 'names.later'> {
    return {
      'folder.names': async (work, { signal }) => {
        await scan(work, { signal });
        await this.stop();
        const path = await realFolder(work.path);
        const id = this.#engine.library.files.folder(path);
        await this.#read([{ id, path }], signal, true);
        return this.#take(id, work.dry);
      },
      'names.offer': () => this.#offer(),
      'names.use': async (_, { signal }) => {
        await this.stop();
        await this.#read(this.#engine.library.cards.photos.folders(), signal, true);
        const taken = await this.#take(null, false);
        this.#asked();
        return taken;
      },
      'names.later': () => {
        this.#asked();
        return {};
      },
    };
  }

  async #take(folder: FolderId | null, dry: boolean): Promise<NamesTaken> {
    const { library } = this.#engine;
    const taken = dry
      ? planned(library, planFor(library, fromMetadata(folder)))
      : await takeNames(this.#engine, this.#state, fromMetadata(folder));
    this.#engine.tell({ kind: 'changed', what: ['names'] });
    return taken;
  }

  /** Names that the user was not asked about yet. Worked out once for each state of the record. */
  #offer(): NamesOffer | null {
    const { library } = this.#engine;
    const state = library.namesRead.state();
    if (state === library.settings.get(ASKED)) return null;
    const basis = [state, library.journal.position(), library.groups.state()].join(' ');
    if (this.#known?.basis !== basis) {
      const { people, faces } = planned(library, planFor(library, fromMetadata(null)));
      const offer = faces === 0 ? null : { names: people.length, faces };
      this.#known = { basis, offer };
    }
    return this.#known.offer;
  }

  #asked(): void {
    const { library } = this.#engine;
    library.settings.put(ASKED, library.namesRead.state());
    this.#engine.tell({ kind: 'changed', what: ['names'] });
  }

  /** @param isAwaited whether the user waits for it and is shown how far it is */
  async #read(
    folders: readonly { id: FolderId; path: string }[],
    signal: AbortSignal,
    isAwaited = false,
  ): Promise<void> {
    const { library } = this.#engine;
    for (const { id, path } of folders) {
      if (signal.aborted || this.#engine.library !== library) throw new KithError('cancelled', path);
      const onProgress = (total: number) => exportProgress(this.#engine, path, total, 'metadata');
      await readNames({ library, folder: { id, path }, signal, ...(isAwaited && { onProgress }) });
    }
  }
}
