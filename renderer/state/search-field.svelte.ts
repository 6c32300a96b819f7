import { untrack } from 'svelte';
import type { FaceId } from '../../electron/contract/ids.ts';
import type { PersonCard } from '../../electron/contract/people.ts';
import type { Atom, Query } from '../../electron/contract/search.ts';
import { ask } from '../bridge.ts';
import { JOINERS } from '../search/grammar.ts';
import { added, type Lead, leadOf, offersOf, relativesFor, relativesIn } from '../search/offers.ts';
import { foldName, parse } from '../search/parse.ts';
import { atomWords, queryWords } from '../search/say.ts';
import { t } from '../words/words.svelte.ts';
import { searching } from './search.svelte.ts';

/** People who are offered at once, at most. */
const PEOPLE = 5;

/** How long nobody types before what is typed is counted, in milliseconds. Chosen by hand. */
const PAUSE = 60;

/** What a text may mean, and what is searched for once it is chosen. */
export interface Choice {
  id: string;
  kind: Atom['kind'] | 'all' | 'album' | 'whose';
  words: string;
  query: Query;
  cover?: FaceId | null;
  /** Photos of an album. */
  photos?: number;
  /** What stands in the field once it is chosen, for more to be typed: `children of`. */
  text?: string;
}

/** The one field: what is typed in it, and what that may become. */
export class SearchField {
  text = $state('');
  /** The choice that Enter takes; -1: none. */
  at = $state(0);
  /** Photos that would be found by what is there and the choice that Enter takes; null: it is not known yet. */
  count = $state<number | null>(null);
  #people = $state.raw<PersonCard[]>([]);
  #round = 0;

  readonly #lead = $derived(this.#leadOf(this.text));
  /** What is searched for already. */
  readonly query = $derived(searching.query ?? []);
  readonly choices = $derived(this.#choices());
  readonly isTyped = $derived(this.text.trim() !== '');

  /** Follows what is typed; to be called in an effect's place, once. @param isOpen whether somebody is in the field */
  start(isOpen: () => boolean): void {
    // The names may arrive after something was typed: it is read again then.
    $effect(() => {
      if (searching.isReady) untrack(() => this.isTyped && this.type(this.text));
    });
    $effect(() => {
      const { rest } = this.#lead;
      const mine = ++this.#round;
      if (rest === '') {
        this.#people = [];
        return;
      }
      const related = relativesIn(rest);
      void ask('people.search', related ? { text: related.name, whose: related.is } : { text: rest }).then(
        (found) => {
          if (mine === this.#round) this.#people = found.slice(0, PEOPLE);
        },
        () => {},
      );
    });
    $effect(() => {
      const query = this.choices[this.at]?.query ?? this.query;
      if (!isOpen() || query.length === 0) {
        this.count = null;
        return;
      }
      let isOver = false;
      const timer = setTimeout(() => {
        void ask('search.photos', { query, limit: 1 }).then(
          ({ total }) => {
            if (!isOver) this.count = total;
          },
          () => {},
        );
      }, PAUSE);
      return () => {
        isOver = true;
        clearTimeout(timer);
      };
    });
  }

  /** Takes what is in the field now. A part that is followed by a comma or an "and" is complete. */
  type(text: string): void {
    this.#write(text);
    const [, before = '', joiner = '', rest = ''] =
      /^(.*[^\s,])(,\s*|\s+(?:and|und|or|oder|without|ohne)\s)(.*)$/isu.exec(text) ?? [];
    const isName = searching.vocabulary.people.some(({ name }) =>
      foldName(name).startsWith(foldName(text.trimStart())),
    );
    if (before === '' || isName || !searching.isReady) return;
    const atoms = parse(before, searching.vocabulary).flatMap(({ any }) => any);
    if (atoms.length === 0 || atoms.some(({ kind }) => kind === 'text')) return;
    this.text = before;
    const query = this.#typedQuery();
    this.#write(`${JOINERS.and.test(joiner.trimStart()) ? '' : `${joiner.trim()} `}${rest}`);
    searching.show(query);
  }

  /** Of an empty field, Enter takes nothing that is offered: those are albums. */
  #write(text: string): void {
    this.text = text;
    this.at = this.isTyped ? 0 : -1;
  }

  /** Searches for a choice too. */
  choose(choice: Choice): void {
    this.#write(choice.text ?? '');
    if (choice.text === undefined) searching.show(choice.query);
  }

  /** The next or the former choice; from the last to the first. */
  move(by: 1 | -1): void {
    const { length } = this.choices;
    if (length > 0) this.at = (Math.max(this.at, by > 0 ? -1 : 0) + by + length) % length;
  }

  removeAt(index: number): void {
    searching.show(this.query.toSpliced(index, 1));
  }

  clear(): void {
    this.#write('');
  }

  /** What is there and what is typed, as one search. */
  #typedQuery(): Query {
    const { joins, rest } = this.#lead;
    const parsed = parse(rest, searching.vocabulary);
    const [only, ...others] = parsed;
    if (only === undefined) return this.query;
    if (joins === 'and' || others.length > 0 || only.any.length > 1) {
      return [...this.query, ...parse(this.text, searching.vocabulary)];
    }
    return added(this.query, joins, only.any[0]!);
  }

