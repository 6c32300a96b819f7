import { KithError, UnreadablePhoto } from '../../contract/errors.ts';
import type { PersonId, PhotoId } from '../../contract/ids.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handlers.ts';
import { pageOf } from './paging.ts';
import type { State } from './state.ts';

type FaceHandlers = Pick<
  Handlers,
  | 'faces.get'
  | 'faces.mark'
  | 'faces.aside'
  | 'faces.confirm'
  | 'faces.refuse'
  | 'faces.draw'
  | 'photos.list'
  | 'photos.months'
  | 'photos.get'
  | 'photos.beside'
  | 'photos.find'
  | 'photos.shot'
  | 'photos.unreadable'
  | 'photos.several'
  | 'photos.putPerson'
  | 'photos.takePerson'
>;

/** Requests about single faces and photos. */
export function faceRequests(engine: Engine, state: State): FaceHandlers {
  const { library } = state;

  /** @throws KithError file-missing where no file holds the photo any more */
  async function inAnyFile<T>(
    photo: PhotoId,
    look: (file: { path: string; hash: string }) => Promise<T>,
  ): Promise<T> {
    const { files, hash } = library().cards.photos.get(photo);
    for (const path of files) {
      try {
        return await look({ path, hash });
      } catch (error) {
        if (!(error instanceof UnreadablePhoto)) throw error;
      }
    }
    throw new KithError('file-missing', files[0] ?? `photo ${photo}`);
  }

  /** @throws KithError bad-request where the person is on the photo already */
  function requireAbsent(photo: PhotoId, { id, name }: { id: PersonId; name: string }): void {
    const face = library().presences.faceOf(photo, id);
    const isThere = face !== null || library().presences.has(photo, id);
    if (!isThere) return;
    const how = face === null ? 'was put there already' : `is there by face ${face}`;
    throw new KithError('bad-request', `Expected somebody who is not on photo ${photo} but ${name} ${how}`);
  }

  return {
    'faces.get': ({ ids }) => library().cards.faces.get(ids),

    'faces.aside': ({ as, cursor, limit }) =>
      pageOf(cursor, limit, (from) => library().cards.faces.marked(as, from, limit)),

    'faces.mark': async ({ faces, as }) => {
      library().require.faces(faces);
      const done = state.performAndRefresh(
        { action: as === 'nothing' ? 'unmark' : as, detail: { faces: faces.length } },
        (entry) => {
          if (as === 'nothing') library().labels.clear(faces);
          else library().labels.put(faces, { verdict: as, person: null, by: 'hand' }, entry);
        },
      );
      await state.bringUp();
      return done;
    },

    'faces.confirm': ({ faces, person }) => {
      library().require.faces(faces);
      const { name } = library().people.get(person);
      const { entry } = state.perform(
        { action: 'confirm', detail: { name, faces: faces.length } },
        (entry) => {
          library().labels.give(person, faces, [], entry);
          state.spread(entry);
        },
      );
      return { ledger: state.ledger(entry, person, faces.length) };
    },

    'faces.refuse': ({ faces, person }) => {
      library().require.faces(faces);
      const { name } = library().people.get(person);
      return state.performAndRefresh({ action: 'refuse', detail: { name, faces: faces.length } }, () =>
        library().labels.refuse(faces, person),
      );
    },

    'faces.draw': async ({ photo, box }) => {
      const found = await inAnyFile(photo, (file) => engine.pool().draw({ ...file, box }));
      const by = { detector: engine.by.detector, encoder: library().groups.encoder() ?? engine.by.encoder };
      if (by.encoder !== engine.by.encoder) {
        throw new KithError('encoder-changing', by.encoder);
      }
      const face = library().faces.addDrawn(photo, found, by);
      const { entry } = state.perform({ action: 'draw', detail: {} }, () => library().faces.show(face));
      await state.refreshFaces();
      return { entry: entry!, face: library().cards.faces.get([face])[0]! };
    },

    'photos.list': ({ cursor, limit, folder, person }) =>
      pageOf(cursor, limit, (from) => library().cards.photos.list({ folder, person }, from, limit)),

    'photos.months': (which) => library().cards.photos.months(which),

    'photos.get': ({ id }) => {
      const photo = library().cards.photos.get(id);
      const { takenAt, width, height, bytes, files, several } = photo;
      const name = files[0]?.split(/[\\/]/).at(-1) ?? '';
      const faces = library().cards.faces.ofPhoto(id);
      const neighbours = library().cards.beside.ofAll(photo);
      const withoutFace = library().presences.ofPhoto(id);
      return { id, takenAt, width, height, bytes, files, several, name, faces, withoutFace, ...neighbours };
    },

    'photos.beside': ({ id, ...which }) =>
      library().cards.beside.within(library().cards.photos.get(id), which),

    'photos.find': ({ name, bytes }) => library().cards.photos.named(name, bytes),

    'photos.shot': ({ id }) => inAnyFile(id, ({ path }) => engine.pool().shot(path)),

    'photos.unreadable': ({ cursor, limit }) =>
      pageOf(cursor, limit, (from) => library().cards.photos.unreadable(from, limit)),

    'photos.several': async ({ id, several }) => {
      library().cards.photos.get(id);
      const { entry } = state.perform({ action: several ? 'several' : 'single', detail: {} }, () =>
        library().photos.setSeveral(id, several),
      );
      engine.tell({ kind: 'changed', what: ['photos'] });
      await state.refreshFaces();
      return { entry };
    },

    'photos.putPerson': ({ id, name }) => {
      library().cards.photos.get(id);
      const known = library().people.named(name);
      if (known) requireAbsent(id, known);
      let person = known?.id;
      const { entry } = state.perform(
        { action: 'put-person', detail: { name: known?.name ?? name, photo: id } },
        () => {
          person ??= library().people.create(name);
          library().presences.put(id, person);
        },
      );
      engine.tell({ kind: 'changed', what: ['photos'] });
      return { entry, person: { id: person!, name: library().people.get(person!).name } };
    },

    'photos.takePerson': ({ id, person }) => {
      library().cards.photos.get(id);
      const { name } = library().people.get(person);
      if (!library().presences.has(id, person))
        throw new KithError('not-found', `person ${person} on photo ${id}, without a face`);
      const done = state.perform({ action: 'take-person', detail: { name, photo: id } }, () =>
        library().presences.take(id, person),
      );
      engine.tell({ kind: 'changed', what: ['photos'] });
      return done;
    },
  };
}
