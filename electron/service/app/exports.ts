import { dirname, join } from 'node:path';
import { KithError, UnreadablePhoto } from '../../contract/errors.ts';
import type { FaceId } from '../../contract/ids.ts';
import { type Crop, writeCrops } from '../../export/crops.ts';
import { writePhotos } from '../../export/photos.ts';
import { answered, writablePlace } from '../../export/place.ts';
import type { Library } from '../../library/open.ts';
import { requireOutside } from '../within.ts';
import type { Engine } from './engine.ts';
import { facesToWrite, type ToWrite } from './export-list.ts';
import { photosToWrite } from './export-photos.ts';
import { exportProgress } from './export-progress.ts';
import type { Handlers } from './handlers.ts';
import type { State } from './state.ts';

type ExportHandlers = Pick<Handlers, 'export.crops' | 'export.photos' | 'export.cancel'>;

/**
 * Writes crops of people and groups, each from the pixels of its photo, into a folder for each; and photos that were found
 * into one folder.
 */
export function exportRequests(engine: Engine, state: State): ExportHandlers {
  /** The exports that run. */
  const running = new Set<AbortController>();
  /** Lists that are being read from the library's file. */
  const lists = new Set<Promise<unknown>>();
  engine.onExchange(async () => {
    await Promise.allSettled(lists);
  });

  async function reading<T>(list: Promise<T>): Promise<T> {
    lists.add(list);
    return await list.finally(() => lists.delete(list));
  }

  /** Work that `export.cancel` ends. */
  async function during<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    running.add(stop);
    try {
      return await work(stop.signal);
    } finally {
      running.delete(stop);
    }
  }

  function placeOf(library: Library, asked: string | null, name: string): Promise<string> {
    const scanned = library.cards.photos.folders().map(({ path }) => path);
    return answered(asked ?? library.file, placeFor(asked, scanned, library.file, name));
  }

  return {
    'export.crops': async (params, asked) => {
      const library = state.library();
      const faces = await reading(facesToWrite(library.file, params));
      if (faces.length === 0)
        throw new KithError('bad-request', 'Expected somebody to export but received nobody');
      return during(async (stop) => {
        const folder = await placeOf(library, params.folder, 'Kith faces');
        const signal = AbortSignal.any([stop, asked.signal]);
        return await write({ library, faces, folder, size: params.size, signal });
      });
    },

    'export.photos': async ({ query, how, folder: wanted }, asked) => {
      const library = state.library();
      const photos = await reading(photosToWrite(library.file, query));
      if (photos.length === 0)
        throw new KithError('bad-request', 'Expected photos to export but the search finds none');
      return during(async (stop) => {
        const folder = await placeOf(library, wanted, 'Kith photos');
        const signal = AbortSignal.any([stop, asked.signal]);
        const onWritten = exportProgress(engine, folder, photos.length);
        return await writePhotos(folder, photos, how, { signal, onWritten });
      });
    },

    'export.cancel': () => {
      for (const stop of running) stop.abort();
      return {};
    },
  };

  async function write(work: {
    library: Library;
    faces: ToWrite[];
    folder: string;
    size: number;
    signal: AbortSignal;
  }) {
    const { library, faces, folder, size, signal } = work;
    // The lease keeps these vision processes where the user chooses other models meanwhile.
    const vision = engine.lease(engine.by);
    const failed: string[] = [];
    const skipped: string[] = [];
    const onCut = exportProgress(engine, folder, faces.length);
    const load = (batch: ToWrite[]) =>
      batch.map(async (face) => {
        const crop = await cropOf(face);
        onCut();
        return crop;
      });
    try {
      return { ...(await writeCrops(folder, faces, load, { signal })), failed, skipped };
    } finally {
      await vision.release();
    }

    /** From the photo's own pixels; where the photo is gone, the small crop of the record; null where both are gone. */
    async function cropOf({ id, recorded, region, photo }: ToWrite): Promise<Crop | null> {
      for (const path of recorded.files) {
        if (signal.aborted) return null;
        try {
          const { jpeg, hash } = await vision.pool().show({ path, side: size, region }, { signal });
          // The file may hold another photo by now, of other people.
          if (hash === recorded.hash && isThere(id)) return { jpeg, photo: path };
        } catch (error) {
          if (signal.aborted) return null;
          if (!(error instanceof UnreadablePhoto)) throw error;
        }
      }
      failed.push(photo);
      const small = isThere(id) ? library.faces.crops([id])[0]?.jpeg : undefined;
      if (small?.length) return { jpeg: small, photo: null };
      skipped.push(photo);
      return null;
    }

    /** @throws KithError changed-meanwhile where another library has taken the place of the one that was read */
    function isThere(id: FaceId): boolean {
      if (state.library() !== library) throw new KithError('changed-meanwhile', folder);
      return library.cards.faces.get([id]).length > 0;
    }
  }
}

/**
 * Where to write: what was asked for, else a folder of this name beside the folder of photos that was added first, or the next,
 * or the library. Never inside a folder of photos.
 * @throws KithError bad-request, output-unwritable, output-among-photos
 */
async function placeFor(
  asked: string | null,
  scanned: string[],
  libraryFile: string,
  name: string,
): Promise<string> {
  if (asked !== null) {
    const place = await writablePlace(asked);
    await requireOutside(scanned, place);
    return place;
  }
  const places = [...scanned.toReversed(), libraryFile].map((path) => join(dirname(path), name));
  for (const place of places) {
    if (await isOutside(scanned, place)) return place;
  }
  throw new KithError('output-among-photos', places[0]!);
}

async function isOutside(scanned: string[], place: string): Promise<boolean> {
  return requireOutside(scanned, place).then(
    () => true,
    () => false,
  );
}