  /** "ohne Namen" is one thing, and no "ohne". */
  #leadOf(text: string): Lead {
    const [clause, ...others] = parse(text, searching.vocabulary);
    const isOne = clause?.any.length === 1 && others.length === 0 && !clause.not;
    const lead = leadOf(text);
    if (lead.joins === 'not' && isOne && clause.any[0]!.kind !== 'text')
      return { joins: 'and', rest: text.trim() };
    return lead;
  }

  #choices(): Choice[] {
    const { vocabulary } = searching;
    if (!this.isTyped) return this.query.length === 0 ? this.#albums() : [];
    const { joins, rest } = this.#lead;
    const choiceOf = (atom: Atom, cover?: FaceId | null): Choice => ({
      id: JSON.stringify(atom),
      kind: atom.kind,
      words: atom.kind === 'text' ? t('atom.named', { text: atom.text }) : atomWords(atom, vocabulary),
      query: added(this.query, joins, atom),
      ...(cover === undefined ? {} : { cover }),
    });
    const parsed = parse(rest, vocabulary);
    const atoms = parsed.flatMap(({ any }) => any);
    const whole: Choice[] =
      atoms.length > 1 && atoms.some(({ kind }) => kind !== 'text')
        ? [{ id: 'all', kind: 'all', words: queryWords(parsed, vocabulary), query: this.#typedQuery() }]
        : [];
    const exact = atoms.length === 1 && atoms[0]!.kind !== 'text' ? [atoms[0]!] : [];
    const related = relativesIn(rest);
    const wanted = foldName(related?.name ?? rest);
    const people = this.#people
      // An answer to an earlier text may still stand here.
      .filter(({ name }) => foldName(name).includes(wanted))
      .map(({ id, cover }) =>
        choiceOf(
          related ? { kind: 'related', is: related.is, person: id } : { kind: 'person', person: id },
          cover,
        ),
      );
    const leads = related ? [] : relativesFor(rest, vocabulary);
    const whose = leads.map((is): Choice => {
      const words = t(`search.${is}`);
      // Behind "or" or "without", if that was typed.
      const before = this.text.trimEnd().slice(0, -rest.length);
      const text = `${before}${words} `;
      return { id: `whose ${is}`, kind: 'whose', words: `${words} …`, query: this.query, text };
    });
    const { dates, places, words } = offersOf(rest, vocabulary);
    const isExact = ({ id }: Choice) => exact.some((atom) => JSON.stringify(atom) === id);
    const text = rest.replaceAll('"', '').trim();
    const all = [
      ...whole,
      // With the face, where there is one.
      ...exact.map((atom) => people.find(isExact) ?? choiceOf(atom)),
      ...people,
      ...whose,
      ...[...dates, ...words, ...places].map((atom) => choiceOf(atom)),
      ...(text === '' ? [] : [choiceOf({ kind: 'text', text: text.slice(0, 200) })]),
    ];
    return all.filter(({ id }, index) => all.findIndex((other) => other.id === id) === index);
  }

  #albums(): Choice[] {
    return searching.albums.map(({ id, name, query, photos }) => ({
      id: `album ${id}`,
      kind: 'album',
      words: name,
      query,
      photos,
    }));
  }
}
