import type { TrainingSplit } from '../../contract/crops.ts';
import type { PhotoId } from '../../contract/ids.ts';
import { splitPhotos } from '../../grouping/training-split.ts';
import type { Library } from '../../library/open.ts';
import type { ToWrite } from './export-face.ts';

const DAY = 86_400_000;

/** Puts each face into a folder of `train`, `val` or `test`: see {@link splitPhotos}. */
export async function inSets(
  library: Library,
  faces: readonly ToWrite[],
  split: TrainingSplit,
): Promise<ToWrite[]> {
  const stacks = library.stacks.all();
  const hashes = library.stacks.hashes(new Set<PhotoId>(faces.map(({ recorded }) => recorded.id)));
  const sets = splitPhotos(
    faces.map(({ id, folder, known, recorded }) => ({
      photo: recorded.hash,
      person: folder!,
      box: known.box,
      days: recorded.takenAt === null ? Number.NaN : Date.parse(`${recorded.takenAt}Z`) / DAY,
      dhash: hashes.get(recorded.id) ?? null,
      stack: stacks.get(id) ?? null,
    })),
    split,
  );
  return faces.map((face) => ({ ...face, folder: `${sets.get(face.recorded.hash)}/${face.folder}` }));
}
