import { UnreadablePhoto } from '../../contract/errors.ts';
import { BackgroundWork } from './background.ts';
import type { Engine } from './engine.ts';

/** Photos that are listed at once. Chosen by hand: the list takes a millisecond. */
const PIECE = 200;

/**
 * Notes which camera took the photos of older libraries: a scan does so for those that it opens, and leaves alone what has
 * not changed. Runs in the background after each scan, one photo at a time, and never twice for a photo that can be read.
 */
export function notingCameras(engine: Engine): BackgroundWork {
  return new BackgroundWork(engine, 'cameras', (signal) => noteCameras(engine, signal));
}

async function noteCameras(engine: Engine, signal: AbortSignal): Promise<void> {
  const { library } = engine;
  const lease = engine.lease(engine.by);
  let isAnyNew = false;
  try {
    let last = 0;
    for (;;) {
      const photos = library.photos.withoutCamera(last, PIECE);
      for (const photo of photos) {
        if (signal.aborted) return;
        const { files } = library.cards.photos.get(photo);
        const camera = await cameraOf(files, (path) => lease.pool().shot(path));
        if (signal.aborted || engine.library !== library) return;
        if (camera !== undefined) library.photos.setCamera(photo, camera);
        isAnyNew ||= camera != null;
        last = photo;
      }
      if (photos.length === 0) return;
    }
  } finally {
    await lease.release();
    if (isAnyNew) engine.tell({ kind: 'changed', what: ['photos'] });
  }
}

/** Null where the file names none; undefined where no file can be read now. */
async function cameraOf(
  files: readonly string[],
  read: (path: string) => Promise<{ camera: string | null }>,
): Promise<string | null | undefined> {
  for (const path of files) {
    try {
      return (await read(path)).camera;
    } catch (error) {
      if (!(error instanceof UnreadablePhoto)) throw error;
    }
  }
  return undefined;
}
