import type { EntryId, PersonId } from '../../contract/ids.ts';
import { AnswersSoFar } from '../../grouping/answers-so-far.ts';
import type { Library } from '../../library/open.ts';
import type { Open } from './review-answer.ts';

/** How many answers count: the last ones, since a library changes. Chosen by hand. */
const COUNTED = 100;

interface Given {
  entry: EntryId;
  open: Open;
  who: PersonId | null;
}

/** The answers that were given since Kith was started, without those that were undone. */
export class GivenAnswers {
  readonly #library: () => Library;
  #given: Given[] = [];
  #soFar: AnswersSoFar | null = null;
  #position = -1;

  constructor(library: () => Library) {
    this.#library = library;
  }

  /** @param who the person who the unit was said to be; null: nobody who has a name */
  add(entry: EntryId | null, open: Open, who: PersonId | null): void {
    if (entry === null) return;
    this.#given = [...this.#given, { entry, open, who }].slice(-COUNTED);
    this.#soFar = null;
  }

  soFar(): AnswersSoFar {
    const { journal } = this.#library();
    const position = journal.position();
    if (this.#soFar === null || position !== this.#position) {
      const done = this.#given.filter(({ entry }) => journal.get(entry)?.state === 'done');
      this.#soFar = new AnswersSoFar(done.flatMap(saidOf), done.flatMap(namedOf));
      this.#position = position;
    }
    return this.#soFar;
  }
}

/** What an answer says of lone faces: whether one was the person whom Kith took it for. */
function saidOf({ open: { first, people, matched }, who }: Given) {
  if (first.group !== null || matched === null) return [];
  return [{ probability: matched, isRight: who === people[0] }];
}

/** What an answer says of groups of nobody whom Kith knows: whether the user had a name for one. */
function namedOf({ open: { first, people }, who }: Given) {
  if (first.group === null || (who !== null && people.includes(who))) return [];
  return [{ faces: first.members.length, isNamed: who !== null }];
}
