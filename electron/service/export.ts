import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { KithError } from '../contract/errors.ts';
import { type PixelBox, toUnitBox } from '../contract/geometry.ts';
import type { FaceId } from '../contract/ids.ts';
import type { FolderGroups, FolderPhoto, GroupedFace, PixelRect } from '../contract/results.ts';
import { annotatePhoto, annotatePhotos } from '../export/annotate.ts';
import { claim } from '../export/claim.ts';
import { writeCrops } from '../export/crops.ts';
import type { Mark } from '../export/drawing.ts';
import { isWithin } from './within.ts';

/** Called for each file that is written: how many of how many. */
type OnWritten = (progress: { done: number; total: number; path: string }) => void;

/**
 * Finds out before a long scan whether its crops and annotated photos can be written afterwards.
 * @throws KithError `bad-request` for a place inside the scanned folder: the next scan would take the crops for
 *   photos; `output-unwritable` for a folder of crops that holds files of somebody else.
 */
export async function checkOutputs(
  folder: string,
  outputs: { crops?: string; annotate?: string },
): Promise<void> {
  const root = await realPlace(folder);
  for (const output of [outputs.crops, outputs.annotate]) {
    if (output === undefined || !isWithin(root, await realPlace(output))) continue;
    throw new KithError(
      'bad-request',
      `Expected a place outside ${folder}, so that the next scan does not take it for photos, but received ${output}`,
    );
  }
  if (outputs.crops !== undefined) await claim(outputs.crops);
}

/**
 * Writes the crops of a grouped folder: see {@link writeCrops}. A photo that lies in several files is written once.
 * @param load gives the crops of faces as JPEG, in the order asked for
 * @returns how many files lie there now
 * @throws KithError `output-unwritable`, `disk-full`
 */
export function exportGroups(
  result: FolderGroups,
  into: string,
  load: (ids: FaceId[]) => Uint8Array[] | Promise<Uint8Array[]>,
): Promise<number> {
  const faces = new Map<FaceId, GroupedFace & { photo: string }>();
  for (const { path, faces: found } of result.photos) {
    for (const face of found) if (!faces.has(face.id)) faces.set(face.id, { ...face, photo: path });
  }
  return writeCrops(into, [...faces.values()], (batch) => load(batch.map(({ id }) => id)));
}

/** Writes the crops of one photo's faces straight into the folder. @returns how many @throws KithError as above */
export function exportFaces(
  photo: string,
  faces: { box: PixelRect; score: number; quality: number }[],
  crops: Uint8Array[],
  into: string,
): Promise<number> {
  const named = faces.map((face, index) => ({
    ...face,
    id: null,
    group: null,
    photo: basename(photo),
    crop: crops[index]!,
  }));
  return writeCrops(into, named, (batch) => batch.map(({ crop }) => crop), { flat: true });
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

function marksOf({ width, height, faces }: FolderPhoto): Mark[] {
  return faces.map(({ box, group }) => toMark(box, { width: width!, height: height! }, group));
}

function toMark(rect: PixelRect, size: { width: number; height: number }, label: number | null): Mark {
  const [x, y, width, height] = rect;
  return { box: toUnitBox({ x, y, width, height } as PixelBox, size), label };
}

/** The real path of a place that may not be there yet: of its nearest ancestor that is, and the rest as it is. */
async function realPlace(path: string): Promise<string> {
  const absolute = resolve(path);
  try {
    return await realpath(absolute);
  } catch {
    const parent = dirname(absolute);
    return parent === absolute ? absolute : join(await realPlace(parent), basename(absolute));
  }
}
