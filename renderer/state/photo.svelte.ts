import type { UnitBox } from '../../electron/contract/geometry.ts';
import type { FaceId, PhotoId } from '../../electron/contract/ids.ts';
import type { FaceCard } from '../../electron/contract/people.ts';
import type { PhotoDetail } from '../../electron/contract/screens.ts';
import type { Shot } from '../../electron/contract/vision.ts';
import { ask } from '../bridge.ts';
import { type Refused, worthSaying } from '../refused.ts';
import { outcomes } from './outcomes.svelte.ts';
import { go, route, to } from './route.svelte.ts';
import { searching } from './search.svelte.ts';

/** What one likes to see beside photos; kept from one photo to the next. */
class Viewer {
  details = $state(false);
  /** Names stay, whether or not somebody points at the photo. */
  names = $state(window.matchMedia('(hover: none)').matches);
}

export const viewer = new Viewer();

/** One photo, the faces on it, and drawing one that was missed. */
export class PhotoPage {
  readonly id: PhotoId;
  detail = $state.raw<PhotoDetail | null>(null);
  refusal = $state.raw<Refused | null>(null);
  /** How it was taken; null as long as nobody asked. */
  shot = $state.raw<Shot | null>(null);
  /** The face that is talked about. */
  open = $state<FaceId | null>(null);
  /** Somebody draws a box; then Kith looks into it. */
  drawing = $state<'no' | 'draws' | 'looks'>('no');
  readonly face = $derived(this.detail?.faces.find(({ id }) => id === this.open) ?? null);

  constructor(id: PhotoId) {
    this.id = id;
  }

  async refresh(): Promise<void> {
    try {
      const detail = await ask('photos.get', { id: this.id });
      this.detail = { ...detail, ...(await this.#beside()) };
      this.refusal = null;
    } catch (error) {
      this.refusal = worthSaying(error);
    }
  }

  /** The photos beside it in the search by which it was opened; nothing where that was none. */
  async #beside(): Promise<Pick<PhotoDetail, 'previous' | 'next'> | null> {
    if (!route.now.query.has('q')) return null;
    const query = await searching.wait();
    const beside = await ask('search.beside', { query, photo: this.id });
    // It may have been found no more since: then its neighbours by date are beside it.
    return beside.previous === null && beside.next === null ? null : beside;
  }

  async readShot(): Promise<void> {
    // Where the file has gone, that is said in the photo's place.
    this.shot ??= await ask('photos.shot', { id: this.id }).catch(() => null);
  }

  /** To the photo beside it: in time, or in the search that it was opened from. */
  turn(way: 'previous' | 'next'): void {
    const other = this.detail?.[way];
    if (other) go(this.addressOf(other), { replace: true });
  }

  /** Another photo, within the same search. */
  addressOf(other: PhotoId): string {
    const within = route.now.query.get('q');
    return within === null ? to.photo(other) : to.found(other, within);
  }

  draw(): void {
    this.open = null;
    this.drawing = this.drawing === 'no' ? 'draws' : 'no';
  }

  /** Looks for a face in a box that somebody drew, and asks for its name at once. */
  async drawn(box: UnitBox): Promise<FaceCard | null> {
    this.drawing = 'looks';
    const found = await outcomes.try(() => ask('faces.draw', { photo: this.id, box }));
    if (found === null) {
      this.drawing = 'draws';
      return null;
    }
    await this.refresh();
    this.drawing = 'no';
    this.open = found.face.id;
    outcomes.did(found.entry, 'did.drawn');
    return found.face;
  }

  /** Whether one person may be on it more than once. */
  async setSeveral(several: boolean): Promise<void> {
    const done = await outcomes.try(() => ask('photos.several', { id: this.id, several }));
    if (done !== null) outcomes.did(done.entry, several ? 'did.several' : 'did.single');
  }
}
