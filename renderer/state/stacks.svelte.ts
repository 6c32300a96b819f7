import { SvelteSet } from 'svelte/reactivity';
import type { FaceId } from '../../electron/contract/ids.ts';
import type { FaceCard, ListedFace } from '../../electron/contract/people.ts';
import type { LongList, Paged } from './paged.svelte.ts';

/** A face as a tile shows it. */
export interface ShownFace extends Pick<FaceCard, 'id' | 'photo' | 'person'> {
  /** Faces that the tile stands for besides: none where they have tiles of their own, or where there are none. */
  versions: ListedFace['versions'];
  /** Where the face is in a stack that is open, from 1; undefined: it is in none. */
  place?: { stack: FaceId; at: number; of: number };
}

/**
 * A list of faces in which versions of one photo are one tile, a stack, until somebody opens it: then they follow each
 * other. Pages are those of the list of stacks, so that none is torn apart by the end of one.
 */
export class FaceStacks implements LongList<ShownFace> {
  readonly #list: Paged<ListedFace>;
  /** Stacks that are open, by the face that stands for each. */
  readonly #open = new SvelteSet<FaceId>();
  readonly #isGone: (face: FaceId) => boolean;

  /** The open stacks that are there: where each begins in the list of stacks, and its tiles. */
  readonly #opened = $derived.by(() => {
    if (this.#open.size === 0) return [];
    const found: { index: number; tiles: ShownFace[] }[] = [];
    for (const [index, face] of this.#list.entries())
      if (this.#open.has(face.id) && face.versions.length > 0)
        found.push({ index, tiles: this.#tilesOf(face) });
    return found.sort((a, b) => a.index - b.index);
  });

  /** @param isGone says of a face of an open stack whether it is on its way out of the list */
  constructor(list: Paged<ListedFace>, isGone: (face: FaceId) => boolean = () => false) {
    this.#list = list;
    this.#isGone = isGone;
  }

  get total(): number | null {
    const { total } = this.#list;
    return total === null ? null : this.#opened.reduce((sum, { tiles }) => sum + tiles.length - 1, total);
  }

  get refusal() {
    return this.#list.refusal;
  }

  at(index: number): ShownFace | undefined {
    let more = 0;
    for (const { index: start, tiles } of this.#opened) {
      const within = index - more - start;
      if (within < 0) break;
      if (within < tiles.length) return tiles[within];
      more += tiles.length - 1;
    }
    return this.#list.at(index - more);
  }

  slice(from: number, to: number): ShownFace[] {
    return Array.from({ length: to - from }, (_, at) => this.at(from + at)).filter(
      (face) => face !== undefined,
    );
  }

  need(first: number, last: number): void {
    // Tiles of open stacks only push the others on: what is looked at lies before their places, not after.
    const more = this.#opened.reduce((sum, { tiles }) => sum + tiles.length - 1, 0);
    this.#list.need(first - more, last);
  }

  refresh(): void {
    this.#list.refresh();
  }

  /** Leaves faces out at once, ahead of the refresh that brings the list without them. */
  drop(gone: (face: FaceId) => boolean): void {
    this.#list.drop(({ id }) => gone(id));
  }

  /** Opens the stack that a tile is of, or closes it. @returns whether it is open now */
  toggle(face: ShownFace): boolean {
    const stack = face.place?.stack ?? face.id;
    if (this.#open.delete(stack)) return false;
    this.#open.add(stack);
    return true;
  }

  /** Where the stack begins that a tile is of. */
  indexOf(face: ShownFace): number {
    let more = 0;
    for (const { index, tiles } of this.#opened) {
      if (tiles[0]!.id === face.place?.stack) return index + more;
      more += tiles.length - 1;
    }
    return -1;
  }

  /** All faces of these, which tiles stand for: what is done to a closed stack is done to all its faces. */
  whole(faces: Iterable<FaceId>): FaceId[] {
    const all = new Set(faces);
    for (const [, { id, versions }] of this.#list.entries())
      if (all.has(id) && !this.#open.has(id)) for (const version of versions) all.add(version.id);
    return [...all];
  }

  /** Whether some of these faces have no tile of their own. */
  areStacked(faces: ReadonlySet<FaceId>): boolean {
    if (faces.size < 2) return false;
    for (const [, { id, versions }] of this.#list.entries())
      if (versions.length > 0 && faces.has(id) && !this.#open.has(id)) return true;
    return false;
  }

  #tilesOf(face: ListedFace): ShownFace[] {
    const { id: stack, person, versions } = face;
    const tiles = [face, ...versions].filter(({ id }) => id === stack || !this.#isGone(id));
    return tiles.map(({ id, photo }, at) => ({
      ...{ id, photo, person, versions: [] },
      place: { stack, at: at + 1, of: tiles.length },
    }));
  }
}

/** Faces that a tile stands for, its own the first. */
export function facesOf({ id, versions }: ShownFace): FaceId[] {
  return [id, ...versions.map((version) => version.id)];
}
