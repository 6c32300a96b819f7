import type { Calibration } from '../contract/calibration.ts';
import { KithError } from '../contract/errors.ts';
import type { EncoderKey, EntryId, FaceId, GroupId, PersonId } from '../contract/ids.ts';
import type { Ledger } from '../contract/people.ts';
import { ClusterSuggestions } from '../grouping/cluster-suggestions.ts';
import { shareOfNear, sureOf } from '../grouping/match-probability.ts';
import { Matcher } from '../grouping/matcher.ts';
import type { Match } from '../grouping/matches.ts';
import { NearQuestions } from '../grouping/near-questions.ts';
import { plainProduct } from '../grouping/product.ts';
import type { Library } from '../library/open.ts';
import type { MatchingState } from '../library/revisions.ts';
import { passedOver } from '../log/log.ts';
import { KnownNames } from './known-names.ts';
import { LEAST, type LoadedMatching, loadMatching, type MatchingTask } from './load-matching.ts';
import { inThread, WORTH_A_THREAD } from './thread.ts';

/** How sure Kith has to be to name a face, and to ask about one. */
export interface Levels {
  /** Least expected share of right names among those that Kith gives at once. */
  sure: number;
  /** Least probability from which Kith asks. */
  ask: number;
}

/** The person who a face without a name may be. */
export interface Opinion {
  face: FaceId;
  person: PersonId;
  probability: number;
}

/** Another person who faces may be as well. */
export interface Rival {
  person: PersonId;
  /** Probability, 0..1, that they are the person in question rather than this one. */
  share: number;
}

/**
 * Another person who a face and its group may be as well, since the two look like each other and nothing in these faces tells
 * them apart.
 *
 * @param person who they most likely are
 * @returns null where there is nobody
 */
export type RivalOf = (face: FaceId, person: PersonId) => Rival | null;

/** All faces and the matching of them, at one state of the record. */
interface Loaded {
  state: MatchingState;
  faceIds: readonly FaceId[];
  matcher: Matcher;
  names: KnownNames;
  /** What distances mean in this library. */
  calibration: Calibration;
  suggestions: ClusterSuggestions;
  near: NearQuestions;
}

/** Matches of all faces that the user has not named, by falling probability. */
interface Found {
  matches: readonly Match[];
  /** The first of them, which are *sure*. */
  sure: readonly Match[];
}

/**
 * Matches faces with the people whom the user named: which faces are sure, and which Kith asks about. Faces and their
 * neighbours are held in memory, as of one state of the record: {@link Naming.prepare} loads them.
 */
export class Naming {
  readonly #library: Library;
  readonly #encoder: EncoderKey;
  readonly #calibration: Calibration;
  #loaded: Loaded | null = null;
  #preparing: Promise<void> | null = null;
  /** Stops what is being loaded, where nobody needs it yet. */
  #ahead = new AbortController();
  #isNeeded = false;
  #begun = 0;
  readonly #stop = new AbortController();

  constructor(library: Library, encoder: EncoderKey, calibration: Calibration) {
    this.#library = library;
    this.#encoder = encoder;
    this.#calibration = calibration;
  }

  /**
   * Matches all faces, names those that are sure, and notes which to ask about. To be called within an entry of the
   * journal, so that undoing the entry withdraws these names with it.
   *
   * @param only people whose names may be given; all when left out. Kith asks about sure faces of other people, and about
   *   faces of a person who has another face on the same photo
   */
  spread(levels: Levels, entry: EntryId, only?: ReadonlySet<PersonId>): void {
    const found = this.#matches(levels);
    this.#withdrawNear(found);
    const { sure, ask } = this.#opinions(levels, found);
    const isOne = ({ person }: Opinion) => only?.has(person) ?? true;
    const twice = this.#library.labels.putSure(sure.filter(isOne), entry);
    this.#library.labels.suggest([...sure.filter((opinion) => !isOne(opinion)), ...twice, ...ask]);
  }

  /**
   * Withdraws names that Kith gave within these entries and would not give now. To be called within an entry of the
   * journal, before {@link Naming.spread}.
   */
  withdraw(levels: Levels, given: readonly EntryId[]): void {
    const { labels } = this.#library;
    const { sure } = this.#matches(levels);
    const { faceIds } = this.#loaded!;
    const now = new Map(sure.map(({ row, key }) => [faceIds[row]!, key]));
    const wrong = labels.sureOf(given).filter(({ face, person }) => now.get(face) !== person);
    labels.clear(wrong.map(({ face }) => face));
  }

