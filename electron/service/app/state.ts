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
 * Nobody waits longer for the faces to be read than until that many milliseconds after it was begun: what was said is
 * done, and the rest follows.
 */
const PATIENCE = 500;

/** When they are read without being asked for, in milliseconds after the first request. */
const SOON = 3000;

/** What follows once the faces are at hand. */
interface Postponed {
  library: Library;
  /** The entry that names those who are sure; null where they are only asked about. */
  entry: EntryId | null;
  /** Whose name that entry gave. */
  named: { person: PersonId; examples: number } | null;
}

/** What the requests that change something share. */
export class State {
  readonly #engine: Engine;
  #postponed: Postponed | null = null;
  #isSoon = false;
  #naming: { library: Library; encoder: string; naming: Naming } | null = null;
  /** What was last told of each name that was given during the scan: more of its faces may come. */
  #given: Ledger[] = [];
  readonly library = (): Library => this.#engine.library;

  readonly #isScanning: () => boolean;

  /** @param isScanning faces come every moment then, and are matched at the end: those from before will do until then */
  constructor(engine: Engine, isScanning: () => boolean = () => false) {
    this.#engine = engine;
    this.#isScanning = isScanning;
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
      this.#naming?.naming.stop();
      this.#naming = { library, encoder, naming };
    }
    return this.#naming.naming;
  }

  /** Reads the faces, where that was not done. */
  async prepare(): Promise<void> {
    await this.naming().prepare();
  }

  /**
   * The same before anybody says something, once the page has what it shows first.
   */
  prepareSoon(): void {
    if (this.#isSoon) return;
    this.#isSoon = true;
    const begin = async () => {
      if (!this.#isScanning() && this.library().groups.encoder() !== null) await this.prepare();
    };
    setTimeout(() => begin().catch(passedOver('read-ahead')), SOON).unref();
  }

  /** To be awaited before a request that may match anybody: until the faces are at hand, or would let somebody wait. */
  async ready(): Promise<void> {
    // The library was to be exchanged, and was not.
    if (this.#naming?.naming.isStopped) this.#naming = null;
    if (this.#isScanning() && this.naming().isReady) return;
    const prepared = this.prepare();
    // Whoever needs the faces asks again, and is told what is wrong.
    prepared.catch(passedOver('read-ahead'));
    const patience = new AbortController();
    const left = Math.max(0, PATIENCE - this.naming().reading);
    // Nobody waits for it any more once it is aborted.
    await Promise.race([prepared, wait(left, null, { signal: patience.signal }).catch(() => {})]);
    patience.abort();
  }

  /** Begins to read the faces for what somebody is about to be asked, but for those that a scan is adding. */
  async lookAhead(): Promise<void> {
    if (!this.#isScanning() || !this.naming().isReady) await this.naming().prepareAhead();
  }

  levels(): Levels {
    return readSettings(this.#engine.library);
  }

  /** Names everybody who is sure by now, within an entry; where the faces are not at hand, once they are. */
  spread(entry: EntryId): void {
    const naming = this.naming();
    if (naming.isReady) naming.spread(this.levels(), entry);
    else this.#postpone(entry);
  }

  /** Notes anew whom to ask about, and names nobody; where the faces are not at hand, once they are. */
  refresh(): void {
    const naming = this.naming();
    if (!naming.isReady) this.#postpone(this.#postponed?.entry ?? null);
    else if (naming.refresh(this.levels())) this.changed();
  }

  /**
   * The same after something that changes what faces are, and not only whose: few are read anew before, and many
   * meanwhile.
   */
  async refreshFaces(): Promise<void> {
    try {
      await this.naming().prepareAhead();
      this.refresh();
    } catch (error) {
      // What was asked for is done, and is told as such; whom to ask about is noted with the next command.
      passedOver('read-ahead')(error);
    }
  }

  /** The same where {@link State.saying} could not do it within its entry, since the faces were to be read anew. */
  async bringUp(): Promise<void> {
    if (!this.naming().isReady) await this.refreshFaces();
  }

  /** The same after something was taken back, or done again: what it would have named is not named by what follows. */
  async refreshAnew(): Promise<void> {
    if (this.#postponed) this.#postponed.entry = null;
    await this.refreshFaces();
  }

  /** What an entry that gave somebody a name brought, in numbers. Where more follows, every page is told then. */
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

  /** The same as {@link State.spread} for people who were named since the scan began; the faces have to be at hand. */
  spreadGiven(entry: EntryId): void {
    this.naming().spread(this.levels(), entry, this.givenPeople());
  }

  /** Withdraws names that Kith gave in these entries and would not give now. Does nothing while the faces are being read. */
  withdraw(entries: readonly EntryId[]): void {
    const naming = this.naming();
    if (naming.isReady) naming.withdraw(this.levels(), entries);
  }

  /** Tells every page how many faces the names have by now that were given since the scan began. */
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
    // Whoever needs the faces asks again, and is told what is wrong; and the next entry names all who are sure.
    if (!isFollowed) this.#follow().catch(passedOver('read-ahead'));
  }

  async #follow(): Promise<void> {
    try {
      while (!this.naming().isReady) await this.prepare();
    } finally {
      const postponed = this.#postponed;
      this.#postponed = null;
      if (postponed?.library === this.library()) this.#runPostponed(postponed);
    }
  }

  /** Within the entry, so that both are undone together; in one of Kith's own where another has come after it. */
  #runPostponed({ library, entry, named }: Postponed): void {
    const naming = this.naming();
    const spread = (within: EntryId) => naming.spread(this.levels(), within);
    if (naming.isReady && entry === null) this.refresh();
    if (naming.isReady && entry !== null && !library.journal.resume(entry, () => spread(entry)))
      library.journal.act({ action: 'follow', detail: {}, by: 'kith' }, spread);
    if (entry !== null && named !== null) {
      const ledger = naming.ledger(entry, named.person, named.examples);
      this.#engine.tell({ kind: 'ledger', ledger: { ...ledger, reading: false } });
    }
    this.changed();
  }

  /** Does something that can be undone, and tells every page. */
  perform(command: Omit<Command, 'by'>, work: (entry: EntryId) => void): { entry: EntryId | null } {
    const { entry } = this.#engine.library.journal.act({ ...command, by: 'hand' }, work);
    if (entry !== null) this.changed();
    return { entry };
  }

  /** The same where it changes whom to ask about: both are in the record afterwards, or neither. */
  performAndRefresh(command: Omit<Command, 'by'>, work: (entry: EntryId) => void): { entry: EntryId | null } {
    return this.perform(command, (entry) => {
      work(entry);
      this.refresh();
    });
  }

  /** What is still being read is wanted by nobody. Resolves once nothing is read any more. */
  async close(): Promise<void> {
    await this.#naming?.naming.stop();
  }

  changed(): void {
    this.#engine.tell({ kind: 'changed', what: ['people', 'groups', 'faces', 'journal'] });
  }
}
