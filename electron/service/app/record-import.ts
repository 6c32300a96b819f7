import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { z } from 'zod';
import { KithError } from '../../contract/errors.ts';
import type { UnitBox } from '../../contract/geometry.ts';
import { RECORD_VERSION, RecordFace, RecordManifest, RecordPhoto } from '../../contract/record-format.ts';
import { type FoundRegion, nameOf } from '../../metadata/in/found.ts';
import { realFolder } from '../walk.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handlers.ts';
import { type NamesSource, planFor, planned, takeNames } from './names-in.ts';
import type { State } from './state.ts';

/** Takes names from a record that Kith has handed out: the same photos have the same names then, wherever they lie. */
export function recordImport(engine: Engine, state: State): Pick<Handlers, 'record.import'> {
  return {
    'record.import': async ({ path, dry }) => {
      const named = await readRecord(await realFolder(path));
      const source = fromRecord(named);
      const { library } = engine;
      const missing = named.size - source.photos(library).length;
      const taken = dry
        ? planned(library, planFor(library, source))
        : await takeNames(engine, state, source, 'record-import');
      return { ...taken, missing };
    },
  };
}

function fromRecord(named: ReadonlyMap<string, FoundRegion[]>): NamesSource {
  return {
    photos: (library) =>
      library.namesRead.photosBy([...named.keys()]).map(({ hash, ...photo }) => ({
        ...photo,
        found: [{ regions: named.get(hash)!, people: [], keywords: [], misplaced: [] }],
      })),
    faces: (library) =>
      library.namesRead.facesOn(library.namesRead.photosBy([...named.keys()]).map(({ photo }) => photo)),
  };
}

/**
 * Reads who is where: what people have said, and not what Kith was sure of.
 *
 * @returns by the content of photos, SHA-256 in hex
 * @throws KithError not-a-record; `detail` names the file and what is wrong with it
 */
async function readRecord(folder: string): Promise<Map<string, FoundRegion[]>> {
  await requireVersion(join(folder, 'manifest.json'));
  const hashes = new Map<number, string>();
  for await (const { id, sha256 } of lines(join(folder, 'photos.jsonl'), RecordPhoto)) hashes.set(id, sha256);
  const named = new Map<string, FoundRegion[]>();
  for await (const { photo, box, label } of lines(join(folder, 'faces.jsonl'), RecordFace)) {
    const hash = hashes.get(photo);
    const name = label?.name == null || label.by === 'kith' ? null : nameOf(label.name);
    if (hash === undefined || name === null) continue;
    const [x, y, width, height] = box;
    const region: FoundRegion = { name, box: { x, y, width, height } as UnitBox, from: 'record' };
    named.set(hash, [...(named.get(hash) ?? []), region]);
  }
  return named;
}

async function requireVersion(file: string): Promise<void> {
  try {
    const { version } = RecordManifest.parse(JSON.parse(await readFile(file, 'utf8')));
    if (version > RECORD_VERSION)
      throw new KithError('not-a-record', `${file}: version ${version}, made by a newer Kith`);
  } catch (error) {
    if (error instanceof KithError) throw error;
    throw new KithError('not-a-record', file);
  }
}

/** Lines of a file, one at a time. @throws KithError not-a-record */
async function* lines<Line>(file: string, schema: z.ZodType<Line>): AsyncGenerator<Line> {
  let number = 0;
  try {
    for await (const text of createInterface({
      input: createReadStream(file),
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      number++;
      if (text.trim() !== '') yield schema.parse(JSON.parse(text));
    }
  } catch (error) {
    if (error instanceof KithError) throw error;
    throw new KithError('not-a-record', number === 0 ? file : `${file}, line ${number}`);
  }
}
