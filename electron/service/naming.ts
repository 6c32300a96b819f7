import type { Calibration } from '../contract/calibration.ts';
import { KithError } from '../contract/errors.ts';
import type { EncoderKey, EntryId, FaceId, GroupId, PersonId } from '../contract/ids.ts';
import type { Ledger } from '../contract/people.ts';
import { ClusterSuggestions } from '../grouping/cluster-suggestions.ts';
import { sureOf } from '../grouping/match-probability.ts';
import { Matcher } from '../grouping/matcher.ts';
import type { Match } from '../grouping/matches.ts';
import { plainProduct } from '../grouping/product.ts';
import type { Library } from '../library/open.ts';
import type { MatchingState } from '../library/revisions.ts';
import { passedOver } from '../log/log.ts';
import { KnownNames } from './known-names.ts';
import { LEAST, type LoadedMatching, loadMatching, type MatchingTask } from './load-matching.ts';
import { inThread, WORTH_A_THREAD } from './thread.ts';

/** How sure Kith has to be. */
export interface Levels {
  /** Least expected share of right names among those that are given at once. */
  sure: number;
  /** Least probability from which Kith asks. */
  ask: number;
}

/** A face that Kith has an opinion on. */
export interface Opinion {
  face: FaceId;
  person: PersonId;
  probability: number;
}

/** All faces, and what is made of the names that are known, at one state of the record. */
interface Loaded {
  state: MatchingState;
  faceIds: readonly FaceId[];
  matcher: Matcher;
  names: KnownNames;
  suggestions: ClusterSuggestions;
}

/**
 * What Kith makes of the names that people gave: who is sure, and who is to be asked. Faces and what lies around them
 * are held in memory, as they are at one state of the record: {@link Naming.prepare} reads them.
 */
export class Naming {
  readonly #library: Library;
  readonly #encoder: EncoderKey;
  readonly #calibration: Calibration;
  #loaded: Loaded | null = null;
  #preparing: Promise<void> | null = null;
  #begun = 0;
  readonly #stop = new AbortController();

  constructor(library: Library, encoder: EncoderKey, calibration: Calibration) {
    this.#library = library;
    this.#encoder = encoder;
    this.#calibration = calibration;
  }

  /**
   * Matches everybody, names those who are sure, and notes whom to ask about. To be called within an entry of the
   * journal, so that undoing it takes these names back with it.
   *
   * @param only whose names may be given; all people's when left out. Kith asks about faces of other people, and about
   *   faces of a person who has another face on the same photo
   */
  spread(levels: Levels, entry: EntryId, only?: ReadonlySet<PersonId>): void {
    const { sure, ask } = this.#opinions(levels);
    const isOne = ({ person }: Opinion) => only?.has(person) ?? true;
    const twice = this.#library.labels.putSure(sure.filter(isOne), entry);
    this.#library.labels.suggest([...sure.filter((opinion) => !isOne(opinion)), ...twice, ...ask]);
  }

  /**
   * Withdraws names that Kith gave within these entries, and would not give now. To be called within an entry of the journal,
   * before a {@link Naming.spread}.
   */
  withdraw(levels: Levels, given: readonly EntryId[]): void {
    const { labels } = this.#library;
    const { sure } = this.#matches(levels);
    const { faceIds } = this.#loaded!;
    const now = new Map(sure.map(({ row, key }) => [faceIds[row]!, key]));
    const wrong = labels.sureOf(given).filter(({ face, person }) => now.get(face) !== person);
    labels.clear(wrong.map(({ face }) => face));
  }

  /** Notes anew whom to ask about; names nobody. For after an undo, a refusal, another level. @returns whether others */
  refresh(levels: Levels): boolean {
    const { sure, ask } = this.#opinions(levels);
    // Who would be sure is a question all the same, until something is said that lets Kith name them.
    return this.#library.labels.suggest([...sure, ...ask]);
  }

  /**
   * Faces that are likely the same person as a group, whoever that is. Worked out once for each group, which takes as long
   * as naming it, so that it is well asked for before it is needed.
   */
  suggestionsFor(group: GroupId): { face: FaceId; probability: number }[] {
    if (!this.isReady) return [];
    const { suggestions, faceIds } = this.#loaded!;
    return suggestions.of(group).map(({ row, probability }) => ({ face: faceIds[row]!, probability }));
  }

