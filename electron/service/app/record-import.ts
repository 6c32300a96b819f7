import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { KithError } from '../../contract/errors.ts';
import type { UnitBox } from '../../contract/geometry.ts';
import {
  RECORD_VERSION,
  RecordFace,
  RecordManifest,
  RecordPhoto,
  RecordPresence,
} from '../../contract/record-format.ts';
import type { Library } from '../../library/open.ts';
import { type FoundRegion, nameOf } from '../../metadata/in/found.ts';
import { realFolder } from '../walk.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handlers.ts';
import { type NamesSource, planned, takeNames } from './names-in.ts';
import type { State } from './state.ts';

/** Takes names from a record that Kith exported, for the photos that this library has too, wherever they lie. */
export function recordImport(engine: Engine, state: State): Pick<Handlers, 'record.import'> {
  return {
    'record.import': async ({ path, dry }) => {
      const named = await readRecord(await realFolder(path));
      const source = fromRecord(named);
      const { library } = engine;
      const missing = named.size - source.photos(library).length;
      const taken = dry ? planned(library, source) : await takeNames(engine, state, source, 'record-import');
      return { ...taken, missing };
    },
  };
}

/** What a record says of a photo: names with their places, and names of people without a face. */
interface OfPhoto {
  regions: FoundRegion[];
  present: string[];
}

function fromRecord(named: ReadonlyMap<string, OfPhoto>): NamesSource {
  const here = (library: Library) => library.namesRead.photosBy([...named.keys()]);
  return {
    photos: (library) =>
      here(library).map(({ hash, ...photo }) => ({
        ...photo,
        found: [{ regions: named.get(hash)!.regions, people: [], keywords: [], misplaced: [] }],
      })),
    faces: (library) => library.namesRead.facesOn(here(library).map(({ photo }) => photo)),
    present: (library) =>
      here(library).flatMap(({ photo, hash }) => named.get(hash)!.present.map((name) => ({ photo, name }))),
  };
}

/**
 * Reads the names that users gave, and their places. Names that Kith gave by itself are passed over.
 *
 * @returns by the content of photos, SHA-256 in hex
 * @throws KithError not-a-record; `detail` names the file and what is wrong with it
 */
async function readRecord(folder: string): Promise<Map<string, OfPhoto>> {
  await requireVersion(join(folder, 'manifest.json'));
  const hashes = new Map<number, string>();
  for await (const { id, sha256 } of lines(join(folder, 'photos.jsonl'), RecordPhoto)) hashes.set(id, sha256);
  const named = new Map<string, OfPhoto>();
  const of = (hash: string): OfPhoto => {
    const known = named.get(hash) ?? { regions: [], present: [] };
    named.set(hash, known);
    return known;
  };
  for await (const { photo, box, label } of lines(join(folder, 'faces.jsonl'), RecordFace)) {
    const hash = hashes.get(photo);
    const name = label?.name == null || label.by === 'kith' ? null : nameOf(label.name);
    if (hash === undefined || name === null) continue;
    const [x, y, width, height] = box;
    of(hash).regions.push({ name, box: { x, y, width, height } as UnitBox, from: 'record' });
  }
  const presences = join(folder, 'presences.jsonl');
  // A record from before somebody could be put on a photo has no such file.
  if (!existsSync(presences)) return named;
  for await (const { photo, name: text } of lines(presences, RecordPresence)) {
    const [hash, name] = [hashes.get(photo), nameOf(text)];
    if (hash !== undefined && name !== null) of(hash).present.push(name);
  }
  return named;
}

async function requireVersion(file: string): Promise<void> {
  try {
    const { version } = RecordManifest.parse(parsed(await readFile(file, 'utf8')));
    if (version > RECORD_VERSION)
      throw new KithError('not-a-record', `${file}: version ${version}, made by a newer Kith`);
  } catch (error) {
    throw notARecord(file, error);
  }
}

/** Lines of a file, one at a time. @throws KithError not-a-record */
async function* lines<Line>(file: string, schema: z.ZodType<Line>): AsyncGenerator<Line> {
  let number = 0;
  try {
    const handle = await open(file);
    try {
      for await (const text of handle.readLines()) {
        number++;
        if (text.trim() !== '') yield schema.parse(parsed(text));
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw notARecord(number === 0 ? file : `${file}, line ${number}`, error);
  }
}

/** JSON. Editors on Windows put a byte order mark before it, which is no JSON (RFC 8259, 8.1). */
function parsed(text: string): unknown {
  return JSON.parse(text.replace(/^\uFEFF/, ''));
}

function notARecord(file: string, error: unknown): KithError {
  if (error instanceof KithError) return error;
  // A record in another format has no lines to read.
  const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  return new KithError('not-a-record', isMissing ? `${file}: there is no such file` : file, { cause: error });
}
