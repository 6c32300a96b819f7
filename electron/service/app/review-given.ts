import type { EntryId, PersonId } from '../../contract/ids.ts';
import { AnswersSoFar } from '../../grouping/answers-so-far.ts';
import type { Library } from '../../library/open.ts';
import type { Unit } from '../../library/questions.ts';
import { type Answer, keyOf, type Open } from './review-answer.ts';

/** How many answers count for probabilities: the last ones, since a library changes. Chosen by hand. */
const COUNTED = 100;

interface Given {
  open: Open;
  answer: Answer;
  /** The person who the unit is by the answer; null: the answer names nobody. */
  who: PersonId | null;
}

/** What the answers say that are not undone now. */
export interface AnswersNow {
  soFar: AnswersSoFar;
  /** Whether a unit was offered as this person and the user did not tick it. */
  isOverlooked: (unit: Unit, person: PersonId) => boolean;
}

/**
 * The answers that the user gave since Kith was started. They are not in the record: after a restart the questions are
 * chosen as if none had been given.
 */
export class GivenAnswers {
  readonly #journal: Library['journal'];
  readonly #given = new Map<EntryId, Given>();
  readonly #undone = new Set<EntryId>();
  #now: AnswersNow | null = null;
  #position = -1;

  constructor({ journal }: Pick<Library, 'journal'>) {
    this.#journal = journal;
  }

  /** @param entry the answer's entry in the journal; null: it changed nothing, and does not count */
  add(entry: EntryId | null, given: Given): void {
    if (entry === null) return;
    this.#given.set(entry, given);
    this.#now = null;
  }

  now(): AnswersNow {
    const position = this.#journal.position();
    if (this.#now !== null && position === this.#position) return this.#now;
    for (const entry of this.#journal.since(this.#position)) {
      if (!this.#given.has(entry)) continue;
      if (this.#journal.get(entry)?.state === 'done') this.#undone.delete(entry);
      else this.#undone.add(entry);
    }
    this.#position = position;
    const done = [...this.#given].flatMap(([entry, given]) => (this.#undone.has(entry) ? [] : [given]));
    const last = done.slice(-COUNTED);
    const overlooked = new Set(done.flatMap(overlookedIn));
    this.#now = {
      soFar: new AnswersSoFar(last.flatMap(saidOf), last.flatMap(namedOf)),
      isOverlooked: (unit, person) => overlooked.size > 0 && overlooked.has(keyOf(unit, person)),
    };
    return this.#now;
  }
}

/** What an answer says of lone faces: whether one was the person whom Kith took it for. */
function saidOf({ open: { first, people, matched }, who }: Given) {
  if (first.group !== null || matched === null) return [];
  return [{ probability: matched, isRight: who === people[0] }];
}

/**
 * What an answer says of groups that are none of the people whom Kith knows: whether the user had a name for one. "No" does not
 * say: Kith asks next who the group is.
 */
function namedOf({ open: { first, people }, answer, who }: Given) {
  if (first.group === null || answer.kind === 'no' || (who !== null && people.includes(who))) return [];
  return [{ faces: first.members.length, isNamed: who !== null }];
}

/** Keys of the units that were offered as the person and not ticked. */
function overlookedIn({ open: { also }, answer, who }: Given): string[] {
  if (who === null) return [];
  const ticked = new Set('include' in answer ? answer.include : []);
  return also.filter(({ face }) => !ticked.has(face)).map((unit) => keyOf(unit, who));
}
