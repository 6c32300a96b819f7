import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaceId, PersonId, PhotoId } from '../../electron/contract/ids.ts';
import type { DataFormat } from '../../electron/contract/record-format.ts';
import { csvOf } from '../../electron/export/csv.ts';
import { npyOf, writeRecord } from '../../electron/export/record.ts';
import { type Library, openLibrary } from '../../electron/library/open.ts';
import { recordRows } from '../../electron/service/app/export-record.ts';
import { madeLibrary } from '../fixtures/made-library.ts';

// An export says what the record says.

let folder: string;
let library: Library;
let anna: PersonId;
const LAST = 20;
let kin: PersonId;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kith-record-'));
  library = openLibrary(join(folder, 'library.kith'));
  (await madeLibrary({ faces: 60, encoder: 'dlib' })).fill(library, 60);
  const faces = library.embeddings.all('dlib').faceIds.toSorted((a, b) => a - b);
  library.journal.act({ action: 'name', detail: {}, by: 'hand' }, (entry) => {
    anna = library.people.create('=Anna, "A"');
    library.labels.put(faces.slice(0, 3), { verdict: 'person', person: anna, by: 'hand' }, entry);
    library.labels.put(faces.slice(3, 4), { verdict: 'not-a-face', person: null, by: 'hand' }, entry);
    library.labels.refuse(faces.slice(4, 5), anna);
    // On the last photo she stands with her back to the camera; on the first a face is hers.
    for (const photo of [1, LAST]) library.presences.put(photo as PhotoId, anna);
    kin = library.people.create('Kin');
    library.relations.put(kin, 'child', anna);
    library.relations.put(kin, 'sibling', library.people.create('Sib'));
  });
  library.people.setFact(anna, 'birth', '1990-05-04');
});
afterAll(() => {
  library.close();
  rmSync(folder, { recursive: true });
});

/** Writes one format. @returns each file's bytes */
async function written(format: DataFormat): Promise<Map<string, Buffer>> {
  const rows = await recordRows(library.file, format);
  const into = join(folder, format);
  await writeRecord(into, rows, format);
  const files = readdirSync(into, { withFileTypes: true }).filter((file) => file.isFile());
  return new Map(files.map(({ name }) => [name, readFileSync(join(into, name))]));
}

/** Reads an array as NumPy's documentation says. */
function numpy(bytes: Buffer): { shape: number[]; numbers: Float32Array } {
  expect(bytes.subarray(0, 8)).toEqual(Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]));
  const begin = 10 + bytes.readUInt16LE(8);
  expect(begin % 64).toBe(0);
  const header = bytes.subarray(10, begin).toString('latin1');
  expect(header.endsWith('\n')).toBe(true);
  const [, shape] = /^\{'descr': '<f4', 'fortran_order': False, 'shape': \((\d+, \d+)\), \} *\n$/.exec(
    header,
  )!;
  const data = bytes.subarray(begin);
  return {
    shape: shape!.split(', ').map(Number),
    numbers: Float32Array.from({ length: data.length / 4 }, (_, at) => data.readFloatLE(at * 4)),
  };
}

