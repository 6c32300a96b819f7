import type { UnitBox } from '../../electron/contract/geometry.ts';
import type { FaceId, PersonId, PhotoId } from '../../electron/contract/ids.ts';
import { nameKey } from '../../electron/contract/name-key.ts';
import type { FaceCard } from '../../electron/contract/people.ts';
import type { PhotoDetail } from '../../electron/contract/screens.ts';
import type { Shot } from '../../electron/contract/vision.ts';
import { ask } from '../bridge.ts';
import { type Refused, worthSaying } from '../refused.ts';
import { outcomes } from './outcomes.svelte.ts';
import { go, route, to } from './route.svelte.ts';
import { searching } from './search.svelte.ts';
import { type Beside, besideIn, type Within, withinOf } from './within.ts';

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
  /** Somebody is to be added who has no face on it. */
  adding = $state(false);
  readonly face = $derived(this.detail?.faces.find(({ id }) => id === this.open) ?? null);

  /** Where next and previous stay; null: all photos. */
  readonly within: Within | null;
  /** Its place there; null as long as it is not known. */
  beside = $state.raw<Beside | null>(null);

  /** @param query what the address says beside the photo's number */
  constructor(id: PhotoId, query = new URLSearchParams()) {
    this.id = id;
    this.within = withinOf(query);
  }

  async refresh(): Promise<void> {
    try {
      const [detail, found, beside] = await Promise.all([
        ask('photos.get', { id: this.id }),
        this.#beside(),
        this.within && besideIn(this.within, this.id),
      ]);
      this.detail = { ...detail, ...found };
      this.beside = beside;
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
    if (beside.previous !== null || beside.next !== null) return beside;
    // The only photo that is found has no neighbours; one that the search no longer finds has those by date.
    const { items } = await ask('search.photos', { query, limit: 1 });
    return items[0]?.id === this.id ? beside : null;
  }

  async readShot(): Promise<void> {
    // Where the file has gone, that is said in the photo's place.
    this.shot ??= await ask('photos.shot', { id: this.id }).catch(() => null);
  }

  /** The photo beside it: by date, or among those that it was opened from. */
  at(way: 'previous' | 'next'): PhotoId | null {
    return (this.within ? this.beside : this.detail)?.[way] ?? null;
  }

  turn(way: 'previous' | 'next'): void {
    const other = this.at(way);
    if (other) go(this.addressOf(other), { replace: true });
  }

  /** Another photo, among the same. */
  addressOf(other: PhotoId): string {
    const found = route.now.query.get('q');
    return found === null ? to.photo(other, null, this.within ?? undefined) : to.found(other, found);
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

  /** Adds somebody of whom no face can be seen. @returns whether it was done */
  async add(name: string): Promise<boolean> {
    const hasFace = this.detail?.faces.some(
      ({ status, person }) =>
        (status === 'confirmed' || status === 'sure') && nameKey(person!.name) === nameKey(name),
    );
    const done = await outcomes.try(
      () => ask('photos.putPerson', { id: this.id, name }),
      hasFace ? 'photo.has-face' : 'photo.is-there',
    );
    if (done === null) return false;
    outcomes.did(done.entry, 'did.added-person', { name: done.person.name });
    await this.refresh();
    return true;
  }

  /** Takes somebody off who was added. */
  async takeOff({ id: person, name }: { id: PersonId; name: string }): Promise<void> {
    const done = await outcomes.try(() => ask('photos.takePerson', { id: this.id, person }));
    if (done === null) return;
    outcomes.did(done.entry, 'did.took-person', { name });
    await this.refresh();
  }

  /** Whether one person may be on it more than once. */
  async setSeveral(several: boolean): Promise<void> {
    const done = await outcomes.try(() => ask('photos.several', { id: this.id, several }));
    if (done !== null) outcomes.did(done.entry, several ? 'did.several' : 'did.single');
  }
}
