import { setImmediate as turn } from 'node:timers/promises';
import type { Parsed } from '../../contract/api.ts';
import { UnreadablePhoto } from '../../contract/errors.ts';
import { iou, type UnitBox } from '../../contract/geometry.ts';
import type { PhotoId } from '../../contract/ids.ts';
import type { Query } from '../../contract/search.ts';
import { type HiddenPhoto, writePrivate } from '../../export/private.ts';
import type { Library } from '../../library/open.ts';
import { asOfNow } from './as-of-now.ts';
import type { Engine } from './engine.ts';
import { exportProgress } from './export-progress.ts';

/** A photo, and which of its faces stay as they are. */
interface ToHide extends HiddenPhoto {
  hidden: UnitBox[];
  kept: UnitBox[];
}

/** Overlap from which two boxes are of one face, as for faces that are found again (library/match-boxes.ts). */
const SAME_FACE = 0.35;

/** Photos that are read at once; other requests run in between. Chosen by hand: a few milliseconds. */
const PIECE = 50;

/**
 * Lists photos and whom to hide on each, as of one state of the record: everybody but the chosen, also faces that were set
 * aside, that are no longer shown, or that the user called no face.
 * @throws KithError `library-gone`; `not-found` where there is no such person
 */
export function photosToHide(libraryFile: string, params: Parsed<'export.private'>): Promise<ToHide[]> {
  return asOfNow(libraryFile, async (library) => {
    const photos: ToHide[] = [];
    for (const person of params.keep) library.people.get(person);
    for (const id of library.search.ids(queryOf(params))) {
      photos.push(toHide(library, id as PhotoId, params));
      if (photos.length % PIECE === 0) await turn();
    }
    return photos;
  });
}

function queryOf({ query, keep }: Parsed<'export.private'>): Query {
  if (query || keep.length === 0) return query ?? [];
  return [{ not: false, any: keep.map((person) => ({ kind: 'person' as const, person })) }];
}

function toHide(library: Library, id: PhotoId, { keep, sure }: Parsed<'export.private'>): ToHide {
  const { files, hash } = library.cards.photos.get(id);
  const chosen = new Set(keep);
  const stay = new Set(
    library.cards.faces
      .ofPhoto(id)
      .filter(({ status, person }) => {
        const isSaid = status === 'confirmed' || (sure && status === 'sure');
        return isSaid && person !== null && chosen.has(person.id);
      })
      .map((face) => face.id),
  );
  const all = library.faces.boxesOf(id);
  const kept = all.filter((face) => stay.has(face.id)).map(({ box }) => box);
  // A box that is no longer shown may be of somebody who stays: drawn by hand and taken back, say.
  const isKept = (box: UnitBox) => kept.some((one) => iou(one, box) >= SAME_FACE);
  const hidden = all.filter((face) => !stay.has(face.id) && !(face.isWithdrawn && isKept(face.box)));
  return { files, hash, hidden: hidden.map(({ box }) => box), kept };
}

/** Hides the faces in the vision processes, and writes the copies. */
export async function writeHidden(work: {
  engine: Engine;
  photos: ToHide[];
  folder: string;
  signal: AbortSignal;
}) {
  const { engine, photos, folder, signal } = work;
  const vision = engine.lease(engine.by);
  const onWritten = exportProgress(engine, folder, photos.length);
  try {
    return await writePrivate(folder, photos, hide, { signal, onWritten });
  } finally {
    await vision.release();
  }

  async function hide({ files, hash, hidden, kept }: ToHide) {
    for (const path of files) {
      try {
        return await vision.pool().hide({ path, hash, hidden, kept }, { signal });
      } catch (error) {
        if (signal.aborted) return null;
        if (!(error instanceof UnreadablePhoto)) throw error;
      }
    }
    return null;
  }
}
