import { setTimeout as wait } from 'node:timers/promises';
import { calibrationFor } from '../../../models/calibration.ts';
import type { EntryId, PersonId } from '../../contract/ids.ts';
import type { Ledger } from '../../contract/people.ts';
import type { Command } from '../../library/journal.ts';
import type { Library } from '../../library/open.ts';
import { passedOver } from '../../log/log.ts';
import { calibrationOf } from '../encoder.ts';
import { type Levels, Naming } from '../naming.ts';
import type { Engine } from './engine.ts';
import { readSettings } from './settings.ts';

/**
 * How long a command waits for the faces to be loaded, in milliseconds from the beginning of loading. Then the command
 * itself is done, and its matching follows once they are loaded. Chosen by hand.
 */
const PATIENCE = 500;

/** When the faces are loaded ahead of need, in milliseconds after the first request. Chosen by hand. */
const SOON = 3000;

/** Matching that follows once the faces are loaded. */
interface Postponed {
  library: Library;
  /** The entry within which faces that are sure are named; null: Kith only asks about them. */
  entry: EntryId | null;
  /** The person whom that entry named, and by how many examples. */
  named: { person: PersonId; examples: number } | null;
}

/** What the requests that change something share. */
export class State {
  readonly #engine: Engine;
  #postponed: Postponed | null = null;
  #isSoon = false;
  #naming: { library: Library; encoder: string; naming: Naming } | null = null;
  /** The last ledger of each person whom the user named during the scan: more of their faces may come. */
  #given: Ledger[] = [];
  readonly library = (): Library => this.#engine.library;

  readonly #isScanning: () => boolean;

  /**
   * @param isScanning whether a scan runs. Faces come every moment then and are matched at its end; until then the faces
   *   that were loaded before are used
   */
  constructor(engine: Engine, isScanning: () => boolean = () => false) {
    this.#engine = engine;
    this.#isScanning = isScanning;
  }

  /** The matching, by the encoder that the library's groups were made by. */
  naming(): Naming {
    const { library, by, store } = this.#engine;
    const wanted = library.groups.encoder() ?? by.encoder;
    const known = calibrationFor(wanted, store.folders);
    // An encoder without a calibration can't name faces. Then dlib's vectors are used, where the library has them.
    const encoder = known === null ? 'dlib' : wanted;
    if (this.#naming?.library !== library || this.#naming.encoder !== encoder) {
      const naming = new Naming(library, encoder, known ?? calibrationOf(encoder));
      this.#naming?.naming.faces.stop();
      this.#naming = { library, encoder, naming };
    }
    return this.#naming.naming;
  }

  /** Loads the faces, where they are not loaded as they are now. */
  async prepare(): Promise<void> {
    await this.naming().faces.prepare();
  }

