import { UnreadablePhoto } from '../../contract/errors.ts';
import { passedOver } from '../../log/log.ts';
import type { Engine } from './engine.ts';

/** Photos that are listed at once. Chosen by hand: the list takes a millisecond. */
const PIECE = 200;

/**
 * Notes which camera took the photos of older libraries: a scan does so for those that it opens, and leaves alone what has
 * not changed. Runs in the background after each scan, one photo at a time, and never twice for a photo that can be read.
 */
export class Cameras {
  readonly #engine: Engine;
  #work: { stop: AbortController; done: Promise<void> } | null = null;

  constructor(engine: Engine) {
    this.#engine = engine;
    engine.onExchange(() => this.stop());
    engine.on((event) => {
      if (event.kind === 'scan' && event.state.phase === 'done') this.#begin();
    });
  }

  /** Ends it after the photo in hand. */
  async stop(): Promise<void> {
    this.#work?.stop.abort();
    await this.#work?.done;
  }

  #begin(): void {
    if (this.#work !== null) return;
    const stop = new AbortController();
    const done = this.#run(stop.signal)
      .catch(passedOver('cameras'))
      .finally(() => {
        this.#work = null;
      });
    this.#work = { stop, done };
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { library } = this.#engine;
    const lease = this.#engine.lease(this.#engine.by);
    let isAnyNew = false;
    try {
      let last = 0;
      for (;;) {
        const photos = library.photos.withoutCamera(last, PIECE);
        for (const photo of photos) {
          if (signal.aborted) return;
          const { files } = library.cards.photos.get(photo);
          const camera = await cameraOf(files, (path) => lease.pool().shot(path));
          if (signal.aborted || this.#engine.library !== library) return;
          if (camera !== undefined) library.photos.setCamera(photo, camera);
          isAnyNew ||= camera != null;
          last = photo;
        }
        if (photos.length === 0) return;
      }
    } finally {
      await lease.release();
      if (isAnyNew) this.#engine.tell({ kind: 'changed', what: ['photos'] });
    }
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
