import type { Result } from '../../electron/contract/api.ts';
import type { EntryId, FaceId } from '../../electron/contract/ids.ts';
import type { NamingProgress, Question } from '../../electron/contract/people.ts';
import type { ReviewAnswer } from '../../electron/contract/people-requests.ts';
import { ask } from '../bridge.ts';
import { faceSource } from '../pictures.ts';
import { guide } from './guide.svelte.ts';
import { outcomes } from './outcomes.svelte.ts';

/** One question after another. An answer brings the next one along, so that nobody waits between two. */
export class Review {
  question = $state.raw<Question | null>(null);
  progress = $state.raw<NamingProgress | null>(null);
  /** How many groups and faces are too unlikely to be asked about. */
  unlikely = $state(0);
  /** Until the first question is there, and while an answer is on its way. */
  busy = $state(true);
  /** Answers given here, skipped ones not counted. */
  answered = $state(0);
  /** What the last answer brought: names beside the one that was asked about. */
  brought = $state(0);
  /** What each answer given here is undone by, the last at the end; a skipped question left nothing to undo. */
  #given: { question: Question; entry: EntryId | null }[] = [];

  async start(): Promise<void> {
    const first = await outcomes.try(() => ask('review.next', {}));
    if (first) this.#show(first);
    this.busy = false;
  }

  get canGoBack(): boolean {
    return this.#given.length > 0;
  }

  async answer(answer: ReviewAnswer): Promise<void> {
    const { question } = this;
    if (question === null || this.busy) return;
    this.busy = true;
    const answered = await outcomes.try(() => ask('review.answer', { question: question.id, answer }));
    this.busy = false;
    if (answered === null) return;
    this.#given.push({ question, entry: answered.entry });
    if (answered.entry !== null) this.answered++;
    guide.answered();
    this.brought = answered.ledger?.sure ?? 0;
    this.#show({ ...answered, question: answered.next });
  }

  /** What was left has been looked over: some of it may be settled by now. */
  countUnlikely(count: number): void {
    this.unlikely = count;
  }

  /** Takes the last answer back and asks again. */
  async back(): Promise<void> {
    const last = this.#given.at(-1);
    if (last === undefined || this.busy) return;
    this.busy = true;
    if (last.entry !== null && (await outcomes.takeBack([last.entry])) === null) {
      this.busy = false;
      return;
    }
    this.#given.pop();
    if (last.entry !== null) this.answered--;
    this.brought = 0;
    this.question = last.question;
    this.busy = false;
  }

  #show({ question, unlikely, progress }: Result<'review.next'>): void {
    this.question = question;
    this.unlikely = unlikely;
    this.progress = progress;
    if (question === null) return;
    const beside = referencesOf(question) ?? question.mates;
    for (const id of [question.face.id, ...beside]) new Image().src = faceSource(id);
  }
}

/** Faces of the person or the two people in question; null where the question names none. */
function referencesOf(question: Question): readonly FaceId[] | null {
  if (question.kind === 'is') return question.references;
  return question.kind === 'either' ? question.people.flatMap(({ references }) => references) : null;
}
