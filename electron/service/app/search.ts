import type { Handlers } from './handlers.ts';
import { pageOf } from './paging.ts';
import type { State } from './state.ts';

type SearchHandlers = Pick<
  Handlers,
  | 'search.photos'
  | 'search.months'
  | 'search.beside'
  | 'search.vocabulary'
  | 'albums.list'
  | 'albums.save'
  | 'albums.rename'
  | 'albums.remove'
>;

/** Requests that search photos, and those about albums that fill themselves. */
export function searchRequests(state: State): SearchHandlers {
  const { library } = state;
  return {
    'search.photos': ({ query, cursor, limit }) =>
      pageOf(cursor, limit, (from) => library().search.list(query, from, limit)),
    'search.months': ({ query }) => library().search.months(query),
    'search.beside': ({ query, photo }) => library().search.beside(query, photo),
    'search.vocabulary': () => library().search.vocabulary(),

    'albums.list': () =>
      library()
        .albums.all()
        .map((album) => {
          const photos = library().search.ids(album.query);
          return { ...album, photos: photos.length, cover: library().search.newest(album.query) };
        }),
    'albums.save': ({ name, query }) => {
      let album = 0;
      const { entry } = state.perform({ action: 'album', detail: { name } }, () => {
        album = library().albums.create(name, query);
      });
      return { entry, album };
    },
    'albums.rename': ({ album, name }) => {
      const { name: from } = library().albums.get(album);
      return state.perform({ action: 'rename-album', detail: { from, name } }, () =>
        library().albums.rename(album, name),
      );
    },
    'albums.remove': ({ album }) => {
      const { name } = library().albums.get(album);
      return state.perform({ action: 'remove-album', detail: { name } }, () =>
        library().albums.remove(album),
      );
    },
  };
}
