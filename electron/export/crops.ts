import { dirname } from 'node:path';
import { z } from 'zod';
import type { CropFormat } from '../contract/crops.ts';
import type { FaceId, GroupId, PersonId } from '../contract/ids.ts';
import type { Layout } from './claim.ts';
import { nameCrops } from './crop-names.ts';
import { ExportFolder, type Rows } from './folder.ts';
import { manifestOf, tableOf } from './manifest.ts';

/** One face to be written out. */
export interface CropFace {
  id: FaceId | null;
  /** Path of the photo: absolute, or relative to the root that the manifest names. */
  photo: string;
  /** What `{photo}` stands for in its file's name; the photo's name when left out. */
  stem?: string;
  /** Local time, `YYYY-MM-DDTHH:MM:SS`. */
  takenAt?: string | null;
  /** x, y, width, height in pixels of the upright photo. */
  box: [number, number, number, number];
  /** Of the detector, 0..1; null where it is not known. */
  score: number | null;
  quality: number;
  group: GroupId | null;
  person?: { id: PersonId; name: string } | null;
  /** Folder that the crop is written to, of names that every system accepts; that of its group when left out. */
  folder?: string;
  /** What a face without a person is called; as its folder when left out. */
  title?: string;
}

/** The picture of a face. */
export interface Crop {
  bytes: Uint8Array;
  /** Its sides in pixels, where they are known. */
  picture?: [width: number, height: number];
  /** Path of the photo that it was cut out of, null where that is gone; the face's photo when left out. */
  photo?: string | null;
}

const MANIFEST = 'manifest.json';

/** A manifest of versions 1 and 2. */
const Manifest = z.object({ writtenBy: z.literal('kith'), faces: z.array(z.object({ file: z.string() })) });

/** How an export of crops looks. */
export const CROPS: Layout = {
  kind: 'crops',
  manifest: MANIFEST,
  own: /^(?:[^./\\][^/\\]*\/)?[^./\\][^/\\]*\.(?:jpg|png|webp|pdf|csv)$/,
  former: (manifest) => Manifest.parse(manifest).faces.map(({ file }) => file),
};

/** How a training set looks: people lie in `train`, `val` and `test`. `former` is empty: each has an account. */
export const TRAINING: Layout = {
  ...CROPS,
  kind: 'training',
  depth: 2,
  own: /^(?:(?:train|val|test)\/[^./\\][^/\\]*\/[^./\\][^/\\]*\.(?:jpg|png|webp)|manifest(?:_\d+)?\.csv)$/,
  former: () => [],
};

export interface CropOptions {
  layout?: Layout;
  /** All files lie in the folder itself. */
  flat?: boolean;
  /** Real path of the folder that the photos' paths are relative to; null: they are absolute. */
  root?: string | null;
  /** Names of the files: see `FilePattern`. */
  pattern?: string;
  format?: CropFormat;
  /** Whether each folder gets a contact sheet. */
  sheets?: boolean;
  /** Ends it after the file in hand. What is there by then is whole, and in the manifest. */
  signal?: AbortSignal;
}

/** What became of an export. */
export interface WrittenCrops {
  /** Real path of the folder. */
  folder: string;
  /** How many pictures this run wrote. */
  files: number;
  /** Whether it was ended before all of them were. */
  cancelled: boolean;
}

/** A crop, or none, that may still be in the making. */
type Promised = Crop | null | Promise<Crop | null>;

/** Crops held in memory at once. */
const BATCH = 64;

/**
 * Writes `group-001/<photo>-<n>.jpg` …, faces alone in their group under `alone/`, `manifest.json` and `manifest.csv`.
 * Repeating it replaces what it wrote before and nothing else.
 * @param load gives pictures in the order asked for; null for a face of which there is none any more. Where it rejects,
 *   the export ends with that; what is there by then is whole, and in the manifest
 * @throws KithError `output-busy`, `output-unwritable`, `disk-full`, `bad-request` for a relative path
 */
export async function writeCrops<Face extends CropFace>(
  folder: string,
  faces: readonly Face[],
  load: (faces: Face[]) => Promise<Promised[]> | Promised[],
  options: CropOptions = {},
): Promise<WrittenCrops> {
  const { layout = CROPS, flat = false, root = null, signal, format = 'jpg', sheets = false } = options;
  const { pattern = '{photo}-{number}' } = options;
  const into = await ExportFolder.open(folder, layout);
  const manifest = (rows: Rows) => manifestOf(rows, root);
  const written: { face: Face; file: string }[] = [];
  const sheetsWritten: string[] = [];
  try {
    const taken = [...into.foreign, MANIFEST];
    const named = await nameCrops(faces, taken, { flat, pattern, end: `.${format}` });
    await into.begin(flat ? [] : named.map(({ file }) => dirname(file)));
    for (let at = 0; at < named.length && !signal?.aborted; at += BATCH) {
      const batch = named.slice(at, at + BATCH);
      const crops = await load(batch.map(({ face }) => face));
      // At once: one that fails before its turn is somebody's already.
      const settled = Promise.allSettled(crops);
      try {
        for (const [index, { face, file }] of batch.entries()) {
          const crop = await crops[index];
          if (signal?.aborted) break;
          if (!crop?.bytes.length) continue;
          await into.put(file, crop.bytes, rowOf(face, crop));
          written.push({ face, file });
        }
      } finally {
        // Whatever ended it, nobody is at work for this export any more when it is over.
        await settled;
      }
    }
    if (sheets && !signal?.aborted) {
      const { writeSheets } = await import('./contact-sheets.ts');
      sheetsWritten.push(...(await writeSheets(into, written, signal)));
    }
    if (!signal?.aborted) await into.sweep([...written.map(({ file }) => file), ...sheetsWritten]);
  } catch (error) {
    // What went wrong first is what is told.
    await into.close(manifest, tableOf).catch(() => undefined);
    throw error;
  }
  await into.close(manifest, tableOf);
  return { folder: into.root, files: written.length, cancelled: signal?.aborted ?? false };
}

function rowOf(face: CropFace, crop: Crop): Record<string, unknown> {
  const { group, person, id, box, score, quality, takenAt } = face;
  const photo = crop.photo === undefined ? face.photo : crop.photo;
  return {
    ...{ group, person: person ?? null, face: id, photo, box, score, quality },
    ...(takenAt === undefined ? {} : { taken: takenAt }),
    ...(crop.picture === undefined ? {} : { picture: crop.picture }),
  };
}