const lines = (text: Buffer) =>
  text
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('The record in an open format', () => {
  it('is a line of JSON for each person, photo and face, with who said what', async () => {
    const files = await written('jsonl');
    expect(lines(files.get('people.jsonl')!)).toEqual([
      { id: anna, name: '=Anna, "A"', birth: '1990-05-04', hidden: false },
      { id: kin, name: 'Kin', birth: null, hidden: false },
      { id: kin + 1, name: 'Sib', birth: null, hidden: false },
    ]);
    expect(lines(files.get('relations.jsonl')!)).toEqual([
      { person: anna, is: 'parent', of: kin },
      { person: kin, is: 'sibling', of: kin + 1 },
    ]);
    const photos = lines(files.get('photos.jsonl')!);
    expect(photos).toHaveLength(library.cards.photos.counts().photos);
    for (const { id, sha256, files: paths } of photos) {
      const photo = library.cards.photos.get(id);
      expect({ sha256, paths }).toEqual({ sha256: photo.hash, paths: photo.files.toSorted() });
    }
    const faces = lines(files.get('faces.jsonl')!);
    const all = library.embeddings.all('dlib').faceIds;
    // A face that is none is told of as well.
    expect(faces.map(({ id }) => id)).toEqual([...all, faces[3].id].toSorted((a, b) => a - b));
    expect(faces[0].label).toEqual({ verdict: 'person', person: anna, name: '=Anna, "A"', by: 'hand' });
    expect(faces[3].label).toEqual({ verdict: 'not-a-face', person: null, name: null, by: 'hand' });
    expect(faces[4]).toMatchObject({ label: null, not: [anna] });
    expect(lines(files.get('presences.jsonl')!)).toEqual([{ photo: LAST, person: anna, name: '=Anna, "A"' }]);
    const { x, y, width, height } = library.faces.boxReader()(faces[0].id)!;
    expect(faces[0].box).toEqual([x, y, width, height]);
    expect(JSON.parse(files.get('manifest.json')!.toString())).toEqual({
      ...{ writtenBy: 'kith', schema: 'kith-record', version: 1 },
      files: [
        { file: 'people.jsonl', rows: 3 },
        { file: 'relations.jsonl', rows: 2 },
        { file: 'photos.jsonl', rows: photos.length },
        { file: 'faces.jsonl', rows: faces.length },
        { file: 'presences.jsonl', rows: 1 },
      ],
    });
  });

  it('has a table for each, in which no name is a formula', async () => {
    const files = await written('csv');
    const table = (name: string) => parse(files.get(name)!, { columns: true, bom: true });
    expect(table('people.csv')[0]).toEqual({
      ...{ id: String(anna), name: `'=Anna, "A"`, birth: '1990-05-04', hidden: 'false' },
    });
    expect(table('relations.csv')).toEqual([
      { person: String(anna), is: 'parent', of: String(kin) },
      { person: String(kin), is: 'sibling', of: String(kin + 1) },
    ]);
    const faces = table('faces.csv');
    expect(faces).toHaveLength(lines((await written('jsonl')).get('faces.jsonl')!).length);
    expect(faces[0]).toMatchObject({ verdict: 'person', person: String(anna), by: 'hand', not: '' });
    expect(faces[4]).toMatchObject({ verdict: '', person: '', not: String(anna) });
    expect(table('files.csv')).toHaveLength(table('photos.csv').length);
    expect(table('presences.csv')).toEqual([
      { photo: String(LAST), person: String(anna), name: `'=Anna, "A"` },
    ]);
  });

  it('leaves numbers below zero as they are, and nothing else that begins with a sign', () => {
    expect(csvOf(['-0.01', '-1e-7', '-1+2', '-A1', '+1', '-'])).toBe("-0.01,-1e-7,'-1+2,'-A1,'+1,'-\r\n");
  });

  it('has embeddings as NumPy reads them, to the bit, and which face each row is of', async () => {
    // Given as the encoder's that the library is grouped by: this library is not grouped yet.
    const { faceIds, vectors, size } = library.embeddings.all('dlib');
    const rows = await recordRows(library.file, 'npy');
    const into = join(folder, 'vectors');
    await writeRecord(into, { ...rows, vectors: { encoder: 'dlib', size, faces: faceIds, vectors } }, 'npy');
    const { shape, numbers } = numpy(readFileSync(join(into, 'embeddings.npy')));
    expect(shape).toEqual([faceIds.length, 128]);
    expect(numbers).toEqual(vectors);
    expect(lines(readFileSync(join(into, 'embeddings.jsonl')))).toEqual(
      faceIds.map((face, row) => ({ row, face })),
    );
  });

  it('is a document of COCO, with boxes in pixels and a category for each person', async () => {
    const files = await written('coco');
    const { images, annotations, categories } = JSON.parse(files.get('coco.json')!.toString());
    expect(categories).toEqual([
      { id: 1, name: 'face', supercategory: 'face' },
      ...[
        [anna, '=Anna, "A"'],
        [kin, 'Kin'],
        [kin + 1, 'Sib'],
      ].map(([id, name]) => ({ id: 1 + Number(id), name, supercategory: 'face' })),
    ]);
    const [first] = annotations;
    expect(first).toMatchObject({ category_id: 1 + anna, by: 'hand', iscrowd: 0 });
    const image = images.find(({ id }: { id: number }) => id === first.image_id);
    const box = library.faces.boxReader()(first.id as FaceId)!;
    expect(first.bbox[0]).toBeCloseTo(box.x * image.width, 1);
    expect(first.bbox[3]).toBeCloseTo(box.height * image.height, 1);
    // What is no face is no annotation.
    expect(annotations).toHaveLength(library.embeddings.all('dlib').faceIds.length);
  });

  it('is replaced by the next, and stays out of a folder that is not an export', async () => {
    await written('csv');
    const rows = await recordRows(library.file, 'coco');
    await writeRecord(join(folder, 'csv'), rows, 'coco');
    expect(readdirSync(join(folder, 'csv')).filter((name) => !name.startsWith('.'))).toEqual([
      'coco.json',
      'manifest.json',
    ]);
    await expect(writeRecord(folder, rows, 'coco')).rejects.toMatchObject({ code: 'output-unwritable' });
  });

  it('pads the header of an array to 64 bytes, whatever its shape', () => {
    for (const shape of [
      [0, 128],
      [1, 1],
      [123_456, 512],
    ] as const) {
      const bytes = Buffer.from(npyOf(new Float32Array(3), shape));
      expect(numpy(bytes).shape).toEqual(shape);
    }
  });
});
