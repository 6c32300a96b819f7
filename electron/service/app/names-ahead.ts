import type { Parsed } from '../../contract/api.ts';
import { KithError } from '../../contract/errors.ts';
import type { EntryId, FolderId } from '../../contract/ids.ts';
import type { NamesOffer, NamesTaken, OpenNames } from '../../contract/names-in.ts';
import type { NamePlan } from '../names/plan.ts';
import { readNames } from '../names/read.ts';
import { realFolder } from '../walk.ts';
import { BackgroundWork } from './background.ts';
import type { Engine } from './engine.ts';
import { exportProgress } from './export-progress.ts';
import type { Handlers } from './handlers.ts';
import { fromMetadata, planFor, planned, takeNames } from './names-in.ts';
import { questionsOf } from './names-open.ts';
import { settleName } from './names-settle.ts';
import type { State } from './state.ts';

/** Under this key the library keeps which names the user was asked about: see `NamesRead.state`. */
const ASKED = 'names.asked';

/** Under this key the library keeps the entry by which names were last taken. */
const USED = 'names.used';

/**
 * Names in photos' metadata: reads them in the background after each scan, offers them, and takes them when the user, or the
 * command line, asks for it.
 */
export class NamesAhead {
  readonly #engine: Engine;
  readonly #state: State;
  /** Where Perl is missing nothing is offered, and a user who asks for names is told why. */
  readonly #ahead: BackgroundWork;
  /** Where names would go, as of a state of the record; see {@link NamesAhead.#plan}. */
  #known: { basis: string; plan: NamePlan; offer: NamesOffer | null } | null = null;

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
  ): Pick<Handlers, 'folder.names' | `names.${'offer' | 'use' | 'later' | 'open' | 'settle'}`> {
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
      'names.open': ({ limit }) => this.#open(limit),
      'names.settle': ({ question, answer }) => settleName(this.#engine, this.#state, question, answer),
    };
  }

  async #take(folder: FolderId | null, dry: boolean): Promise<NamesTaken> {
    const { library } = this.#engine;
    const taken = dry
      ? planned(library, fromMetadata(folder))
      : await takeNames(this.#engine, this.#state, fromMetadata(folder));
    if (taken.entry !== null) library.settings.put(USED, String(taken.entry));
    this.#engine.tell({ kind: 'changed', what: ['names'] });
    return taken;
  }

  /** Names that the user was not asked about yet. */
  #offer(): NamesOffer | null {
    return this.#isAsked() ? null : this.#plan().offer;
  }

  /**
   * What the names leave to the user. Before the names are used that is nothing: using them answers some of it. Nor is
   * anything asked of names that the user took back, all at once.
   */
  #open(limit: number): OpenNames {
    const { library } = this.#engine;
    const { plan, offer } = this.#plan();
    const used = library.settings.get(USED);
    const isUsed = used !== null && library.journal.get(Number(used) as EntryId)?.state !== 'undone';
    if (offer !== null && !isUsed) return { questions: [], total: 0, faceless: [], isNew: false };
    return { ...questionsOf(library, plan, limit), isNew: !this.#isAsked() };
  }

  #isAsked(): boolean {
    const { library } = this.#engine;
    return library.namesRead.state() === (library.settings.get(ASKED) ?? '0');
  }

  /** Where all names would go. Worked out once for each state of the record. */
  #plan(): { plan: NamePlan; offer: NamesOffer | null } {
    const { library } = this.#engine;
    const parts = [library.namesRead.state(), library.journal.position(), library.groups.state()];
    const basis = parts.join(' ');
    if (this.#known?.basis !== basis) {
      const source = fromMetadata(null);
      const at = planFor(library, source);
      const { people, faces } = planned(library, source, at);
      const offer = faces === 0 ? null : { names: people.length, faces };
      this.#known = { basis, plan: at.plan, offer };
    }
    return this.#known;
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