  /**
   * Withdraws names that Kith gave before somebody near that person had a name, where nothing tells the two apart or the
   * face is rather the other's: it asks instead. See [Note: Two near people] in near-people.ts.
   */
  #withdrawNear({ matches, sure }: Found): void {
    const { faceIds, names, calibration } = this.#loaded!;
    const still = new Set(sure);
    const open = matches.filter((match) => {
      const given = names.givenBySelf(match.row);
      if (given < 0 || match.nearMargin === null) return false;
      if (match.key !== given) return true;
      return !still.has(match) && shareOfNear(match.nearMargin, calibration) !== null;
    });
    if (open.length === 0) return;
    this.#library.labels.clear(open.map(({ row }) => faceIds[row]!));
    // The matches stay as they are, since names that Kith gave are no examples.
    names.read();
  }

  /** Notes anew which faces to ask about, and names none: after an undo, a refusal, another level. @returns whether any changed */
  refresh(levels: Levels): boolean {
    const { sure, ask } = this.#opinions(levels);
    // Kith asks about a sure face too, until a command names the faces that are sure.
    return this.#library.labels.suggest([...sure, ...ask]);
  }

  /**
   * Faces that are likely the same person as a group without a name. Computed once for each group. That takes as long as
   * naming the group, so callers ask for it ahead of need.
   */
  suggestionsFor(group: GroupId): { face: FaceId; probability: number }[] {
    if (!this.isReady) return [];
    const { suggestions, faceIds } = this.#loaded!;
    return suggestions.of(group).map(({ row, probability }) => ({ face: faceIds[row]!, probability }));
  }

  /** Who faces may be as well, as long as no label changes; nobody while the faces are being loaded. */
  rivals(): RivalOf {
    if (!this.isReady) return () => null;
    const { near, names } = this.#loaded!;
    return (face, person) => {
      const row = names.rowOf(face);
      if (row === undefined) return null;
      const open = near.clusterOf(row).filter((other) => other === row || !names.isLabelled(other));
      const rival = near.rivalOf(open, person);
      return rival && { person: rival.key as PersonId, share: rival.share };
    };
  }

  /** Pairs of people who may be one, as of the last matching, the most alike first; null while the faces are being loaded. */
  alike(): [PersonId, PersonId][] | null {
    return this.isReady ? (this.#loaded!.near.alike() as [PersonId, PersonId][]) : null;
  }

  /** Stops loading. What waits for the faces fails as cancelled. Resolves once no thread has the library's file open. */
  async stop(): Promise<void> {
    this.#stop.abort();
    // The caller that began loading gets the error.
    await this.#preparing?.catch(() => {});
  }

  get isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /**
   * Whether the faces are loaded as they are now, so that they can be matched. Faces that a scan has added since do not
   * count: it adds some every moment, and has them matched at its end.
   */
  get isReady(): boolean {
    if (this.#loaded === null || this.isStopped) return false;
    const { state } = this.#loaded;
    const now = this.#library.revisions.matching();
    return state.changed === now.changed && (state.verdicts === now.verdicts || !this.#isSmall());
  }

  /** What an entry that named a person brought, in numbers. */
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

  /** Matches of faces without a name. Kith never renames a face; only the user does. */
  #opinions(levels: Levels, { matches, sure } = this.#matches(levels)): { sure: Opinion[]; ask: Opinion[] } {
    const { faceIds, names } = this.#loaded!;
    const open = (begin: number, end: number): Opinion[] => {
      const opinions: Opinion[] = [];
      for (let at = begin; at < end; at++) {
        const { row, key, probability } = matches[at]!;
        if (!names.isLabelled(row))
          opinions.push({ face: faceIds[row]!, person: key as PersonId, probability });
      }
      return opinions;
    };
    let end = sure.length;
    while (end < matches.length && matches[end]!.probability >= levels.ask) end++;
    return { sure: open(0, sure.length), ask: open(sure.length, end) };
  }

  /** Matches of all faces that the user has not named, also of those that Kith has named. */
  #matches(levels: Levels): Found {
    if (!this.#loaded) throw new Error('Expected the faces to be prepared before anybody is matched');
    const { matcher, names } = this.#loaded;
    const matches = matcher.update(names.read());
    return { matches, sure: sureOf(matches, levels.sure) };
  }

  /**
   * Loads the faces with their neighbours, where they are not loaded as they are now. To be awaited before any matching.
   */
  async prepare(): Promise<void> {
    this.#isNeeded = true;
    await this.#prepare();
  }

  async #prepare(): Promise<void> {
    if (this.isStopped) throw new KithError('cancelled', 'grouping');
    // What is being loaded may have changed since loading began, or was given up. Then it is loaded once more.
    await this.#preparing?.catch((error: unknown) => {
      if (!this.#ahead.signal.aborted) throw error;
    });
    if (this.isReady && this.#loaded!.state.added === this.#library.revisions.matching().added) return;
    if (this.#preparing === null) {
      this.#begun = performance.now();
      this.#ahead = new AbortController();
      this.#preparing = this.#load().finally(() => {
        this.#preparing = null;
        this.#isNeeded = false;
      });
    }
    await this.#preparing;
  }

  /** Gives up what is being loaded ahead of need, where nobody needs it yet: it costs as much as what is about to change it. */
  leaveAhead(): void {
    if (this.#preparing !== null && !this.#isNeeded) this.#ahead.abort();
  }

  /** How long loading has taken so far, in milliseconds; 0 where nothing is being loaded. */
  get reading(): number {
    return this.#preparing === null ? 0 : performance.now() - this.#begun;
  }

  /** Begins to load the faces ahead of need. Few are awaited; many take seconds, for which nobody should wait. */
  async prepareAhead(): Promise<void> {
    const prepared = this.#prepare();
    if (this.#isSmall()) await prepared;
    // The next caller that needs the faces loads them again, and gets the error.
    else prepared.catch(passedOver('read-ahead'));
  }

  /**
   * Whether all faces are loaded within a moment. Where the user says that a face is none, only a small library is loaded
   * again at once; a large one goes on with the face until the next time, since one face changes next to nothing.
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
          AbortSignal.any([this.#stop.signal, this.#ahead.signal]),
        );
    const matcher = new Matcher(match, calibration, LEAST);
    const names = new KnownNames(library, faceIds, match.faces.quality, calibration.founder);
    this.#loaded = {
      state,
      faceIds,
      matcher,
      names,
      calibration,
      suggestions: new ClusterSuggestions(match, calibration),
      near: new NearQuestions(match, calibration),
    };
  }
}
