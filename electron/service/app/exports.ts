import { dirname, join } from 'node:path';
import { KithError } from '../../contract/errors.ts';
import { writePhotos } from '../../export/photos.ts';
import { answered, writablePlace } from '../../export/place.ts';
import { writeRecord } from '../../export/record.ts';
import type { Library } from '../../library/open.ts';
import { requireOutside } from '../within.ts';
import type { Engine } from './engine.ts';
import { writeFaces } from './export-crops.ts';
import { facesToWrite } from './export-list.ts';
import { photosToWrite } from './export-photos.ts';
import { photosToHide, writeHidden } from './export-private.ts';
import { exportProgress } from './export-progress.ts';
import { recordRows } from './export-record.ts';
import type { Handlers } from './handlers.ts';
import type { State } from './state.ts';

type ExportHandlers = Pick<
  Handlers,
  'export.crops' | 'export.photos' | 'export.private' | 'export.record' | 'export.cancel'
>;

/**
 * Writes crops of people and groups, each from the pixels of its photo, into a folder for each; and photos that were found
 * into one folder, as they are or with faces hidden.
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
      const { faces, left } = await reading(facesToWrite(library.file, params));
      if (faces.length + left === 0)
        throw new KithError('bad-request', 'Expected somebody to export but received nobody');
      return during(async (stop) => {
        const folder = await placeOf(
          library,
          params.folder,
          params.training ? 'Kith training' : 'Kith faces',
        );
        const signal = AbortSignal.any([stop, asked.signal]);
        return { ...(await writeFaces({ engine, state, library, faces, folder, params, signal })), left };
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

    'export.private': async (params, asked) => {
      const library = state.library();
      const photos = await reading(photosToHide(library.file, params));
      if (photos.length === 0)
        throw new KithError('bad-request', 'Expected photos to export but the search finds none');
      return during(async (stop) => {
        const folder = await placeOf(library, params.folder, 'Kith private');
        const signal = AbortSignal.any([stop, asked.signal]);
        return await writeHidden({ engine, photos, folder, signal });
      });
    },

    'export.record': async ({ format, folder: wanted }) => {
      const library = state.library();
      const rows = await reading(recordRows(library.file, format));
      const folder = await placeOf(library, wanted, 'Kith record');
      const written = await writeRecord(folder, rows, format);
      return { ...written, people: rows.people.length, faces: rows.faces.length };
    },

    'export.cancel': () => {
      for (const stop of running) stop.abort();
      return {};
    },
  };
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
