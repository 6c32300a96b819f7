import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import type { Calibration } from '../../electron/contract/calibration.ts';
import type { UnitBox } from '../../electron/contract/geometry.ts';
import type { DetectorId, EncoderId, EncoderKey, GroupId } from '../../electron/contract/ids.ts';
import type { ScanProgress } from '../../electron/contract/results.ts';
import { togetherDistances } from '../../electron/grouping/known-pairs.ts';
import type { RecordedFace } from '../../electron/library/faces.ts';
import { openLibrary } from '../../electron/library/open.ts';
import { alignedEmbeddings } from '../../electron/service/aligned.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { calibrationIn } from '../../electron/service/own-calibration.ts';
import { reembed } from '../../electron/service/reembed.ts';
import { scan } from '../../electron/service/scan.ts';
import { startPool, type VisionPool } from '../../electron/vision/pool.ts';
import { encoderKey } from '../../models/encoder.ts';
import { openStore } from '../../models/store.ts';

/** The box of every face. Boxes are only read for bursts, and no photo here has a date. */
const NOWHERE = { x: 0, y: 0, width: 0, height: 0 } as UnitBox;

/** Below it a face's embedding says more about its blur than about its person. */
export const FOUNDER = 0.5;

/** What was found on one picture of LFW for the person it is of: the face nearest the centre. */
export interface LfwFace {
  /** Such as `Abel_Pacheco/Abel_Pacheco_0001.jpg`. */
  path: string;
  person: string;
  quality: number;
  embedding: Float32Array;
  /** Probability that it is a child's; 0 where the embedding is not aligned. */
  childhood: number;
  /** What Kith's grouping says at its default; null for a face that is alone. */
  group: GroupId | null;
}

export interface LfwRun {
  detector: DetectorId;
  encoder: EncoderId;
  /** With the weights that are installed. */
  key: EncoderKey;
  /** What the encoder's distances mean in this library; null for one that is not calibrated. */
  calibration: Calibration | null;
  pictures: number;
  /** By path; a picture without a face is not in it. */
  faces: Map<string, LfwFace>;
  /** Distances between good faces of one picture, the people in the background among them: two people each. */
  together: number[];
}

/** The folder of pictures below KITH_SHARED, and the list of pairs. */
export function lfwFiles(): { pictures: string; pairs: string } {
  const shared = process.env.KITH_SHARED;
  if (!shared || !existsSync(join(shared, 'faces'))) {
    throw new Error(
      'Set KITH_SHARED to the folder that holds faces/lfw-dev; the evaluation needs its photos',
    );
  }
  return { pictures: join(shared, 'faces/lfw-dev'), pairs: join(shared, 'faces/lfw-dev-pairs.txt') };
}

/** People of the Large Age-Gap set as children and grown up, below KITH_SHARED. */
export function lagFolder(): string {
  return join(lfwFiles().pictures, '../lag-dev');
}

/** Scans and groups LFW as any other folder, in a library that is kept, so that a second run is quick. */
export function runLfw(
  detector: DetectorId,
  encoder: EncoderId,
  file: string,
  onProgress: (progress: ScanProgress) => void,
): Promise<LfwRun> {
  return runFaces(detector, encoder, { file, folder: lfwFiles().pictures, onProgress });
}

/** The same of any folder whose subfolders are people. */
export async function runFaces(
  detector: DetectorId,
  encoder: EncoderId,
  { file: libraryFile, folder, onProgress }: FolderWork,
): Promise<LfwRun> {
  mkdirSync(dirname(libraryFile), { recursive: true });
  const key = await encoderKey(encoder, openStore());
  const app = await createApp({ detector, encoder, libraryFile });
  app.on((event) => event.kind === 'scan' && onProgress(event.state.progress));
  try {
    await app.call('folder.group', { path: folder });
  } finally {
    await app.close();
  }
  return readRun({ detector, encoder, key }, libraryFile, folder);
}

