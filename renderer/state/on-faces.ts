import type { FaceId, PersonId } from '../../electron/contract/ids.ts';
import { ask } from '../bridge.ts';
import { outcomes } from './outcomes.svelte.ts';

interface Somebody {
  id: PersonId;
  name: string;
}

/** What can be said of faces, wherever they are shown. Each tells of it, and gives whether it was done. */
export const onFaces = {
  /** "Yes, this is Anna." */
  async confirm(faces: FaceId[], person: Somebody): Promise<boolean> {
    const done = await outcomes.try(() => ask('faces.confirm', { faces, person: person.id }));
    if (done !== null) outcomes.show(done.ledger);
    return done !== null;
  },

  /** "Not Anna." */
  async refuse(faces: FaceId[], { id, name }: Somebody): Promise<boolean> {
    const done = await outcomes.try(() => ask('faces.refuse', { faces, person: id }));
    if (done !== null) outcomes.did(done.entry, 'did.refused', { count: faces.length, name });
    return done !== null;
  },

  /** Takes them away from their person, into a group of their own. */
  async split(faces: FaceId[]): Promise<boolean> {
    const done = await outcomes.try(() => ask('people.split', { faces }));
    if (done !== null) outcomes.did(done.entry, 'did.split', { count: faces.length });
    return done !== null;
  },

  /** Moves faces without a name into a group of their own. */
  async moveOut(faces: FaceId[]): Promise<boolean> {
    const done = await outcomes.try(() => ask('groups.move', { faces, to: null }));
    if (done !== null) outcomes.did(done.entry, 'did.split', { count: faces.length });
    return done !== null;
  },

  async mark(faces: FaceId[], as: 'ignored' | 'not-a-face' | 'nothing'): Promise<boolean> {
    const done = await outcomes.try(() => ask('faces.mark', { faces, as }));
    if (done === null) return false;
    const word = {
      ignored: 'did.ignored-faces',
      'not-a-face': 'did.not-a-face',
      nothing: 'did.unmarked',
    } as const;
    outcomes.did(done.entry, word[as], { count: faces.length });
    return true;
  },
};
