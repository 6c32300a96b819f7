import { join } from 'node:path';
import { type PixelBox, toUnitBox } from '../contract/geometry.ts';
import type { FaceId } from '../contract/ids.ts';
import type { FolderGroups, FolderPhoto, GroupedFace, PixelRect } from '../contract/results.ts';
import { annotatePhoto, annotatePhotos } from '../export/annotate.ts';
import { checkPlace } from '../export/claim.ts';
import { CROPS, writeCrops } from '../export/crops.ts';
import type { Mark } from '../export/drawing.ts';
import { realPlace } from '../export/place.ts';
import { requireOutside } from './within.ts';

/** Called for each file that is written: how many of how many. */
type OnWritten = (progress: { done: number; total: number; path: string }) => void;

/**
 * Finds out before a long scan whether its crops and annotated photos can be written afterwards.
 * @throws KithError `output-among-photos` for a place inside the scanned folder: the next scan would take what is
 *   there for photos; `output-unwritable` for a folder of crops that holds files that Kith did not write.
 */
export async function checkOutputs(
  folder: string,
  outputs: { crops?: string; annotate?: string },
): Promise<void> {
  for (const output of [outputs.crops, outputs.annotate]) {
    if (output !== undefined) await requireOutside([folder], output);
  }
  if (outputs.crops !== undefined) await checkPlace(outputs.crops, CROPS);
}

/**
 * Writes the crops of a grouped folder: see {@link writeCrops}. A photo that lies in several files is written once.
 * @param folder the grouped one
 * @param load gives the crops of faces as JPEG, in the order asked for
 * @returns how many files it wrote
 * @throws KithError `output-unwritable`, `disk-full`
 */
export async function exportGroups(
  folder: string,
  result: FolderGroups,
  into: string,
  load: (ids: FaceId[]) => (Uint8Array | null)[] | Promise<(Uint8Array | null)[]>,
): Promise<number> {
  const faces = new Map<FaceId, GroupedFace & { photo: string }>();
  for (const { path, faces: found } of result.photos) {
    for (const face of found) if (!faces.has(face.id)) faces.set(face.id, { ...face, photo: path });
  }
  const root = await realPlace(folder);
  const crops = async (batch: GroupedFace[]) => (await load(batch.map(({ id }) => id))).map(toCrop);
  const { files } = await writeCrops(into, [...faces.values()], crops, { root });
  return files;
}

/** Writes the crops of one photo's faces straight into the folder. @returns how many @throws KithError as above */
export async function exportFaces(
  photo: string,
  faces: { box: PixelRect; score: number; quality: number }[],
  crops: Uint8Array[],
  into: string,
): Promise<number> {
  const named = faces.map((face, index) => ({
    ...face,
    id: null,
    group: null,
    photo,
    crop: crops[index]!,
  }));
  const { files } = await writeCrops(into, named, (batch) => batch.map(({ crop }) => toCrop(crop)), {
    flat: true,
  });
  return files;
}

/**
 * Writes each photo that has faces with their boxes drawn.
 * @returns how many were written, and which could not be read any more
 * @throws KithError `output-unwritable`, `disk-full`
 */
export async function annotateGroups(
  folder: string,
  result: FolderGroups,
  into: string,
  onWritten: OnWritten = () => undefined,
): Promise<{ written: number; failed: string[] }> {
  const photos = result.photos.filter(({ faces }) => faces.length > 0);
  const failed: string[] = [];
  let done = 0;
  const written = await annotatePhotos(
    into,
    photos.map((photo) => ({ path: join(folder, photo.path), name: photo.path, marks: marksOf(photo) })),
    ({ name }, failure) => {
      if (failure !== null) failed.push(name);
      done += 1;
      onWritten({ done, total: photos.length, path: name });
    },
  );
  return { written, failed };
}

/**
 * Writes one photo with its faces drawn to `target`, numbered from 1.
 * @throws KithError `output-unwritable`, `disk-full`, `bad-request` for an extension that can't be written
 */
export function annotateFaces(
  photo: { path: string; width: number; height: number; faces: { box: PixelRect }[] },
  target: string,
): Promise<void> {
  const marks = photo.faces.map((face, index) => toMark(face.box, photo, index + 1));
  return annotatePhoto(photo.path, marks, target);
}

function toCrop(bytes: Uint8Array | null): { bytes: Uint8Array } | null {
  return bytes && { bytes };
}

function marksOf({ width, height, faces }: FolderPhoto): Mark[] {
  return faces.map(({ box, group }) => toMark(box, { width: width!, height: height! }, group));
}

function toMark(rect: PixelRect, size: { width: number; height: number }, label: number | null): Mark {
  const [x, y, width, height] = rect;
  return { box: toUnitBox({ x, y, width, height } as PixelBox, size), label };
}