/** The same of LFW without groups, for which an encoder must be calibrated. */
export function embedLfw(
  detector: DetectorId,
  encoder: EncoderId,
  file: string,
  onProgress: (progress: ScanProgress) => void,
): Promise<LfwRun> {
  return embedFaces(detector, encoder, { file, folder: lfwFiles().pictures, onProgress });
}

interface FolderWork {
  /** The library's file. */
  file: string;
  folder: string;
  onProgress: (progress: ScanProgress) => void;
}

/**
 * The same of any folder whose subfolders are people.
 *
 * @param isRaw whether embeddings are as the encoder gave them, not aligned
 */
export async function embedFaces(
  detector: DetectorId,
  encoder: EncoderId,
  { file, folder: path, onProgress }: FolderWork,
  isRaw = false,
): Promise<LfwRun> {
  mkdirSync(dirname(file), { recursive: true });
  const key = await encoderKey(encoder, openStore());
  const setup = { detector, encoder: key };
  let pool: VisionPool | null = null;
  const library = openLibrary(file);
  const work = {
    library,
    poolSize: availableParallelism(),
    onProgress,
    pool() {
      pool ??= startPool({ ...setup, models: [...openStore().folders], maxSide: 1600 });
      return pool;
    },
  };
  try {
    const { folder } = await scan({ ...work, folder: path, setup });
    await reembed({ ...work, encoder: key, folder });
  } finally {
    await (pool as VisionPool | null)?.close();
    library.close();
  }
  return readRun({ detector, encoder, key }, file, path, { isCalibrated: false, isRaw });
}

function readRun(
  by: Pick<LfwRun, 'detector' | 'encoder' | 'key'>,
  libraryFile: string,
  path: string,
  { isCalibrated = true, isRaw = false } = {},
): LfwRun {
  const library = openLibrary(libraryFile);
  try {
    const raw = isRaw && library.embeddings.all(by.key);
    const { children, faceIds, size, vectors, qualities, photoIds, days } = raw
      ? { ...raw, children: null }
      : alignedEmbeddings(library, by.key);
    const rowOf = new Map(faceIds.map((id, row) => [id, row]));
    const folder = library.files.folder(realpathSync(path));
    const byPhoto = Map.groupBy(library.faces.ofFolder(folder), ({ photoId }) => photoId);
    const files = library.files.list(folder);
    const faces = new Map<string, LfwFace>();
    for (const { path, photoId } of files) {
      const face = photoId === null ? null : central(byPhoto.get(photoId) ?? []);
      const row = face === null ? undefined : rowOf.get(face.id);
      if (face === null || row === undefined) continue;
      const embedding = vectors.subarray(row * size, (row + 1) * size);
      const { quality, group } = face;
      faces.set(path, {
        path,
        person: personOf(path),
        quality,
        embedding,
        childhood: children?.[row] ?? 0,
        group,
      });
    }
    const sightings = {
      ...{ vectors, size, quality: qualities, photo: photoIds, days: days.fill(Number.NaN) },
      ...{ person: new Int32Array(photoIds.length), boxOf: () => NOWHERE, several: new Set<number>() },
    };
    const together = togetherDistances(sightings, FOUNDER);
    const calibration = isCalibrated ? calibrationIn(library, by.key) : null;
    return { ...by, calibration, faces, pictures: files.length, together };
  } finally {
    library.close();
  }
}

/** People whom LAG has under two names: Odette Annable's name was Odette Yustman until 2010. */
const SAME_PERSON: Readonly<Record<string, string>> = { odette_yustman: 'odette_annable' };

/** Who is on a picture of `person/picture.jpg`. */
function personOf(path: string): string {
  const name = dirname(path);
  return SAME_PERSON[name] ?? name;
}

/** LFW's pictures are square, so fractions measure alike in both directions. */
export function central(faces: readonly RecordedFace[]): RecordedFace | null {
  const offset = ({ box }: RecordedFace) =>
    Math.hypot(box.x + box.width / 2 - 0.5, box.y + box.height / 2 - 0.5);
  return faces.toSorted((a, b) => offset(a) - offset(b))[0] ?? null;
}
