import type { Parsed } from '../../contract/api.ts';
import { KithError } from '../../contract/errors.ts';
import type { FolderId } from '../../contract/ids.ts';
import type { NamesOffer, NamesTaken } from '../../contract/names-in.ts';
import { passedOver } from '../../log/log.ts';
import { readNames } from '../names/read.ts';
import { realFolder } from '../walk.ts';
import type { Engine } from './engine.ts';
import { exportProgress } from './export-progress.ts';
import type { Handlers } from './handlers.ts';
import { fromMetadata, planFor, planned, takeNames } from './names-in.ts';
import type { State } from './state.ts';

/** Under this key the library keeps which names the user was asked about: see `NamesRead.state`. */
const ASKED = 'names.asked';

/**
 * Names in photos' metadata: reads them in the background after each scan, offers them, and takes them where the user, or
 * the command line, says so.
 */
export class NamesAhead {
  readonly #engine: Engine;
  readonly #state: State;
  #work: { stop: AbortController; done: Promise<void> } | null = null;
  /** The offer, as of a state of the record; see {@link NamesAhead.#offer}. */
  #known: { basis: string; offer: NamesOffer | null } | null = null;

  constructor(engine: Engine, state: State) {
    this.#engine = engine;
    this.#state = state;
    engine.onExchange(() => this.stop());
    engine.on((event) => {
      if (event.kind === 'scan' && event.state.phase === 'done') this.#begin();
    });
  }

  /** Ends it after the photo in hand. */
  async stop(): Promise<void> {
    this.#work?.stop.abort();
    await this.#work?.done;
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

  /** Names that nobody was asked about yet. Worked out once for each state of the record. */
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

  #begin(): void {
    if (this.#work !== null) return;
    const stop = new AbortController();
    const done = this.#read(this.#engine.library.cards.photos.folders(), stop.signal)
      .then(() => this.#engine.tell({ kind: 'changed', what: ['names'] }))
      // Without Perl nothing is offered; whoever asks for names is told.
      .catch(passedOver('names'))
      .finally(() => {
        this.#work = null;
      });
    this.#work = { stop, done };
  }

  /** @param isAwaited whether the user waits for it: how far it is is then told */
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
