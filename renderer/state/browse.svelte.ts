import type { Result } from '../../electron/contract/api.ts';
import { ask } from '../bridge.ts';
import { Refused } from '../refused.ts';

export type BrowsedPlace = Result<'folders.browse'>;

/** How long somebody has to stop typing before the folder is looked at, in milliseconds. Chosen by hand. */
const STOPS = 180;

/** Looking around for a folder: by opening one after another, or by typing a path. What is typed is never changed. */
export class FolderBrowser {
  /** What is shown; null before the first. */
  place = $state.raw<BrowsedPlace | null>(null);
  /** What stands in the field. */
  text = $state('');
  /** Why what was typed, or opened, can't be shown. */
  problem = $state.raw<Refused | null>(null);
  /** The beginning of a name: only folders that it fits are shown. */
  #filter = $state('');
  #asked = 0;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #home: string | null = null;

  readonly entries = $derived.by(() => {
    const all = this.place?.entries ?? [];
    const begin = this.#filter.toLocaleLowerCase();
    return begin === '' ? all : all.filter(({ name }) => name.toLocaleLowerCase().startsWith(begin));
  });

  /** Begins in the home folder; above it stand the drives. */
  async start(): Promise<void> {
    const before = this.text;
    const places = await this.#browse(null);
    if (places === null) return;
    this.#home = places.entries.find(({ home }) => home)?.path ?? null;
    // Whoever has begun to type meanwhile goes on.
    if (this.text !== before) return;
    const home = this.#home === null ? places : await this.#browse(this.#home);
    if (home && this.text === before) this.#show(home);
  }

  /** Goes to a folder; null: to the places to begin with. */
  async open(path: string | null): Promise<void> {
    clearTimeout(this.#waiting);
    const place = await this.#browse(path);
    if (place) this.#show(place);
  }

  /** What was typed is looked at once nobody types on. */
  type(text: string): void {
    this.text = text;
    this.problem = null;
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => void this.look(), STOPS);
  }

  /** Shows the folder that was typed, or those that begin so. */
  async look(): Promise<void> {
    clearTimeout(this.#waiting);
    const wanted = this.path;
    if (wanted === '') {
      this.#filter = '';
      return;
    }
    const place = await this.#browse(wanted);
    if (place) {
      this.place = place;
      this.#filter = '';
      return;
    }
    // Another folder was opened meanwhile, or this one can't be shown.
    if (this.path !== wanted || this.problem?.code !== 'folder-missing') return;
    const missing = this.problem;
    const [, above, begin] = /^(.*[\\/])([^\\/]+)$/.exec(wanted) ?? [];
    if (above === undefined || begin === undefined) return;
    const around = await this.#browse(above);
    if (this.path !== wanted) return;
    if (around) {
      this.place = around;
      this.#filter = begin;
      if (this.entries.length > 0) return;
    }
    this.#filter = '';
    this.problem = missing;
  }

  /** If exactly one folder fits, opens it. @returns whether one did */
  complete(): boolean {
    const [only, ...more] = this.entries;
    if (this.#filter === '' || only === undefined || more.length > 0) return false;
    // The list may still be that of an earlier text.
    const begin = (/[^\\/]*$/.exec(this.path)?.[0] ?? '').toLocaleLowerCase();
    if (begin === '' || !only.name.toLocaleLowerCase().startsWith(begin)) return false;
    void this.open(only.path);
    return true;
  }

  /** The path that is meant by what stands in the field. */
  get path(): string {
    const typed = this.text.trim();
    return this.#home === null ? typed : typed.replace(/^~(?=$|[\\/])/, () => this.#home!);
  }

  #show(place: BrowsedPlace): void {
    this.place = place;
    this.text = place.path ?? '';
    this.#filter = '';
    this.problem = null;
  }

  /** @returns null where it can't be shown, or where something else was asked for meanwhile */
  async #browse(path: string | null): Promise<BrowsedPlace | null> {
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const place = await ask('folders.browse', { path });
      if (asked !== this.#asked) return null;
      this.problem = null;
      return place;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (asked === this.#asked) this.problem = error;
      return null;
    }
  }
}
