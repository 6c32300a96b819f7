import type { Calibration } from '../contract/calibration.ts';
import type { EncoderKey, EntryId, FaceId, PersonId } from '../contract/ids.ts';
import type { Ledger } from '../contract/people.ts';
import { type Candidate, sureOf } from '../grouping/belief.ts';
import { match, type Said } from '../grouping/match.ts';
import { plainProduct } from '../grouping/product.ts';
import type { Library } from '../library/open.ts';
import { type Survey, type SurveyTask, surveyFaces } from './survey.ts';
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

/**
 * What Kith makes of the names that people gave: who is sure, and who is to be asked. Faces and what lies around them
 * are held in memory, as they are at one state of the record: {@link Naming.prepare} reads them.
 */
export class Naming {
  readonly #library: Library;
  readonly #encoder: EncoderKey;
  readonly #calibration: Calibration;
  #held: Survey | null = null;
  #preparing: Promise<void> | null = null;

  constructor(library: Library, encoder: EncoderKey, calibration: Calibration) {
    this.#library = library;
    this.#encoder = encoder;
    this.#calibration = calibration;
  }

  /**
   * Matches everybody, names those who are sure, and notes whom to ask about. To be called within a deed of the
   * journal, so that undoing it takes these names back with it.
   *
   * @returns everybody who was named now
   */
  spread(levels: Levels, entry: EntryId): Opinion[] {
    const { sure, ask } = this.#opinions(levels);
    this.#library.labels.putSure(sure, entry);
    this.#library.labels.suggest(ask);
    return sure;
  }

  /** Notes anew whom to ask about; names nobody. For after an undo, a refusal, another level. */
  refresh(levels: Levels): void {
    const { sure, ask } = this.#opinions(levels);
    // Who would be sure is a question all the same, until something is said that lets Kith name them.
    this.#library.labels.suggest([...sure, ...ask]);
  }

  /** Reads the faces anew next time: something else than their names has changed. */
  forget(): void {
    this.#held = null;
  }

  /** What an entry of the journal brought, in numbers. */
  ledger(entry: EntryId, person: PersonId, examples: number): Ledger {
    const { labels, people, cards } = this.#library;
    const named = labels.all().filter((label) => label.by === 'sure' && label.person === person);
    const { name } = people.get(person);
    const card = cards.people.person(person)!;
    return {
      entry,
      person: { id: person, name },
      examples,
      sure: named.length,
      photos: card.photos,
      ask: card.ask,
      left: cards.photos.counts().unnamed,
    };
  }

  #opinions(levels: Levels): { sure: Opinion[]; ask: Opinion[] } {
    if (!this.#held) throw new Error('Expected the faces to be prepared before anybody is matched');
    const { faceIds, faces, around, calibration } = this.#held;
    const people = this.#library.people.all();
    const number = new Map(people.map(({ id }, at) => [id, at]));
    const opinion = ({ row, person, probability }: Candidate): Opinion => ({
      face: faceIds[row]!,
      person: people[person]!.id,
      probability,
    });
    const candidates = match(faces, around, this.#said(this.#held, number), calibration);
    const named = new Map(this.#library.labels.all().map((label) => [label.face, label]));
    const sure = sureOf(candidates, levels.sure);
    const rest = candidates.slice(sure.length);
    return {
      sure: sure.map(opinion).filter(({ face }) => !named.has(face)),
      // What was named before stays so until a hand says otherwise.
      ask: rest.map(opinion).filter(({ face, probability }) => probability >= levels.ask && !named.has(face)),
    };
  }

  #said(
    { faceIds, faces, days, several, calibration: { founder } }: Survey,
    number: ReadonlyMap<PersonId, number>,
  ): Said {
    const rowOf = new Map(faceIds.map((id, row) => [id, row]));
    const settled = new Uint8Array(faceIds.length);
    const examples: { row: number; person: number }[] = [];
    const known = this.#library.labels.all();
    const good = new Set<PersonId>();
    for (const { face, person, by } of known) {
      const row = rowOf.get(face);
      if (row === undefined || by === 'sure') continue;
      settled[row] = 1;
      if (person !== null && faces.quality[row]! >= founder) good.add(person);
    }
    for (const { face, person, by } of known) {
      const row = rowOf.get(face);
      if (row === undefined || by === 'sure' || person === null) continue;
      // A poor face stands for somebody only where there is no better one.
      if (good.has(person) && faces.quality[row]! < founder) continue;
      examples.push({ row, person: number.get(person)! });
    }
    const births = Float64Array.from(this.#library.people.all(), ({ birth }) =>
      birth === null ? Number.NaN : Date.parse(birth) / 86_400_000,
    );
    const refusals = this.#library.labels.refusals().flatMap(({ face, person }) => {
      const row = rowOf.get(face);
      return row === undefined ? [] : [{ row, person: number.get(person)! }];
    });
    return { people: number.size, examples, refusals, settled, births, days, several };
  }

  /**
   * Reads the faces, and finds what lies around each, where that has not been done since the record has changed. To be
   * awaited before anything that matches.
   */
  async prepare(): Promise<void> {
    if (this.#held?.state === this.#library.groups.state()) return;
    this.#preparing ??= this.#survey().finally(() => {
      this.#preparing = null;
    });
    await this.#preparing;
  }

  async #survey(): Promise<void> {
    const task: SurveyTask = { encoder: this.#encoder, calibration: this.#calibration };
    const isSmall = this.#library.cards.photos.counts().faces < WORTH_A_THREAD;
    this.#held = isSmall
      ? await surveyFaces(this.#library, task, plainProduct)
      : await inThread(new URL('./survey-worker.ts', import.meta.url), { ...task, file: this.#library.file });
  }
}
