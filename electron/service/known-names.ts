import type { FaceId } from '../contract/ids.ts';
import type { LabelsByPerson } from '../grouping/matched-person.ts';
import type { Label } from '../library/labels.ts';
import type { Library } from '../library/open.ts';

/** How a face is labelled: not, by Kith, or by the user. */
const NOTHING = 0;
const SURE = 1;
const BY_HAND = 2;

/**
 * The labels of the loaded faces, in the form that matching needs. Kept in memory; only labels that changed are read
 * again.
 */
export class KnownNames {
  readonly #library: Library;
  readonly #rowOf: ReadonlyMap<FaceId, number>;
  /** 1 for a face that is good enough to be an example beside a person's other examples. */
  readonly #isGood: Uint8Array;
  /** The person of each face, −1: none; and how the face is labelled. */
  readonly #person: Int32Array;
  readonly #by: Uint8Array;
  /** State of the labels when they were last read: see `LabelChanges.take`. */
  #state: string | null = null;

  /** @param founder quality from which a face may be an example beside others */
  constructor(library: Library, faceIds: readonly FaceId[], quality: Float32Array, founder: number) {
    this.#library = library;
    this.#rowOf = new Map(faceIds.map((id, row) => [id, row]));
    this.#isGood = Uint8Array.from(quality, (value) => Number(value >= founder));
    this.#person = new Int32Array(faceIds.length).fill(-1);
    this.#by = new Uint8Array(faceIds.length);
  }

  /** The row of a face that is loaded. */
  rowOf(face: FaceId): number | undefined {
    return this.#rowOf.get(face);
  }

  /** The person whose name Kith gave a face without the user, as of the last {@link KnownNames.read}; −1: none. */
  givenBySelf(row: number): number {
    return this.#by[row] === SURE ? this.#person[row]! : -1;
  }

  /** Whether a face has a label, as of the last {@link KnownNames.read}. */
  isLabelled(row: number): boolean {
    return this.#by[row] !== NOTHING;
  }

  /** The labels as they are now. */
  read(): LabelsByPerson {
    this.#bringUp();
    const [person, by, isGood] = [this.#person, this.#by, this.#isGood];
    const people = this.#library.people.all();
    const count = 1 + people.reduce((most, { id }) => Math.max(most, id), 0);
    const [hasGood, isEnrolled] = [new Uint8Array(count), new Uint8Array(count)];
    for (let row = 0; row < by.length; row++) {
      if (by[row] === BY_HAND && isGood[row]) hasGood[person[row]!] = 1;
    }
    const labelled = new Uint8Array(by.length);
    const owner = new Int32Array(by.length).fill(-1);
    for (let row = 0; row < by.length; row++) {
      if (by[row] !== BY_HAND) continue;
      labelled[row] = 1;
      // A poor face is an example only where its person has no good one.
      if (!isGood[row] && hasGood[person[row]!]) continue;
      owner[row] = person[row]!;
      isEnrolled[person[row]!] = 1;
    }
    // Whoever has no example, such as somebody who is on photos without a face alone, is not in the gallery.
    const enrolled = people.filter(({ id }) => isEnrolled[id]);
    return {
      ...{ labelled, owner },
      keys: enrolled.map(({ id }) => id),
      births: Float64Array.from(enrolled, ({ birth }) =>
        birth === null ? Number.NaN : Date.parse(birth) / 86_400_000,
      ),
      refusals: this.#library.labels.refusals().flatMap(({ face, person: key }) => {
        const row = this.#rowOf.get(face);
        return row === undefined ? [] : [{ row, key }];
      }),
    };
  }

  #bringUp(): void {
    const { labels, labelChanges } = this.#library;
    const { state, faces: touched } = labelChanges.take(this.#state);
    this.#state = state;
    if (touched === null) {
      this.#person.fill(-1);
      this.#by.fill(NOTHING);
      for (const [face, person, by] of labels.brief()) this.#note(face, person, by);
      return;
    }
    for (const face of touched) {
      const row = this.#rowOf.get(face);
      if (row === undefined) continue;
      this.#person[row] = -1;
      this.#by[row] = NOTHING;
    }
    for (const { face, person, by } of labels.of(touched)) this.#note(face, person, by);
  }

  #note(face: FaceId, person: number | null, by: Label['by']): void {
    const row = this.#rowOf.get(face);
    if (row === undefined) return;
    this.#person[row] = person ?? -1;
    this.#by[row] = by === 'sure' ? SURE : BY_HAND;
  }
}
