import type { EntryId } from '../../electron/contract/ids.ts';
import type { NameAnswer, NameQuestion, OpenNames } from '../../electron/contract/names-in.ts';
import { ask } from '../bridge.ts';
import { t } from '../words/words.svelte.ts';
import { outcomes } from './outcomes.svelte.ts';

/** What was done here with a question. `entry`: what undoes the answer; null: it was skipped. */
interface Step {
  id: string;
  entry: EntryId | null;
}

/** One question after another about names in photos' metadata. What was skipped comes again with the next visit. */
export class Deciding {
  /** What is open; null until it is known. */
  open = $state.raw<OpenNames | null>(null);
  /** While an answer is on its way. */
  busy = $state(false);
  /** What the last answer did, until something else is done. */
  said = $state('');
  #steps = $state.raw<readonly Step[]>([]);
  /** The question that the user went back to. */
  #wanted = $state<string | null>(null);
  #round = 0;

  readonly #skipped = $derived(new Set(this.#steps.flatMap(({ id, entry }) => (entry === null ? [id] : []))));
  readonly #left = $derived(this.open?.questions.filter(({ id }) => !this.#skipped.has(id)) ?? []);
  readonly #answered = $derived(this.#steps.filter(({ entry }) => entry !== null).length);

  /** The question that is asked now; null: none is left. */
  readonly question = $derived<NameQuestion | null>(
    this.#left.find(({ id }) => id === this.#wanted) ?? this.#left[0] ?? null,
  );
  /** How many were skipped and are open still. */
  readonly skipped = $derived(this.open?.questions.filter(({ id }) => this.#skipped.has(id)).length ?? 0);
  readonly at = $derived(this.#answered + this.skipped + 1);
  readonly of = $derived(this.#answered + (this.open?.total ?? 0));
  readonly canGoBack = $derived(this.#steps.length > 0);

  /** Asks what is open now: answers, undo and other pages change it. */
  async refresh(): Promise<void> {
    const mine = ++this.#round;
    const open = await outcomes.try(() => ask('names.open', {}));
    if (open !== null && mine === this.#round) this.open = open;
  }

  async answer(answer: NameAnswer): Promise<void> {
    const { question } = this;
    if (question === null || this.busy) return;
    this.busy = true;
    const done = await outcomes.try(() => ask('names.settle', { question: question.id, answer }));
    if (done !== null) {
      this.#steps = [...this.#steps, { id: question.id, entry: done.entry }];
      this.#wanted = null;
      this.said = saidOf(question, answer);
    }
    await this.refresh();
    this.busy = false;
  }

  skip(): void {
    if (this.question === null || this.busy) return;
    this.#steps = [...this.#steps, { id: this.question.id, entry: null }];
    this.#wanted = null;
    this.said = '';
  }

  /** Takes back what was done last, an answer by its entry, and asks that question again. */
  async back(): Promise<void> {
    const last = this.#steps.at(-1);
    if (last === undefined || this.busy) return;
    if (last.entry !== null) {
      this.busy = true;
      const undone = await outcomes.takeBack([last.entry]);
      if (undone !== null) await this.refresh();
      this.busy = false;
      if (undone === null) return;
    }
    this.#steps = this.#steps.slice(0, -1);
    this.#wanted = last.id;
    this.said = '';
  }

  /** Asks what was skipped. */
  again(): void {
    this.#steps = this.#steps.filter(({ entry }) => entry !== null);
  }
}

/** What an answer did. It is said beside the question and in no notice: notices would lie over each other and the faces. */
function saidOf(question: NameQuestion, answer: NameAnswer): string {
  if (answer.kind === 'keep') return t('decide.kept');
  const name = answer.kind === 'name' ? answer.name : 'name' in question ? question.name : '';
  return t(answer.kind === 'none' ? 'decide.left' : 'decide.named', { name });
}
