import { type DataFormat, RECORD_VERSION } from '../contract/record-format.ts';
import type { Layout } from './claim.ts';
import { csvOf, UTF8_MARK } from './csv.ts';
import { ExportFolder, type Rows } from './folder.ts';

/** A person as exported. */
export interface PersonRow {
  id: number;
  name: string;
  birth: string | null;
  hidden: boolean;
}

/** What is said of two people: `person` is a parent, partner or sibling of the person `of`. */
export interface RelationRow {
  person: number;
  is: 'parent' | 'partner' | 'sibling';
  of: number;
}

/** A photo: `files` are absolute paths, `width` and `height` pixels, upright. */
export interface PhotoRow {
  id: number;
  sha256: string;
  bytes: number;
  width: number;
  height: number;
  taken: string | null;
  camera: string | null;
  files: string[];
}

/** A face: `box` is x, y, width, height in fractions of the upright photo. */
export interface FaceRow {
  id: number;
  photo: number;
  box: [number, number, number, number];
  score: number;
  quality: number;
  detector: string;
  drawn: boolean;
  group: number | null;
  label: {
    verdict: 'person' | 'ignored' | 'not-a-face';
    person: number | null;
    name: string | null;
    by: 'hand' | 'group' | 'kith';
  } | null;
  /** Ids of people who the user said it is not. */
  not: number[];
}

/** Somebody who is on a photo without a face that can be seen. */
export interface PresenceRow {
  photo: number;
  person: number;
  name: string;
}

/** Vectors of an encoder, row by row; row i is of face `faces[i]`. */
export interface Vectors {
  encoder: string;
  size: number;
  faces: readonly number[];
  vectors: Float32Array;
}

/** The rows of a library that are exported. */
export interface RecordRows {
  people: readonly PersonRow[];
  relations: readonly RelationRow[];
  photos: readonly PhotoRow[];
  faces: readonly FaceRow[];
  presences: readonly PresenceRow[];
  /** Null where no faces were embedded, and for formats without embeddings. */
  vectors: Vectors | null;
}

const MANIFEST = 'manifest.json';

/** How such an export looks. `former` is empty: each of them was written with a list of its own files. */
export const RECORD: Layout = {
  kind: 'record',
  manifest: MANIFEST,
  own: /^(?:people|relations|photos|faces|presences|files|embeddings)\.(?:jsonl|csv|npy)$|^coco\.json$/,
  former: () => [],
};

/**
 * Writes the record of a library in an open format: see docs/formats.md.
 *
 * @returns real path of the folder, and how many files were written
 * @throws KithError `output-busy`, `output-unwritable`, `disk-full`, `bad-request` for a relative path
 */
export async function writeRecord(
  folder: string,
  rows: RecordRows,
  format: DataFormat,
): Promise<{ folder: string; files: number }> {
  const files = WRITERS[format](rows);
  const into = await ExportFolder.open(folder, RECORD);
  const manifest = (written: Rows) =>
    `${JSON.stringify({ writtenBy: 'kith', schema: 'kith-record', version: RECORD_VERSION, files: written }, null, 2)}\n`;
  try {
    await into.begin([]);
    for (const { file, bytes, about } of files) await into.put(file, bytes, about);
    await into.sweep(files.map(({ file }) => file));
  } catch (error) {
    // What went wrong first is what is told.
    await into.close(manifest).catch(() => undefined);
    throw error;
  }
  await into.close(manifest);
  return { folder: into.root, files: files.length };
}

interface Written {
  file: string;
  bytes: string | Uint8Array;
  /** What the manifest says of it. */
  about: Record<string, unknown>;
}

const WRITERS: Record<DataFormat, (rows: RecordRows) => Written[]> = {
  jsonl: ({ people, relations, photos, faces, presences, vectors }) => [
    ...Object.entries({ people, relations, photos, faces, presences }).map(([name, list]) => ({
      file: `${name}.jsonl`,
      bytes: list.map((row) => `${JSON.stringify(row)}\n`).join(''),
      about: { rows: list.length },
    })),
    ...npy(vectors),
  ],
  csv: ({ people, relations, photos, faces, presences }) => [
    table('people.csv', ['id', 'name', 'birth', 'hidden'], people, ({ id, name, birth, hidden }) => [
      ...[id, name, birth, hidden],
    ]),
    table('relations.csv', ['person', 'is', 'of'], relations, ({ person, is, of }) => [person, is, of]),
    table(
      'photos.csv',
      ['id', 'sha256', 'bytes', 'width', 'height', 'taken', 'camera'],
      photos,
      ({ id, sha256, bytes, width, height, taken, camera }) => [
        ...[id, sha256, bytes, width, height, taken, camera],
      ],
    ),
    table(
      'files.csv',
      ['photo', 'path'],
      photos.flatMap(({ id, files }) => files.map((path) => ({ id, path }))),
      ({ id, path }) => [id, path],
    ),
    table(
      'faces.csv',
      [
        ...['id', 'photo', 'x', 'y', 'width', 'height', 'score', 'quality', 'detector', 'drawn', 'group'],
        ...['verdict', 'person', 'name', 'by', 'not'],
      ],
      faces,
      ({ id, photo, box, score, quality, detector, drawn, group, label, not }) => [
        ...[id, photo, ...box, score, quality, detector, drawn, group],
        ...[label?.verdict, label?.person, label?.name, label?.by, not.join(' ')],
      ],
    ),
    table('presences.csv', ['photo', 'person', 'name'], presences, ({ photo, person, name }) => [
      ...[photo, person, name],
    ]),
  ],
  npy: ({ vectors }) => npy(vectors),
  coco: (rows) => [coco(rows)],
};

