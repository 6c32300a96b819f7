import { createHash } from 'node:crypto';
import { KithError, UnreadablePhoto } from '../../contract/errors.ts';
import { THUMBNAIL_SIDE } from '../../contract/figures.ts';
import type { FaceId, PhotoId } from '../../contract/ids.ts';
import type { RecordedPhoto } from '../../library/photo-cards.ts';
import { passedOver } from '../../log/log.ts';
import { drawPortrait, portraitOf } from '../../vision/portrait.ts';
import type { App, Picture, PictureOptions } from './app.ts';
import type { Engine } from './engine.ts';

/** Longest side of a photo where the caller names none, in pixels. Chosen by hand. */
const SCREEN = 1600;

const TYPE = 'image/jpeg';

/** Gives pictures. Crops of faces and thumbnails of photos come from the record, larger photos from their files. */
export function pictures(engine: Engine): App['picture'] {
  return async (kind, id, options = {}) =>
    kind === 'photo' ? photo(id as PhotoId, options) : face(kind, id as FaceId, options);

  async function face(
    kind: 'face' | 'crop',
    id: FaceId,
    { known, head, signal }: PictureOptions,
  ): Promise<Picture | null> {
    const [crop] = engine.library.faces.crops([id]);
    if (!crop) return null;
    const drawing = kind === 'face' ? portraitOf(crop.jpeg, engine.library.faces.around(id)) : null;
    const edition = drawing?.edition ?? createHash('sha256').update(crop.jpeg).digest('hex');
    if (head || edition === known) return { edition, bytes: null, type: TYPE };
    if (drawing === null) return { edition, bytes: crop.jpeg, type: TYPE };
    let bytes = engine.library.portraits.get(id, edition);
    if (bytes === null) {
      // Asked for by a list that has gone on meanwhile.
      signal?.throwIfAborted();
      const drawn = await drawPortrait(drawing);
      keep(() => engine.library.portraits.put(id, drawn));
      bytes = drawn.jpeg;
    }
    return { edition, bytes, type: TYPE };
  }

  async function photo(id: PhotoId, options: PictureOptions): Promise<Picture | null> {
    const { size: side = SCREEN, known, head, signal } = options;
    const recorded = photoOf(id);
    if (recorded === null) return null;
    const edition = recorded.hash;
    const given = (bytes: Uint8Array | null): Picture => ({ edition, bytes, type: TYPE });
    if (head || edition === known) return given(null);
    const small = side === THUMBNAIL_SIDE ? engine.library.thumbnails.get(id) : null;
    if (small) return given(small);
    for (const path of recorded.files) {
      try {
        const shown = await engine.pool().show({ path, side }, { signal });
        // A library from before there were thumbnails gets each here, once; not where the file holds another photo by now.
        if (side === THUMBNAIL_SIDE && shown.hash === edition) {
          keep(() => engine.library.thumbnails.put(id, shown.jpeg));
        }
        return given(shown.jpeg);
      } catch (error) {
        if (!(error instanceof UnreadablePhoto)) throw error;
      }
    }
    return null;
  }

  function photoOf(id: PhotoId): RecordedPhoto | null {
    try {
      return engine.library.cards.photos.get(id);
    } catch (error) {
      if (error instanceof KithError) return null;
      throw error;
    }
  }

  /** Records what was drawn. It is shown even where the record can't be written. */
  function keep(put: () => void): void {
    try {
      put();
    } catch (error) {
      if (!(error instanceof KithError)) throw error;
      passedOver('picture')(error);
    }
  }
}
