import { dirname, parse } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { z } from 'zod';
import type { FaceId, GroupId, PersonId } from '../contract/ids.ts';
import type { Layout } from './claim.ts';
import { ExportFolder, type Rows } from './folder.ts';
import { NameBook } from './names.ts';

/** One face to be written out. */
export interface CropFace {
  id: FaceId | null;
  /** Path of the photo: absolute, or relative to the root that the manifest names. */
  photo: string;
  /** What the file is called, without its end; as the photo is when left out. */
  stem?: string;
  /** x, y, width, height in pixels of the upright photo. */
  box: [number, number, number, number];
  /** Of the detector, 0..1; null where it is not known. */
  score: number | null;
  quality: number;
  group: GroupId | null;
  person?: { id: PersonId; name: string } | null;
  /** Folder that the crop is written to, a name that every system accepts; that of its group when left out. */
  folder?: string;
}

/** The picture of a face. */
export interface Crop {
  jpeg: Uint8Array;
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
  own: /^(?:[^./\\][^/\\]*\/)?[^./\\][^/\\]*\.jpg$/,
  former: (manifest) => Manifest.parse(manifest).faces.map(({ file }) => file),
};

export interface CropOptions {
  /** All files lie in the folder itself. */
  flat?: boolean;
  /** Real path of the folder that the photos' paths are relative to; null: they are absolute. */
  root?: string | null;
  /** Ends it after the file in hand. What is there by then is whole, and in the manifest. */
  signal?: AbortSignal;
}

/** What became of an export. */
export interface WrittenCrops {
  /** Real path of the folder. */
  folder: string;
  /** How many files this run wrote. */
  files: number;
  /** Whether it was ended before all of them were. */
  cancelled: boolean;
}

/** A crop, or none, that may still be in the making. */
type Promised = Crop | null | Promise<Crop | null>;

/** Files named before others get their turn; that takes some milliseconds. */
const NAMED_AT_ONCE = 500;

/** Crops held in memory at once. */
const BATCH = 64;

/**
 * Writes `group-001/<photo>-<n>.jpg` …, faces alone in their group under `alone/`, and `manifest.json`. Repeating it
 * replaces what it wrote before and nothing else.
 * @param load gives pictures in the order asked for; null for a face of which there is none any more. Where it rejects,
 *   the export ends with that; what is there by then is whole, and in the manifest
 * @throws KithError `output-busy`, `output-unwritable`, `disk-full`, `bad-request` for a relative path
 */
export async function writeCrops<Face extends CropFace>(
  folder: string,
  faces: readonly Face[],
  load: (faces: Face[]) => Promise<Promised[]> | Promised[],
  { flat = false, root = null, signal }: CropOptions = {},
): Promise<WrittenCrops> {
  const into = await ExportFolder.open(folder, CROPS);
  const manifest = (rows: Rows) => manifestOf(rows, root);
  const written: string[] = [];
  try {
    const named = await nameFiles(faces, into.foreign, flat);
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
          if (!crop?.jpeg.length) continue;
          await into.put(file, crop.jpeg, rowOf({ ...face, ...crop }));
          written.push(file);
        }
      } finally {
        // Whatever ended it, nobody is at work for this export any more when it is over.
        await settled;
      }
    }
    if (!signal?.aborted) await into.sweep(written);
  } catch (error) {
    // What went wrong first is what is told.
    await into.close(manifest).catch(() => undefined);
    throw error;
  }
  await into.close(manifest);
  return { folder: into.root, files: written.length, cancelled: signal?.aborted ?? false };
}

async function nameFiles<Face extends CropFace>(
  faces: readonly Face[],
  foreign: readonly string[],
  flat: boolean,
): Promise<{ face: Face; file: string }[]> {
  const book = new NameBook([...foreign, MANIFEST]);
  const sizes = new Map<GroupId, number>();
  for (const { group } of faces) if (group !== null) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const counts = new Map<string, number>();
  const named: { face: Face; file: string }[] = [];
  for (const face of faces) {
    // Counted within a person's folder, so that it does not matter who else is exported.
    const within = `${face.folder ?? ''}\0${face.photo}`;
    const number = (counts.get(within) ?? 0) + 1;
    counts.set(within, number);
    const folder = flat ? '' : (face.folder ?? folderOf(face.group, sizes));
    const file = book.take(folder, face.stem ?? parse(face.photo).name, `-${number}.jpg`);
    named.push({ face, file });
    if (named.length % NAMED_AT_ONCE === 0) await turn();
  }
  return named;
}

function folderOf(group: GroupId | null, sizes: ReadonlyMap<GroupId, number>): string {
  if (group === null || sizes.get(group) === 1) return 'alone';
  return `group-${String(group).padStart(3, '0')}`;
}

/** In pieces, a face a line: there may be a hundred thousand, and others want their turn. */
function* manifestOf(rows: Rows, root: string | null): Generator<string> {
  const head = { writtenBy: 'kith', version: 2, ...(root === null ? {} : { root }) };
  let piece = `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "faces": [`;
  for (const [index, row] of rows.entries()) {
    piece += `${index === 0 ? '' : ','}\n    ${JSON.stringify(row)}`;
    if (index % NAMED_AT_ONCE < NAMED_AT_ONCE - 1) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}\n  ]\n}\n`;
}

function rowOf(face: Omit<CropFace, 'photo'> & { photo: string | null }): Record<string, unknown> {
  const { group, person, id, photo, box, score, quality } = face;
  return { group, person: person ?? null, face: id, photo, box, score, quality };
}
