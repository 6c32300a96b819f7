import type { Reply } from '../../electron/contract/events.ts';
import type { JournalEntry, Question } from '../../electron/contract/people.ts';
import { faults } from '../service/support/place.ts';
import { answerTo, ruleOfAnswer } from './answers.ts';
import { entryOf, History } from './history.ts';
import type { House } from './houses.ts';
import { areSaidToBeOne, isNoFace, staleSuggestions, together } from './matching.ts';
import { type Change, changed, changesBetween, isByHand, isUndoable, type Rows, tableOf } from './record.ts';
import { complaints, movedOutOfHeld, NOTHING, type Rule, ruleOf, SCANNED } from './rules.ts';
import { type Event, requestOf, type Saying, type Step } from './steps.ts';
import { untold } from './told.ts';
import { type Request, World } from './world.ts';

/** Steps between two comparisons of what Kith holds in memory with what it would work out from scratch. */
const COMPARED_EVERY = 10;

/** How long ago a stale sender has looked, in steps. */
const STALE = 4;

/** Failures that tell somebody that what they saw is not there any more, or can't be done. */
const REFUSALS = ['not-found', 'changed-meanwhile', 'bad-request', 'file-missing', 'encoder-changing'];

/** Something that one sender says. */
interface Said {
  request: Request;
  question: Question | null;
  by: number;
  /** How far the record had come when the sender looked. */
  seen: number;
}

export interface Played {
  steps: number;
  /** Requests that were refused in plain words. */
  refused: number;
}

/**
 * Plays one sequence against the real service, and looks after each step whether everything is as the rules say.
 *
 * @throws Error with the step, what was asked, and what is wrong
 */
export async function play(
  steps: readonly Step[],
  seed: number,
  house?: (folder: string) => House,
): Promise<Played> {
  const world = new World(seed, house);
  const sequence = new Sequence(world);
  try {
    await world.open();
    await sequence.begin();
    for (const [at, step] of steps.entries()) await sequence.step(step, at);
    await sequence.end();
    return { steps: steps.length, refused: sequence.refused };
  } finally {
    await world.close();
    world.remove();
  }
}

