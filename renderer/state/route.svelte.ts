import { type PlaceName, type PlaceOfOne, placeList } from '../../electron/contract/places.ts';
import { type Within, withinText } from './within.ts';

/** Where the page is: `#/person/12?tab=check` → `{ screen: 'person', id: 12, query }`. */
export interface Route {
  screen: string;
  id: number | null;
  query: URLSearchParams;
}

function read(): Route {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [screen = '', id = ''] = path.split('/');
  return { screen, id: /^\d+$/.test(id) ? Number(id) : null, query: new URLSearchParams(query) };
}

let current = $state.raw(read());
window.addEventListener('hashchange', () => {
  current = read();
});

export const route = {
  get now(): Route {
    return current;
  },
  /** Where the page is by the browser, which tells of it a little later than it goes there. */
  look(): void {
    current = read();
  },
};

export function go(to: string, { replace = false } = {}): void {
  if (replace) {
    history.replaceState(null, '', to);
    current = read();
  } else location.hash = to;
}

/** To where one came from, or else to there. */
export function goBack(otherwise: string): void {
  if ('navigation' in window && window.navigation.canGoBack) history.back();
  else go(otherwise, { replace: true });
}

/** Addresses of all screens; of one person, group or photo by its number. */
export const to = {
  ...(Object.fromEntries(placeList.map(({ name }) => [name, (id?: number) => addressOf(name, id)])) as {
    [P in PlaceName]: P extends PlaceOfOne ? (id: number) => string : () => string;
  }),
  person: (id: number, tab?: string) => `${addressOf('person', id)}${tab ? `?tab=${tab}` : ''}`,
  /**
   * @param face one to point at
   * @param within where next and previous stay
   */
  photo: (id: number, face?: number | null, within?: Within) => {
    const query = [face ? `face=${face}` : '', withinText(within)].filter(Boolean).join('&');
    return `${addressOf('photo', id)}${query && `?${query}`}`;
  },
  /** @param text what is searched for; see search/write.ts */
  search: (text?: string) => `${addressOf('search')}${text ? `?q=${readable(text)}` : ''}`,
  /** A photo among those that were found. */
  found: (id: number, text: string) => `${addressOf('photo', id)}?q=${readable(text)}`,
  compare: (a?: number, b?: number) => `${addressOf('compare')}${a ? `?a=${a}${b ? `&b=${b}` : ''}` : ''}`,
  /** @param text what is searched for */
  exportFound: (text: string) => `${addressOf('export')}?q=${readable(text)}`,
  export: (what?: { person?: number; group?: number }) =>
    `${addressOf('export')}${what?.person ? `?person=${what.person}` : what?.group ? `?group=${what.group}` : ''}`,
};

/** Encoded no more than has to be, so that a person can read it. */
function readable(text: string): string {
  return encodeURIComponent(text)
    .replace(/%20/g, '+')
    .replace(/%2C/g, ',')
    .replace(/%3A/g, ':')
    .replace(/%2F/g, '/');
}

function addressOf(name: PlaceName, id?: number): string {
  return id === undefined ? `#/${name}` : `#/${name}/${id}`;
}
