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

/** Addresses of all screens. */
export const to = {
  welcome: () => '#/welcome',
  people: () => '#/people',
  person: (id: number, tab?: string) => `#/person/${id}${tab ? `?tab=${tab}` : ''}`,
  group: (id: number) => `#/group/${id}`,
  photos: () => '#/photos',
  /** @param face one to point at */
  photo: (id: number, face?: number) => `#/photo/${id}${face ? `?face=${face}` : ''}`,
  review: () => '#/review',
  compare: (a?: number, b?: number) => `#/compare${a ? `?a=${a}${b ? `&b=${b}` : ''}` : ''}`,
  export: (what?: { person?: number; group?: number }) =>
    `#/export${what?.person ? `?person=${what.person}` : what?.group ? `?group=${what.group}` : ''}`,
  settings: () => '#/settings',
  history: () => '#/history',
  unreadable: () => '#/unreadable',
};