type Cell = string | number | boolean | null | undefined;

/** A table for spreadsheets. */
function table<T>(
  file: string,
  columns: readonly string[],
  rows: readonly T[],
  cells: (row: T) => Cell[],
): Written {
  const lines = rows.map((row) => csvOf(cells(row).map((cell) => String(cell ?? ''))));
  return { file, bytes: `${UTF8_MARK}${csvOf(columns)}${lines.join('')}`, about: { rows: rows.length } };
}

/** `embeddings.npy`, n × size numbers of 32 bits, and beside it which face each row is of. */
function npy(vectors: Vectors | null): Written[] {
  if (vectors === null) return [];
  const { encoder, size, faces, vectors: numbers } = vectors;
  const about = { encoder, rows: faces.length, size };
  return [
    { file: 'embeddings.npy', bytes: npyOf(numbers, [faces.length, size]), about },
    {
      file: 'embeddings.jsonl',
      bytes: faces.map((face, row) => `${JSON.stringify({ row, face })}\n`).join(''),
      about,
    },
  ];
}

/**
 * An array in NumPy's format, version 1.0 (numpy.org/doc/stable/reference/generated/numpy.lib.format.html): magic, length of
 * the header, the header as a Python literal, padded so that the data begins at a multiple of 64 bytes.
 */
export function npyOf(numbers: Float32Array, shape: readonly [number, number]): Uint8Array {
  const literal = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const MAGIC = 10;
  const length = Math.ceil((MAGIC + literal.length + 1) / 64) * 64 - MAGIC;
  const bytes = new Uint8Array(MAGIC + length + numbers.length * 4);
  bytes.set([0x93, ...Buffer.from('NUMPY'), 1, 0, length % 256, length >> 8]);
  bytes.set(Buffer.from(`${literal.padEnd(length - 1)}\n`, 'latin1'), MAGIC);
  // `<f4` is how these lie in memory: every machine that Kith runs on is little-endian, as its library is.
  bytes.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), MAGIC + length);
  return bytes;
}

/** COCO's object detection (cocodataset.org/#format-data): boxes in pixels of the upright photo, a category for each person. */
function coco({ people, photos, faces }: RecordRows): Written {
  const sides = new Map(photos.map(({ id, width, height }) => [id, { width, height }]));
  const shown = faces.filter(({ label }) => label?.verdict !== 'not-a-face');
  const document = {
    info: { description: 'Faces, by Kith', version: String(RECORD_VERSION) },
    images: photos.map(({ id, files, width, height, taken, sha256 }) => ({
      ...{ id, file_name: files[0], width, height, sha256 },
      ...(taken === null ? {} : { date_captured: taken }),
    })),
    categories: [
      { id: FACE, name: 'face', supercategory: 'face' },
      ...people.map(({ id, name }) => ({ id: FACE + id, name, supercategory: 'face' })),
    ],
    annotations: shown.map(({ id, photo, box: [x, y, w, h], label, quality, score }) => {
      const { width, height } = sides.get(photo)!;
      const bbox = [x * width, y * height, w * width, h * height].map(
        (value) => Math.round(value * 100) / 100,
      );
      const person = label?.person ?? null;
      return {
        ...{ id, image_id: photo, category_id: person === null ? FACE : FACE + person },
        ...{ bbox, area: Math.round(bbox[2]! * bbox[3]!), iscrowd: 0, score, quality },
        by: label?.by ?? null,
      };
    }),
  };
  return { file: 'coco.json', bytes: `${JSON.stringify(document)}\n`, about: { rows: shown.length } };
}

/** Category of a face without a name; the categories of people come after it. */
const FACE = 1;
