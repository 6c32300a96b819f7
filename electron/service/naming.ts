import type { Calibration } from '../contract/calibration.ts';
import type { EncoderKey, EntryId, FaceId, GroupId, PersonId } from '../contract/ids.ts';
import type { Ledger } from '../contract/people.ts';
import { shareOfNear, sureOf } from '../grouping/match-probability.ts';
import type { Match } from '../grouping/matches.ts';
import type { Library } from '../library/open.ts';
import { type Loaded, LoadedFaces } from './loaded-faces.ts';

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
 * @returns null where there is no such person
 */
export type RivalOf = (face: FaceId, person: PersonId) => Rival | null;

/** Matches of all faces that the user has not named, by falling probability. */
interface Found {
  matches: readonly Match[];
  /** The first of them, which are *sure*. */
  sure: readonly Match[];
}

/**
 * Matches faces with the people whom the user named: which faces are sure, and which Kith asks about. Faces and their
 * neighbours are held in memory, as of one state of the record: {@link LoadedFaces.prepare} loads them.
 */
export class Naming {
  readonly #library: Library;
  /** The faces, which have to be loaded before any of them is matched. */
  readonly faces: LoadedFaces;

  constructor(library: Library, encoder: EncoderKey, calibration: Calibration) {
    this.#library = library;
    this.faces = new LoadedFaces(library, encoder, calibration);
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
    const { faceIds } = this.#now;
    const now = new Map(sure.map(({ row, key }) => [faceIds[row]!, key]));
    const wrong = labels.sureOf(given).filter(({ face, person }) => now.get(face) !== person);
    labels.clear(wrong.map(({ face }) => face));
  }

  /**
   * Withdraws names that Kith gave before somebody near that person had a name, where nothing tells the two apart or the
   * face is rather the other's: it asks instead. See [Note: Two near people] in near-people.ts.
   */
  #withdrawNear({ matches, sure }: Found): void {
    const { faceIds, names, calibration } = this.#now;
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
    if (!this.faces.isReady) return [];
    const { suggestions, faceIds } = this.#now;
    return suggestions.of(group).map(({ row, probability }) => ({ face: faceIds[row]!, probability }));
  }

  /** Finds rivals, as long as no label changes; none while the faces are being loaded. */
  rivals(): RivalOf {
    if (!this.faces.isReady) return () => null;
    const { near, names } = this.#now;
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
    return this.faces.isReady ? (this.#now.near.alike() as [PersonId, PersonId][]) : null;
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
      reading: !this.faces.isReady,
    };
  }

  /** Matches of faces without a name. Kith never renames a face; only the user does. */
  #opinions(levels: Levels, { matches, sure } = this.#matches(levels)): { sure: Opinion[]; ask: Opinion[] } {
    const { faceIds, names } = this.#now;
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
    const { matcher, names } = this.#now;
    const matches = matcher.update(names.read());
    return { matches, sure: sureOf(matches, levels.sure) };
  }

  get #now(): Loaded {
    return this.faces.now();
  }
}
