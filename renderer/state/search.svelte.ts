import type { AlbumCard, Query, Vocabulary } from '../../electron/contract/search.ts';
import { ask } from '../bridge.ts';
import { parse } from '../search/parse.ts';
import { write } from '../search/write.ts';
import { versionOf } from './changes.svelte.ts';
import { outcomes } from './outcomes.svelte.ts';
import { go, route, to } from './route.svelte.ts';

/** Clauses of a query that the service takes. */
const MOST = 20;

const NOTHING: Vocabulary = { people: [], areRelated: false, folders: [], cameras: [], years: null };

/** What is searched for. The address alone says it, so that it survives a reload, and Back leads to what was before. */
class Searching {
  /** Names that a search may hold; null until somebody searches. */
  #known = $state.raw<Vocabulary | null>(null);
  #isWanted = $state(false);
  albums = $state.raw<AlbumCard[]>([]);
  /** The search as the address has it; null: the address has none. */
  readonly #typed = $derived(route.now.query.get('q'));
  /** The search of the screen; null until it can be read. */
  readonly query = $derived<Query | null>(
    this.#typed === null
      ? []
      : this.#known === null
        ? null
        : parse(this.#typed, this.#known)
            .slice(0, MOST)
            .map(({ not, any }) => ({ not, any: any.slice(0, MOST) })),
  );
  /** The album that was saved of this very search. */
  readonly album = $derived(
    this.albums.find(({ query }) => query.length > 0 && JSON.stringify(query) === JSON.stringify(this.query)),
  );

  get vocabulary(): Vocabulary {
    return this.#known ?? NOTHING;
  }

  /** Whether it is known what can be searched for. */
  get isReady(): boolean {
    return this.#known !== null;
  }

  /** Learns what can be searched for; from then on it is kept up to date. */
  want(): void {
    this.#isWanted = true;
  }

  /** Keeps names and albums up to date; to be called in an effect's place, once. */
  start(): void {
    $effect(() => {
      if (this.#typed !== null) this.want();
    });
    $effect(() => {
      if (!this.#isWanted) return;
      versionOf('people', 'folders', 'photos');
      void ask('search.vocabulary', {}).then(
        (known) => {
          this.#known = known;
        },
        (error) => outcomes.fail(error),
      );
    });
    $effect(() => {
      if (!this.#isWanted) return;
      versionOf('journal', 'photos', 'people', 'faces');
      void ask('albums.list', {}).then(
        (albums) => {
          this.albums = albums;
        },
        () => {},
      );
    });
  }

  /** Searches for this. */
  show(query: Query): void {
    const address = this.addressOf(query.slice(0, MOST));
    if (address === to.search(this.#typed ?? undefined) && route.now.screen === 'search') return;
    go(address);
    // `hashchange` comes later; the next letter must already build on the new search.
    route.look();
  }

  /** The search of the screen, once it can be read. */
  async wait(): Promise<Query> {
    this.want();
    if (this.#known === null) this.#known = await ask('search.vocabulary', {});
    return this.query ?? [];
  }

  addressOf(query: Query): string {
    return to.search(query.length === 0 ? undefined : this.textOf(query));
  }

  /** A search as the address has it. */
  textOf(query: Query): string {
    return write(query, this.vocabulary);
  }

  /** Saves the search of the screen. @returns whether that was done */
  async save(name: string): Promise<boolean> {
    const { query } = this;
    if (query === null || query.length === 0) return false;
    const done = await outcomes.try(() => ask('albums.save', { name, query }));
    if (done) outcomes.did(done.entry, 'journal.album', { name });
    return done !== null;
  }

  async rename(album: AlbumCard, name: string): Promise<boolean> {
    if (name === album.name) return true;
    const done = await outcomes.try(() => ask('albums.rename', { album: album.id, name }));
    if (done) outcomes.did(done.entry, 'did.album-renamed', { name });
    return done !== null;
  }

  /** The photos stay. */
  async remove({ id, name }: AlbumCard): Promise<void> {
    const done = await outcomes.try(() => ask('albums.remove', { album: id }));
    if (done) outcomes.did(done.entry, 'did.album-removed', { name });
  }
}

export const searching = new Searching();
