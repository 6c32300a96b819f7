import { Worker } from 'node:worker_threads';
// For the thread below, which can't say it itself.
import '../../models/no-telemetry.ts';
import type { Calibration } from '../contract/calibration.ts';
import type { EncoderKey, EntryId, FaceId, PersonId } from '../contract/ids.ts';
import type { Ledger } from '../contract/people.ts';
import { type Candidate, sureOf } from '../grouping/belief.ts';
import { match, type Said } from '../grouping/match.ts';
import { type Faces, type Surroundings, surroundings } from '../grouping/neighbours.ts';
import type { EmbeddingTable } from '../library/faces.ts';
import type { Library } from '../library/open.ts';
import { ownCalibration } from './own-calibration.ts';

/** With fewer faces it is done sooner than a thread starts. */
const WORTH_A_THREAD = 500;

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

/** All faces, as they were read at one state of the record. */
interface Held {
  state: string;
  table: EmbeddingTable;
  faces: Faces;
  around: Surroundings;
}

/**
 * What Kith makes of the names that people gave: who is sure, and who is to be asked. Faces and what lies around them
 * are held in memory, as they are at one state of the record: {@link Naming.prepare} reads them.
 */
export class Naming {
  readonly #library: Library;
  readonly #encoder: EncoderKey;
  readonly #catalogs: Calibration;
  #calibration: Calibration;
  #held: Held | null = null;

  constructor(library: Library, encoder: EncoderKey, calibration: Calibration) {
    this.#library = library;
    this.#encoder = encoder;
    this.#catalogs = calibration;
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
    const { table, faces, around } = this.#held;
    const people = this.#library.people.all();
    const number = new Map(people.map(({ id }, at) => [id, at]));
    const opinion = ({ row, person, probability }: Candidate): Opinion => ({
      face: table.faceIds[row]!,
      person: people[person]!.id,
      probability,
    });
    const candidates = match(faces, around, this.#said(table, faces, number), this.#calibration);
    const named = new Map(this.#library.labels.all().map((label) => [label.face, label]));
    const sure = sureOf(candidates, levels.sure);
    const rest = candidates.slice(sure.length);
    return {
      sure: sure.map(opinion).filter(({ face }) => !named.has(face)),
      // What was named before stays so until a hand says otherwise.
      ask: rest.map(opinion).filter(({ face, probability }) => probability >= levels.ask && !named.has(face)),
    };
  }

  #said(table: EmbeddingTable, faces: Faces, number: ReadonlyMap<PersonId, number>): Said {
    const rowOf = new Map(table.faceIds.map((id, row) => [id, row]));
    const settled = new Uint8Array(table.faceIds.length);
    const examples: { row: number; person: number }[] = [];
    const known = this.#library.labels.all();
    const good = new Set<PersonId>();
    for (const { face, person, by } of known) {
      const row = rowOf.get(face);
      if (row === undefined || by === 'sure') continue;
      settled[row] = 1;
      if (person !== null && faces.quality[row]! >= this.#calibration.founder) good.add(person);
    }
    for (const { face, person, by } of known) {
      const row = rowOf.get(face);
      if (row === undefined || by === 'sure' || person === null) continue;
      // A poor face stands for somebody only where there is no better one.
      if (good.has(person) && faces.quality[row]! < this.#calibration.founder) continue;
      examples.push({ row, person: number.get(person)! });
    }
    const births = Float64Array.from(this.#library.people.all(), ({ birth }) =>
      birth === null ? Number.NaN : Date.parse(birth) / 86_400_000,
    );
    const refusals = this.#library.labels.refusals().flatMap(({ face, person }) => {
      const row = rowOf.get(face);
      return row === undefined ? [] : [{ row, person: number.get(person)! }];
    });
    const several = new Set([...table.several].map((id) => id as number));
    return { people: number.size, examples, refusals, settled, births, days: table.days, several };
  }

  /**
   * Reads the faces, and finds what lies around each, where that has not been done since the record has changed. To be
   * awaited before anything that matches.
   */
  async prepare(): Promise<void> {
    const state = this.#library.groups.state();
    if (this.#held?.state === state) return;
    const table = this.#library.faces.embeddings(this.#encoder);
    this.#calibration = ownCalibration(this.#library, this.#encoder, table, this.#catalogs);
    const faces: Faces = {
      vectors: table.vectors,
      size: table.size,
      photo: Int32Array.from(table.photoIds),
      group: table.groups,
      quality: table.qualities,
    };
    const around =
      faces.photo.length < WORTH_A_THREAD
        ? await surroundings(faces, this.#calibration)
        : await surroundingsApart(faces, this.#calibration);
    this.#held = { state, table, faces, around };
  }
}

/** In a thread, so that the service goes on answering; with the fast product, which blocks its thread. */
async function surroundingsApart(faces: Faces, calibration: Calibration): Promise<Surroundings> {
  const worker = new Worker(new URL('./neighbours-worker.ts', import.meta.url), {
    workerData: { faces, calibration },
  });
  try {
    return await new Promise<Surroundings>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) =>
        reject(new Error(`Expected neighbours but the thread ended with ${code}`)),
      );
    });
  } finally {
    await worker.terminate();
  }
}
