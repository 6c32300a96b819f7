import type { Library } from '../../library/open.ts';
import type { Unit } from '../../library/questions.ts';
import { keyOf, type Open } from './review-answer.ts';
import { GivenAnswers } from './review-given.ts';

/** How many questions are remembered, so that the user can undo an answer and give another. Chosen by hand. */
const REMEMBERED = 50;

/** What is known of one library's review until Kith is stopped. */
export class ReviewMemory {
  readonly answers: GivenAnswers;
  readonly #skipped = new Set<string>();
  readonly #asked = new Map<string, Open>();

  constructor(library: Library) {
    this.answers = new GivenAnswers(library);
  }

  /** How many questions the user skipped. */
  get skips(): number {
    return this.#skipped.size;
  }

  /** The unit is asked about no more. */
  skip(unit: Unit): void {
    this.#skipped.add(keyOf(unit, null));
  }

  isSkipped(unit: Unit): boolean {
    return this.#skipped.size > 0 && this.#skipped.has(keyOf(unit, null));
  }

  /** Remembers of which faces a question is. */
  ask(id: string, open: Open): void {
    this.#asked.delete(id);
    this.#asked.set(id, open);
    if (this.#asked.size > REMEMBERED) this.#asked.delete(this.#asked.keys().next().value!);
  }

  /** The question as it was asked; null where it is not remembered. */
  asked(id: string): Open | null {
    return this.#asked.get(id) ?? null;
  }
}