class Sequence {
  refused = 0;
  readonly #world: World;
  readonly #history = new History();
  /** The record after each step, the last ones only. */
  #past: Rows[] = [];
  /** How far the record had come after each of these. */
  #positions: number[] = [];
  /** Pairs of one photo that people put into one group. */
  #byHand = new Set<string>();
  #log: string[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  get #rows(): Rows {
    return this.#past.at(-1)!;
  }

  async begin(): Promise<void> {
    this.#past = [this.#world.record.rows()];
    this.#positions = [this.#world.position];
    await this.#event('scan', 0);
  }

  async step(step: Step, at: number): Promise<void> {
    const { kind, picks, other } = step;
    if (kind === 'together') {
      const second = { ...step, by: step.by + 1 };
      await this.#say([
        ...(await this.#sayings(other, step)),
        ...(await this.#sayings(atOnce(picks), second)),
      ]);
    } else if (isEvent(kind)) await this.#event(kind, picks[0]!);
    else await this.#say(await this.#sayings(kind, step));
    if (at % COMPARED_EVERY === COMPARED_EVERY - 1)
      this.#refuse(await staleSuggestions(this.#world, this.#rows));
  }

  async end(): Promise<void> {
    this.#refuse(await staleSuggestions(this.#world, this.#rows));
    await this.#world.close();
    this.#refuse(faults(this.#world.file).map((fault) => JSON.stringify(fault)));
  }

  async #sayings(what: Saying, { picks, isStale, by }: Step): Promise<Said[]> {
    if (what === 'answer') {
      const reply = await this.#world.ask({ name: 'review.next', params: {} }, by);
      const question = reply.ok ? (reply.result as { question: Question | null }).question : null;
      if (question === null) return [];
      const params = { question: question.id, answer: answerTo(question, picks) };
      return [{ request: { name: 'review.answer', params }, question, by, seen: this.#world.position }];
    }
    const at = isStale ? 0 : this.#past.length - 1;
    const request = requestOf(what, picks, this.#past[at]!);
    return request ? [{ request, question: null, by, seen: this.#positions[at]! }] : [];
  }

  async #say(said: readonly Said[]): Promise<void> {
    if (said.length === 0) return;
    this.#log.push(said.map(({ request }) => JSON.stringify(request)).join(' and '));
    const [before, since, position] = [this.#rows, this.#heard(), this.#world.record.position()];
    const replies = await Promise.all(
      said.map(({ request, by, seen }) => this.#world.ask(request, by, seen)),
    );
    await this.#settled();
    const changes = this.#look();
    for (const reply of replies) this.#checkFailure(reply);
    this.#checkInOrder(said, replies, before, position);
    await this.#checkTold(since, changes);
    this.#checkGroups(said.some(({ request: { name } }) => MAY_MIX.has(name)));
  }

  /**
   * Takes what was done apart by the journal, and holds each entry against the rule of its request, in the order in which
   * they were done. All together must be all that has changed.
   */
  #checkInOrder(said: readonly Said[], replies: readonly Reply[], before: Rows, position: number): void {
    const entries = replies.map((reply) => (reply.ok ? entryOf(reply.result) : null));
    let rows = before;
    for (const [entry, noted] of this.#world.record.journalSince(position)) {
      const next = changed(rows, noted);
      const at = entries.flatMap((id, i) => (id === entry ? [i] : []));
      // Done by the one and taken back by the other at once: nothing is left of it that anybody sees.
      const isLeft = at.length === 1;
      const rule = isLeft ? this.#rule(said[at[0]!]!, replies[at[0]!]!, rows) : NOTHING;
      const made = changesBetween(rows, next).filter((change) => isLeft || !isUnseen(change));
      this.#refuse(complaints(rule, made, next));
      this.#history.note(entry, noted);
      rows = next;
    }
    const others = changesBetween(rows, this.#rows).filter(
      (change) => isUndoable(change.key) && !isUnseen(change),
    );
    this.#refuse(others.map((change) => `changed without an entry: ${JSON.stringify(change)}`));
  }

  #rule({ request, question }: Said, reply: Reply, before: Rows): Rule {
    const { result } = reply as { result: unknown };
    if (request.name === 'review.answer') return ruleOfAnswer(question!, request.params.answer, before);
    if (request.name === 'journal.undo' || request.name === 'journal.redo') {
      return this.#history.ruleOfToggle((result as { entry: JournalEntry | null }).entry, before);
    }
    return ruleOf(request, result, before);
  }

  async #event(event: Event, at: number): Promise<void> {
    this.#log.push(event);
    const world = this.#world;
    const since = this.#heard();
    const encoder = world.encoder;
    const [before, position] = [this.#rows, world.record.position()];
    if (event === 'photos') at % 3 === 0 ? world.removePhoto(at) : world.addPhoto();
    else if (event === 'crash') await world.crash();
    else if (event !== 'scan') {
      await world.close();
      if (event === 'encoder') world.encoder = encoder === 'dlib' ? 'facenet-512' : 'dlib';
      if (event === 'detector') world.detector = world.detector === 'ssd' ? 'haar' : 'ssd';
      await world.open();
    }
    if (event === 'scan' || event === 'encoder' || event === 'detector') {
      const state = (await world.scan()) as { phase?: string };
      if (state.phase !== 'done') this.#refuse([`the scan ended otherwise: ${JSON.stringify(state)}`]);
      await this.#settled();
    }
    const changes = this.#look();
    for (const [entry, noted] of world.record.journalSince(position)) this.#history.note(entry, noted);
    this.#refuse(movedOutOfHeld(before, changes));
    const hands = changes.filter((change) => isUndoable(change.key) && isByHand(change));
    this.#refuse(complaints(SCANNED, hands.length > 0 ? changes : [], this.#rows));
    await this.#checkTold(since, changes);
    this.#checkGroups(false);
  }

  /** What follows from what was said is done once the faces are at hand. */
  async #settled(): Promise<void> {
    await this.#world.ask({ name: 'review.next', params: {} });
    await new Promise((resolve) => setImmediate(resolve));
  }

  #look(): Change[] {
    const rows = this.#world.record.rows();
    const changes = changesBetween(this.#rows, rows);
    this.#past = [...this.#past, rows].slice(-STALE);
    this.#positions = [...this.#positions, this.#world.position].slice(-STALE);
    return changes;
  }

  async #checkTold(since: readonly number[], changes: readonly Change[]): Promise<void> {
    await this.#world.house.told(() => untold(this.#world, since, changes).length === 0);
    this.#refuse(untold(this.#world, since, changes));
  }

  #heard(): number[] {
    return this.#world.senders.map(({ heard }) => heard.length);
  }

  #checkFailure(reply: Reply): void {
    if (reply.ok) return;
    this.refused++;
    if (!REFUSALS.includes(reply.failure.code)) this.#refuse([JSON.stringify(reply.failure)]);
  }

  /** Kith itself never puts two faces of one photo into one group. */
  #checkGroups(isByHand: boolean): void {
    const fresh = [...together(this.#rows)].filter((pair) => !this.#byHand.has(pair));
    const labels = (pair: string) =>
      pair.split(',').map((face) => JSON.stringify(this.#rows.get(`labels:${face}`)));
    const wrong = isByHand
      ? []
      : fresh.filter((pair) => !areSaidToBeOne(this.#rows, pair) && !isNoFace(this.#rows, pair));
    this.#refuse(wrong.map((pair) => `faces ${pair} are of one photo and in one group: ${labels(pair)}`));
    for (const pair of fresh) this.#byHand.add(pair);
  }

  #refuse(complaints: readonly string[]): void {
    if (complaints.length === 0) return;
    const steps = this.#log.slice(-12).map((line, i) => `${i}. ${line}`);
    throw new Error(
      `${complaints.slice(0, 10).join('\n')}\nafter ${this.#log.length} steps, the last:\n${steps.join('\n')}`,
    );
  }
}

/** Requests by which two faces of one photo may come into one group, since somebody wants it so. */
const MAY_MIX: ReadonlySet<string> = new Set([
  'groups.merge',
  'groups.move',
  'people.split',
  'photos.several',
  'journal.undo',
  'journal.redo',
  'groups.regroup',
]);

/** A face that was drawn, and that no entry shows; a name of Kith's that could not come back, and that its entry keeps. */
function isUnseen({ key, before, after }: Change): boolean {
  return before === null
    ? tableOf(key) === 'faces' && after?.withdrawn === 1
    : before.by_whom === 'sure' && after === null;
}

function isEvent(kind: Step['kind']): kind is Event {
  return ['scan', 'photos', 'crash', 'restart', 'encoder', 'detector'].includes(kind);
}

/** What a second sender says at the same moment. */
function atOnce(picks: readonly number[]): Saying {
  return (['name-group', 'confirm', 'refuse', 'merge', 'move', 'regroup', 'undo', 'answer'] as const)[
    picks[5]! % 8
  ]!;
}