  /**
   * Loads the faces ahead of the user's first command, once the page has what it shows first. Only the first call counts.
   */
  prepareSoon(): void {
    if (this.#isSoon) return;
    this.#isSoon = true;
    const begin = async () => {
      if (!this.#isScanning() && this.library().groups.encoder() !== null)
        await this.naming().faces.prepareAhead();
    };
    setTimeout(() => begin().catch(passedOver('read-ahead')), SOON).unref();
  }

  /** To be called before each command: matching may have been stopped for an exchange of the library that did not take place. */
  wake(): void {
    if (this.#naming?.naming.faces.isStopped) this.#naming = null;
  }

  /** To be awaited before a command that matches faces. Resolves once they are loaded, or after {@link PATIENCE}. */
  async ready(): Promise<void> {
    if (this.#isScanning() && this.naming().faces.isReady) return;
    const prepared = this.prepare();
    // The next caller that needs the faces loads them again, and gets the error.
    prepared.catch(passedOver('read-ahead'));
    const patience = new AbortController();
    const left = Math.max(0, PATIENCE - this.naming().faces.reading);
    // Aborting it below rejects it, when its result is not needed any more.
    await Promise.race([prepared, wait(left, null, { signal: patience.signal }).catch(() => {})]);
    patience.abort();
  }

  /** Begins to load the faces for the next questions. During a scan, faces that are loaded already are enough. */
  async lookAhead(): Promise<void> {
    if (!this.#isScanning() || !this.naming().faces.isReady) await this.naming().faces.prepareAhead();
  }

  /** Gives up what is being loaded ahead of need: see `Naming.leaveAhead`. */
  leaveAhead(): void {
    this.#naming?.naming.faces.leaveAhead();
  }

  levels(): Levels {
    return readSettings(this.#engine.library);
  }

  /** Names all faces that are sure now, within an entry; where the faces are not loaded, once they are. */
  spread(entry: EntryId): void {
    const naming = this.naming();
    if (naming.faces.isReady) naming.spread(this.levels(), entry);
    else this.#postpone(entry);
  }

  /** Finds out anew whom to ask about, and names no face; where the faces are not loaded, once they are. */
  refresh(): void {
    const naming = this.naming();
    if (!naming.faces.isReady) this.#postpone(this.#postponed?.entry ?? null);
    else if (naming.refresh(this.levels())) this.changed();
  }

  /**
   * Refreshes after a command that changes more of faces than their names, so that they have to be loaded again. In a small
   * library that is done before this resolves, in a large one in the background.
   */
  async refreshFaces(): Promise<void> {
    try {
      await this.naming().faces.prepareAhead();
      this.refresh();
    } catch (error) {
      // The command itself has succeeded. The next command finds out whom to ask about.
      passedOver('read-ahead')(error);
    }
  }

  /** Refreshes where {@link State.performAndRefresh} could not, because the faces had to be loaded again. */
  async bringUp(): Promise<void> {
    if (!this.naming().faces.isReady) await this.refreshFaces();
  }

  /** Refreshes after an entry was undone or done again. Matching that was postponed then names no face any more. */
  async refreshAnew(): Promise<void> {
    if (this.#postponed) this.#postponed.entry = null;
    await this.refreshFaces();
  }

  /** What an entry that named a person brought, in numbers. Where matching follows later, every page is told then. */
  ledger(entry: EntryId | null, person: PersonId, examples: number): Ledger {
    if (entry !== null && this.#postponed?.entry === entry) this.#postponed.named = { person, examples };
    const ledger = this.naming().ledger(entry, person, examples);
    if (entry !== null && this.#isScanning()) this.#given.push(ledger);
    return ledger;
  }

  /** People who were named since the scan began, by entries that are not undone. */
  givenPeople(): ReadonlySet<PersonId> {
    const { journal, people } = this.library();
    const known = new Set(people.all().map(({ id }) => id));
    this.#given = this.#given.filter(
      ({ entry, person }) => known.has(person.id) && journal.get(entry!)?.state === 'done',
    );
    return new Set(this.#given.map(({ person }) => person.id));
  }

  /** Does what {@link State.spread} does, for people who were named since the scan began. The faces have to be loaded. */
  spreadGiven(entry: EntryId): void {
    this.naming().spread(this.levels(), entry, this.givenPeople());
  }

  /**
   * Withdraws names that Kith gave in these entries and would not give now. Does nothing while the faces are being
   * loaded.
   */
  withdraw(entries: readonly EntryId[]): void {
    const naming = this.naming();
    if (naming.faces.isReady) naming.withdraw(this.levels(), entries);
  }

  /** Tells every page how many faces each person has by now who was named since the scan began. */
  tellGiven(): void {
    this.givenPeople();
    this.#given = this.#given.map(({ entry, person, examples, sure }) => {
      const ledger = this.naming().ledger(entry, person.id, examples);
      if (ledger.sure !== sure) this.#engine.tell({ kind: 'ledger', ledger });
      return ledger;
    });
  }

  /** To be called when a scan begins. */
  forgetGiven(): void {
    this.#given = [];
  }

  #postpone(entry: EntryId | null): void {
    const isFollowed = this.#postponed !== null;
    const named = this.#postponed?.entry === entry ? this.#postponed.named : null;
    this.#postponed = { library: this.library(), entry, named };
    // No error is lost: the next caller that needs the faces gets it, and the next command names all faces that are sure.
    if (!isFollowed) this.#follow().catch(passedOver('read-ahead'));
  }

  async #follow(): Promise<void> {
    try {
      while (!this.naming().faces.isReady) await this.prepare();
    } finally {
      const postponed = this.#postponed;
      this.#postponed = null;
      if (postponed?.library === this.library()) this.#runPostponed(postponed);
    }
  }

  /** Matches within the postponed entry, so that both are undone together; in a new entry where another came after it. */
  #runPostponed({ library, entry, named }: Postponed): void {
    const naming = this.naming();
    const spread = (within: EntryId) => naming.spread(this.levels(), within);
    if (naming.faces.isReady && entry === null) this.refresh();
    if (naming.faces.isReady && entry !== null && !library.journal.resume(entry, () => spread(entry)))
      library.journal.act({ action: 'follow', detail: {}, by: 'kith' }, spread);
    if (entry !== null && named !== null) {
      const ledger = naming.ledger(entry, named.person, named.examples);
      this.#engine.tell({ kind: 'ledger', ledger: { ...ledger, reading: false } });
    }
    this.changed();
  }

  /** Runs a command of the user as one entry of the journal, and tells every page. */
  perform(command: Omit<Command, 'by'>, work: (entry: EntryId) => void): { entry: EntryId | null } {
    const { entry } = this.#engine.library.journal.act({ ...command, by: 'hand' }, work);
    if (entry !== null) this.changed();
    return { entry };
  }

  /** Runs a command that changes whom to ask about, and refreshes that: both are in the record afterwards, or neither. */
  performAndRefresh(command: Omit<Command, 'by'>, work: (entry: EntryId) => void): { entry: EntryId | null } {
    return this.perform(command, (entry) => {
      work(entry);
      this.refresh();
    });
  }

  /** Stops loading faces. Resolves once no thread reads the library. */
  async close(): Promise<void> {
    await this.#naming?.naming.faces.stop();
  }

  changed(): void {
    this.#engine.tell({ kind: 'changed', what: ['people', 'groups', 'faces', 'journal'] });
  }
}
