import type { FaceId } from '../../electron/contract/ids.ts';
import type { PersonCard } from '../../electron/contract/people.ts';
import { ask } from '../bridge.ts';
import { onFaces } from './on-faces.ts';
import { outcomes } from './outcomes.svelte.ts';
import { Paged } from './paged.svelte.ts';
import { FaceStacks } from './stacks.svelte.ts';

/** The longest list that one request gives. */
const MOST = 500;

/** Faces that may be somebody's, the likeliest first. What is answered goes at once, so that one can go on at once. */
export class Check {
  readonly list: FaceStacks;
  readonly #person: PersonCard['id'];
  /** Answered, and not told back yet. */
  readonly #answered = new Set<FaceId>();

  constructor(person: PersonCard['id']) {
    this.#person = person;
    const list = new Paged(async (cursor, limit) => {
      const which = { id: person, status: 'ask', stacked: true } as const;
      const { items, total } = await ask('people.faces', { ...which, cursor, limit });
      const open = items.filter(({ id }) => !this.#answered.has(id));
      return { items: open, total: total - (items.length - open.length) };
    });
    this.list = new FaceStacks(list, (face) => this.#answered.has(face));
  }

  async answer(faces: FaceId[], name: string, yes: boolean): Promise<void> {
    const news = faces.filter((face) => !this.#answered.has(face));
    if (news.length === 0) return;
    for (const face of news) this.#answered.add(face);
    this.list.drop((face) => this.#answered.has(face));
    const person = { id: this.#person, name };
    const done = await (yes ? onFaces.confirm(news, person) : onFaces.refuse(news, person));
    for (const face of news) this.#answered.delete(face);
    if (!done) this.list.refresh();
  }

  /** One answer to all of them. */
  async answerAll(name: string, yes: boolean): Promise<void> {
    const faces: FaceId[] = [];
    for (let cursor: string | null = '0'; cursor !== null; ) {
      const from: string = cursor;
      const page = await outcomes.try(() =>
        ask('people.faces', { id: this.#person, status: 'ask', cursor: from, limit: MOST }),
      );
      if (page === null) return;
      faces.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    }
    await this.answer(faces, name, yes);
  }
}