  /**
   * Reads no more: nobody wants to know any longer. What waits for the faces fails as cancelled. Resolves once the
   * library's file is not open in any thread.
   */
  async stop(): Promise<void> {
    this.#stop.abort();
    // Whoever began it is told how it ended.
    await this.#preparing?.catch(() => {});
  }

  get isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /**
   * Whether the faces are at hand as they are now, so that anybody can be matched. Faces that have only come since do not
   * count: a scan adds some every moment, and has them matched at its end.
   */
  get isReady(): boolean {
    if (this.#loaded === null || this.isStopped) return false;
    const { state } = this.#loaded;
    const now = this.#library.revisions.matching();
    return state.changed === now.changed && (state.verdicts === now.verdicts || !this.#isSmall());
  }

  /** What an entry of the journal brought, in numbers. */
  ledger(entry: EntryId | null, person: PersonId, examples: number): Ledger {
    const { people, cards } = this.#library;
    const { name } = people.get(person);
    const card = cards.people.person(person)!;
    return {
      entry,
      person: { id: person, name },
      examples,
      sure: card.sure,
      photos: card.photos,
      ask: card.ask,
      left: cards.photos.unnamed(),
      reading: !this.isReady,
    };
  }

  /** Opinions on faces without a name. Kith never renames a face; only the user does. */
  #opinions(levels: Levels): { sure: Opinion[]; ask: Opinion[] } {
    const { matches, sure } = this.#matches(levels);
    const { faceIds, names } = this.#loaded!;
    const open = (some: readonly Match[]): Opinion[] =>
      some.flatMap(({ row, key, probability }) =>
        names.isLabelled(row) ? [] : [{ face: faceIds[row]!, person: key as PersonId, probability }],
      );
    const rest = matches.slice(sure.length).filter(({ probability }) => probability >= levels.ask);
    return { sure: open(sure), ask: open(rest) };
  }

  /** Matches of all faces that the user has not named, also of those that Kith has named. */
  #matches(levels: Levels): { matches: readonly Match[]; sure: readonly Match[] } {
    if (!this.#loaded) throw new Error('Expected the faces to be prepared before anybody is matched');
    const { matcher, names } = this.#loaded;
    const matches = matcher.update(names.read());
    return { matches, sure: sureOf(matches, levels.sure) };
  }

  /**
   * Reads the faces, and finds what lies around each, where that has not been done since the record has changed. To be
   * awaited before anything that matches.
   */
  async prepare(): Promise<void> {
    if (this.isStopped) throw new KithError('cancelled', 'grouping');
    // What is being read may have been changed since it was begun; read once more it is as of now.
    await this.#preparing;
    if (this.isReady && this.#loaded!.state.added === this.#library.revisions.matching().added) return;
    if (this.#preparing === null) {
      this.#begun = performance.now();
      this.#preparing = this.#load().finally(() => {
        this.#preparing = null;
      });
    }
    await this.#preparing;
  }

  /** For how long the faces have been being read by now, in milliseconds; 0 where they are not. */
  get reading(): number {
    return this.#preparing === null ? 0 : performance.now() - this.#begun;
  }

  /**
   * Begins to read the faces, for what somebody is about to do. Few are read at once; many take seconds, which nobody who
   * only looks is to wait for.
   */
  async prepareAhead(): Promise<void> {
    const prepared = this.prepare();
    if (this.#isSmall()) await prepared;
    // Whoever needs the faces asks again, and is told what is wrong.
    else prepared.catch(passedOver('read-ahead'));
  }

  /**
   * Whether all faces are read within a moment. A face that is none is left out when all are read the next time; only in
   * a small library that is done at once, for it tells others next to nothing.
   */
  #isSmall(): boolean {
    return this.#library.cards.photos.counts().faces < WORTH_A_THREAD;
  }

  async #load(): Promise<void> {
    const task: MatchingTask = { encoder: this.#encoder, calibration: this.#calibration };
    const library = this.#library;
    this.#loaded = null;
    library.labelChanges.watch();
    const { state, faceIds, match, calibration }: LoadedMatching = this.#isSmall()
      ? await loadMatching(library, task, plainProduct)
      : await inThread(
          new URL('./load-matching-worker.ts', import.meta.url),
          { ...task, file: library.file },
          this.#stop.signal,
        );
    const matcher = new Matcher(match, calibration, LEAST);
    const names = new KnownNames(library, faceIds, match.faces.quality, calibration.founder);
    this.#loaded = {
      state,
      faceIds,
      matcher,
      names,
      suggestions: new ClusterSuggestions(match, calibration),
    };
  }
}
