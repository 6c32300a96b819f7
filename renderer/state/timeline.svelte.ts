import type { PersonId } from '../../electron/contract/ids.ts';
import type { PhotoCard } from '../../electron/contract/screens.ts';
import type { FoundPhoto, Query } from '../../electron/contract/search.ts';
import { ask } from '../bridge.ts';
import type { Section } from '../parts/rows.ts';
import { month, t } from '../words/words.svelte.ts';
import { headingsOf, type Month } from './headings.ts';
import { Paged } from './paged.svelte.ts';

/** Photos by date, under headings where these help. */
export class Timeline {
  readonly list: Paged<PhotoCard & Partial<FoundPhoto>>;
  readonly #which: { person?: PersonId } | { query: Query };
  readonly #finest: 'month' | 'year';
  #months = $state.raw<Month[]>([]);
  /** Whether it is known under which headings the photos fall. */
  ready = $state(false);
  /** Photos beside each other. */
  columns = $state(1);
  /** Undefined: the photos stand without headings. */
  readonly sections = $derived(this.#sections());

  /** @param finest what headings tell apart at most */
  constructor(which: { person?: PersonId } | { query: Query }, finest: 'month' | 'year') {
    this.#which = which;
    this.#finest = finest;
    this.list = new Paged<PhotoCard & Partial<FoundPhoto>>((cursor, limit) =>
      'query' in which
        ? ask('search.photos', { ...which, cursor, limit })
        : ask('photos.list', { ...which, cursor, limit }),
    );
  }

  refresh(): void {
    this.list.refresh();
    const which = this.#which;
    const asked = 'query' in which ? ask('search.months', which) : ask('photos.months', which);
    void asked.then(
      (months) => {
        this.#months = months;
        this.ready = true;
      },
      // The list tells why.
      () => {},
    );
  }

  #sections(): Section[] | undefined {
    const by = headingsOf(this.#months, this.#finest, this.columns);
    if (by === null) return undefined;
    const sections: Section[] = [];
    for (const { month: of, photos } of this.#months) {
      const title = of === null ? t('photos.undated') : by === 'year' ? of.slice(0, 4) : month(`${of}-15`);
      const last = sections.at(-1);
      const year = of?.slice(0, 4) ?? null;
      if (last?.title === title) sections[sections.length - 1] = { title, year, count: last.count + photos };
      else sections.push({ title, year, count: photos });
    }
    return sections;
  }
}
