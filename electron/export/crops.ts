import { join, parse } from 'node:path';
import type { FaceId, GroupId } from '../contract/ids.ts';
import { claim, MANIFEST, sweep } from './claim.ts';
import { writeWhole } from './files.ts';
import { NameBook, safeName } from './names.ts';

/** One face to be written out. */
export interface CropFace {
  id: FaceId | null;
  /** The photo as the person knows it: relative to the folder, or a path. */
  photo: string;
  /** x, y, width, height in pixels of the upright photo. */
  box: [number, number, number, number];
  score: number;
  quality: number;
  group: GroupId | null;
  /** Folder that the crop is written to, such as its person's name; that of its group when left out. */
  folder?: string;
}

/** `file`: relative to the folder of the manifest. */
type Written<Face> = Face & { file: string };

/** Crops held in memory at once. */
const BATCH = 64;

/**
 * Writes `group-001/<photo>-<n>.jpg` …, faces alone in their group under `alone/`, and `manifest.json`.
 * With `flat`, all files lie in `folder` itself. Repeating it replaces what it wrote before and nothing else.
 * @param load gives small JPEGs, in the order asked for.
 * @returns how many files lie there now.
 * @throws KithError `output-unwritable`, `disk-full`
 */
export async function writeCrops<Face extends CropFace>(
  folder: string,
  faces: Face[],
  load: (faces: Face[]) => Promise<Uint8Array[]> | Uint8Array[],
  { flat = false } = {},
): Promise<number> {
  const before = await claim(folder);
  const written = name(faces, before.foreign, flat);
  const now = new Set(written.map((face) => face.file));
  const stale = before.own.filter((file) => !now.has(file));
  // Old and new files are both named first: whenever Kith is killed, the next run knows its own.
  await writeManifest(folder, [...written, ...stale.map((file) => ({ file }))]);
  for (let at = 0; at < written.length; at += BATCH) {
    const batch = written.slice(at, at + BATCH);
    const jpegs = await load(batch);
    for (const [index, face] of batch.entries()) {
      await writeWhole(join(folder, face.file), jpegs[index]!);
    }
  }
  await sweep(folder, stale);
  await writeManifest(folder, written);
  return written.length;
}

function name<Face extends CropFace>(faces: Face[], foreign: string[], flat: boolean): Written<Face>[] {
  const book = new NameBook([...foreign, MANIFEST]);
  const sizes = new Map<GroupId, number>();
  for (const { group } of faces) if (group !== null) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const counts = new Map<string, number>();
  return faces.map((face) => {
    const number = (counts.get(face.photo) ?? 0) + 1;
    counts.set(face.photo, number);
    const folder = face.folder === undefined ? folderOf(face.group, sizes) : safeName(face.folder);
    const file = book.take(flat ? '' : folder, parse(face.photo).name, `-${number}.jpg`);
    return { ...face, file };
  });
}

function folderOf(group: GroupId | null, sizes: Map<GroupId, number>): string {
  if (group === null || sizes.get(group) === 1) return 'alone';
  return `group-${String(group).padStart(3, '0')}`;
}

async function writeManifest(folder: string, faces: Partial<Written<CropFace>>[]): Promise<void> {
  const rows = faces.map(({ file, group, id, photo, box, score, quality }) => ({
    file,
    group,
    face: id,
    photo,
    box,
    score,
    quality,
  }));
  await writeWhole(
    join(folder, MANIFEST),
    `${JSON.stringify({ writtenBy: 'kith', version: 1, faces: rows }, null, 2)}\n`,
  );
}
