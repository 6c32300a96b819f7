import { createHash } from 'node:crypto';
import { KithError, UnreadablePhoto } from '../../contract/errors.ts';
import type { FaceId, PhotoId } from '../../contract/ids.ts';
import type { Overview } from '../../contract/screens.ts';
import { THUMBNAIL_SIDE } from '../../contract/vision.ts';
import type { RecordedPhoto } from '../../library/photo-cards.ts';
import { calibrationOf } from '../encoder.ts';
import { groupLibrary } from '../group.ts';
import type { App, Picture } from './app.ts';
import { answer } from './door.ts';
import { Engine, type EngineOptions } from './engine.ts';
import { exportRequests } from './exports.ts';
import { faceRequests } from './faces.ts';
import { folderPlaces } from './folders.ts';
import { groupRequests } from './groups.ts';
import type { Handlers } from './handlers.ts';
import { learnRequests } from './learn.ts';
import { modelRequests } from './models.ts';
import { peopleRequests } from './people.ts';
import { recordRequests } from './record.ts';
import { reviewRequests } from './review.ts';
import { Scans } from './scans.ts';
import { State } from './state.ts';

/** Longest side of a photo where nobody said, in pixels. */
const SCREEN = 1600;

/** Whether everybody may be matched again by a request. What only looks never waits for the faces. */
export function changesNames(name: string): boolean {
  if (/\.(list|get|faces|alone|search|next|plan|unreadable|months|find|shot)$/.test(name)) return false;
  return name === 'name' || /^(faces|people|groups|review|journal|settings|photos)\./.test(name);
}

/**
 * Starts the application behind its one door.
 *
 * @throws KithError the errors of opening a library, and of reading the person's choice of models
 */
export async function createApp(options: EngineOptions & { shell: Overview['shell'] }): Promise<App> {
  const engine = await Engine.start(options);
  const state = new State(engine);
  const scans = new Scans(engine, {
    async group(signal) {
      const { encoder } = engine.by;
      await groupLibrary({ library: engine.library, encoder, calibration: calibrationOf(encoder), signal });
    },
    async match() {
      await state.prepare();
      if (engine.library.people.all().length === 0) return;
      const { entry } = engine.library.journal.act({ action: 'arrive', detail: {}, by: 'kith' }, (deed) =>
        state.spread(deed),
      );
      if (entry !== null) state.changed();
    },
  });
  const handlers: Handlers = {
    ...folderPlaces,
    ...modelRequests(engine),
    ...peopleRequests(state),
    ...faceRequests(engine, state),
    ...groupRequests(state),
    ...reviewRequests(state),
    ...learnRequests(engine, state),
    ...recordRequests(engine, state, options.shell),
    ...exportRequests(engine, state),
    'scan.start': ({ path }) => {
      // Sooner than after hours of scanning.
      calibrationOf(engine.by.encoder);
      return scans.start(path);
    },
    'scan.state': () => scans.state,
    'scan.pause': () => {
      scans.pause();
      return {};
    },
    'scan.resume': () => {
      scans.resume();
      return {};
    },
    'scan.cancel': async () => {
      await scans.cancel();
      return {};
    },
  };

  return {
    async call(name, params) {
      state.prepareSoon(() => scans.isRunning);
      // What changes who is who is matched at once, within the deed; so the faces had better be at hand before.
      if (changesNames(name)) await state.ready();
      return answer(handlers, name, params);
    },
    on: (listener) => engine.on(listener),
    picture: (kind, id, size, { signal } = {}) =>
      kind === 'face' ? face(id as FaceId) : photo(id as PhotoId, size ?? SCREEN, signal),
    edition(kind, id) {
      if (kind === 'photo') return recorded(id as PhotoId)?.hash ?? null;
      const [crop] = engine.library.faces.crops([id as FaceId]);
      return crop ? createHash('sha256').update(crop.jpeg).digest('hex') : null;
    },
    async close() {
      state.close();
      await scans.cancel();
      await engine.close();
    },
  };

  async function face(id: FaceId): Promise<Picture | null> {
    const [crop] = engine.library.faces.crops([id]);
    return crop ? { bytes: crop.jpeg, type: 'image/jpeg' } : null;
  }

  function recorded(id: PhotoId): RecordedPhoto | null {
    try {
      return engine.library.cards.photos.get(id);
    } catch (error) {
      if (error instanceof KithError) return null;
      throw error;
    }
  }

  async function photo(id: PhotoId, side: number, signal?: AbortSignal): Promise<Picture | null> {
    const type = 'image/jpeg';
    const known = side === THUMBNAIL_SIDE ? engine.library.thumbnails.get(id) : null;
    if (known) return { bytes: known, type };
    const { files = [], hash } = recorded(id) ?? {};
    for (const path of files) {
      try {
        const shown = await engine.pool().show({ path, side }, { signal });
        // Made once for a library from before there were any; not where the file holds another photo meanwhile.
        if (side === THUMBNAIL_SIDE && shown.hash === hash) keep(id, shown.jpeg);
        return { bytes: shown.jpeg, type };
      } catch (error) {
        if (!(error instanceof UnreadablePhoto)) throw error;
      }
    }
    return null;
  }

  /** The picture is there to be shown, even where the record can't be written just now. */
  function keep(id: PhotoId, thumbnail: Uint8Array): void {
    try {
      engine.library.thumbnails.put(id, thumbnail);
    } catch (error) {
      if (!(error instanceof KithError)) throw error;
    }
  }
}
