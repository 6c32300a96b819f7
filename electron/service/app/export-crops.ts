import type { Parsed } from '../../contract/api.ts';
import { fixedSize } from '../../contract/crops.ts';
import { KithError, UnreadablePhoto } from '../../contract/errors.ts';
import type { FaceId } from '../../contract/ids.ts';
import { CROPS, type Crop, TRAINING, writeCrops } from '../../export/crops.ts';
import type { Library } from '../../library/open.ts';
import type { Engine } from './engine.ts';
import type { ToWrite } from './export-face.ts';
import { exportProgress } from './export-progress.ts';
import type { State } from './state.ts';

/** One export of faces. */
interface Work {
  engine: Engine;
  state: State;
  library: Library;
  faces: ToWrite[];
  folder: string;
  params: Parsed<'export.crops'>;
  signal: AbortSignal;
}

/** Cuts faces out of their photos in the vision processes, and writes them. */
export async function writeFaces({ engine, state, library, faces, folder, params, signal }: Work) {
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
  const { pattern, format, sheets, training } = params;
  const layout = training ? TRAINING : CROPS;
  try {
    const options = { layout, pattern, format, sheets: sheets && !training, signal };
    return { ...(await writeCrops(folder, faces, load, options)), failed, skipped };
  } finally {
    await vision.release();
  }

  /** From the photo's own pixels; where the photo is gone, the small crop of the record; null where both are gone. */
  async function cropOf({ id, recorded, known, photo }: ToWrite): Promise<Crop | null> {
    for (const path of recorded.files) {
      if (signal.aborted) return null;
      try {
        // The file may hold another photo by now, of other people.
        const of = { path, hash: recorded.hash, face: known, look: params };
        const { bytes, width, height } = await vision.pool().cut(of, { signal });
        if (isThere(id)) return { bytes, picture: [width, height], photo: path };
      } catch (error) {
        if (signal.aborted) return null;
        if (!(error instanceof UnreadablePhoto)) throw error;
      }
    }
    failed.push(photo);
    const small = isThere(id) ? await smallCrop(id) : null;
    if (small === null) skipped.push(photo);
    return small;
  }

  /** The record's own picture of a face. A preset with sides of its own promises more than that can hold. */
  async function smallCrop(id: FaceId): Promise<Crop | null> {
    const jpeg = library.faces.crops([id])[0]?.jpeg;
    if (!jpeg?.length || fixedSize(params.preset) !== null) return null;
    const { inFormat } = await import('../../export/small-crop.ts');
    return { ...(await inFormat(jpeg, params.format)), photo: null };
  }

  /** @throws KithError changed-meanwhile where another library has taken the place of the one that was read */
  function isThere(id: FaceId): boolean {
    if (state.library() !== library) throw new KithError('changed-meanwhile', folder);
    return library.cards.faces.get([id]).length > 0;
  }
}
