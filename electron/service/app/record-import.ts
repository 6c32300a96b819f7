import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { KithError } from '../../contract/errors.ts';
import type { UnitBox } from '../../contract/geometry.ts';
import type { PersonId } from '../../contract/ids.ts';
import { nameKey } from '../../contract/name-key.ts';
import {
  RECORD_VERSION,
  RecordFace,
  RecordManifest,
  RecordPerson,
  RecordPhoto,
  RecordPresence,
  RecordRelation,
} from '../../contract/record-format.ts';
import type { RelationKind } from '../../contract/relations.ts';
import type { Library } from '../../library/open.ts';
import { type FoundRegion, nameOf } from '../../metadata/in/found.ts';
import { presentName } from '../names/former-names.ts';
import { realFolder } from '../walk.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handlers.ts';
import { type NamesSource, planned, takeNames } from './names-in.ts';
import type { State } from './state.ts';

/** Takes names from a record that Kith exported, for the photos that this library has too, wherever they lie. */
export function recordImport(engine: Engine, state: State): Pick<Handlers, 'record.import'> {
  return {
    'record.import': async ({ path, dry }) => {
      const folder = await realFolder(path);
      const named = await readRecord(folder);
      const relations = await readRelations(folder);
      const source = fromRecord(named);
      const { library } = engine;
      const missing = named.size - source.photos(library).length;
      if (dry) {
        const taken = planned(library, source);
        const coming = new Set(taken.people.map(({ name }) => nameKey(name)));
        return { ...taken, missing, relations: placed(library, relations, coming) };
      }
      let said = 0;
      const taken = await takeNames(engine, state, source, 'record-import', () => {
        said += relate(library, relations);
      });
      const { taken: missed, left } = placed(library, relations);
      return { ...taken, missing, relations: { taken: said, left: left + missed } };
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

/** Something that the record says of two people, by their names. */
interface NamedRelation {
  person: string;
  is: RelationKind;
  of: string;
}

/** Reads what is said of people. @throws KithError not-a-record */
async function readRelations(folder: string): Promise<NamedRelation[]> {
  const file = join(folder, 'relations.jsonl');
  if (!existsSync(file)) return [];
  const names = new Map<number, string>();
  for await (const { id, name } of lines(join(folder, 'people.jsonl'), RecordPerson)) names.set(id, name);
  const relations: NamedRelation[] = [];
  for await (const { person, is, of } of lines(file, RecordRelation)) {
    const [one, other] = [names.get(person), names.get(of)];
    if (one !== undefined && other !== undefined) relations.push({ person: one, is, of: other });
  }
  return relations;
}

/** Says what can be said of people who are here. To be called within an entry. @returns of how many pairs */
function relate(library: Library, relations: readonly NamedRelation[]): number {
  const idOf = idsByName(library);
  let said = 0;
  for (const { is, ...named } of relations) {
    const [person, of] = [idOf(named.person), idOf(named.of)];
    if (person === null || of === null || !library.relations.allows(person, is, of)) continue;
    library.relations.put(person, is, of);
    said++;
  }
  return said;
}

/**
 * How many relations can be taken, and how many are left out; what is said here already is neither.
 *
 * @param coming keys of names that people will have, once the names are taken
 */
function placed(
  library: Library,
  relations: readonly NamedRelation[],
  coming: ReadonlySet<string> = new Set(),
): { taken: number; left: number } {
  const idOf = idsByName(library);
  let [taken, left] = [0, 0];
  for (const { is, ...named } of relations) {
    const [person, of] = [idOf(named.person), idOf(named.of)];
    const isHere = person !== null && of !== null;
    if (isHere && library.relations.between(person, of) === is) continue;
    const isComing = (id: unknown, name: string) => id !== null || coming.has(nameKey(name));
    const isTaken = isHere
      ? library.relations.allows(person, is, of)
      : isComing(person, named.person) && isComing(of, named.of);
    if (isTaken) taken++;
    else left++;
  }
  return { taken, left };
}

/** Gives the person of a name, or of the name that this one has since; null where there is none. */
function idsByName({ people, namesRead }: Library): (name: string) => PersonId | null {
  const all = people.all();
  const ids = new Map(all.map(({ id, name }) => [nameKey(name), id]));
  const present = presentName(
    namesRead.renamings(),
    all.map(({ name }) => name),
  );
  return (name) => ids.get(nameKey(present(name))) ?? null;
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
