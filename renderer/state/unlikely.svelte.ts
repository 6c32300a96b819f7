import { SvelteSet } from 'svelte/reactivity';
import { LONGEST_LIST } from '../../electron/contract/figures.ts';
import type { FaceId, PersonId } from '../../electron/contract/ids.ts';
import type { Unlikely } from '../../electron/contract/people.ts';
import { ask } from '../bridge.ts';
import { versionOf } from './changes.svelte.ts';
import { onFaces } from './on-faces.ts';
import { outcomes } from './outcomes.svelte.ts';

/** What is too unlikely to be asked about, by person; and what of it the user ticked. */
export class UnlikelyFaces {
  people = $state.raw<readonly Unlikely[] | null>(null);
  /** Units by their face. */
  readonly #ticked = new SvelteSet<FaceId>();

  readonly #onload: (count: number) => void;

  /**
   * Reads it, and again whenever a face has changed. To be called while a component starts.
   *
   * @param onload told how many there are
   */
  constructor(onload: (count: number) => void) {
    this.#onload = onload;
    $effect(() => {
      versionOf('faces', 'people', 'groups');
      void this.#load();
    });
  }

  async #load(): Promise<void> {
    const people = await outcomes.try(() => ask('review.unlikely', {}));
    if (people === null) return;
    this.people = people;
    const count = people.reduce((sum, { units }) => sum + units.length, 0);
    // Of very many only the likeliest are told.
    if (count < LONGEST_LIST) this.#onload(count);
  }

  has(face: FaceId): boolean {
    return this.#ticked.has(face);
  }

  tick(face: FaceId): void {
    if (!this.#ticked.delete(face)) this.#ticked.add(face);
  }

  /** Faces of a person that are ticked, those of groups included. */
  tickedOf(person: PersonId): FaceId[] {
    const units = this.people?.find((of) => of.person.id === person)?.units ?? [];
    return units.filter(({ face }) => this.#ticked.has(face.id)).flatMap(({ faces }) => faces);
  }

  /** What is ticked is that person; nothing is said of the rest. */
  async confirm(person: Unlikely['person']): Promise<void> {
    const faces = this.tickedOf(person.id);
    if (faces.length === 0 || !(await onFaces.confirm(faces, person))) return;
    for (const face of faces) this.#ticked.delete(face);
    await this.#load();
  }
}
