import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { DetectorId, EncoderId, EncoderKey } from '../../electron/contract/ids.ts';
import { openLibrary } from '../../electron/library/open.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { scanned } from './album.ts';
import type { AlbumFace } from './album-truth.ts';
import { answerAll, Witness } from './album-user.ts';
import type { Picture } from './imports-cuts.ts';
import { placeOf, rememberingPool, type Seen } from './imports-seen.ts';

export interface Models {
  detector: DetectorId;
  encoder: EncoderId;
  /** The encoder with the weights that are installed. */
  key: EncoderKey;
}

/** A face of somebody known, as the library has it in the end. */
export interface GroupedFace {
  /** The same in every library: see {@link placeOf}. */
  place: string;
  person: string;
  /** Group, −1 for a face that is alone. */
  group: number;
  /** The same for whoever looks, to whom faces of one name are one: groups, but where a face has a name. */
  shown: number;
}

/** What comes of a library that was imported in parts. */
export interface Outcome {
  faces: GroupedFace[];
  /** The same once everything was grouped anew; null where no names were given between imports. */
  anew: GroupedFace[] | null;
  /** What grouping and matching took after the photos of each import were analysed, in seconds. */
  seconds: number[];
  /** Names that were given before the review, in their order; a name may be given more than once. */
  names: string[];
  /** Answers of the user until 80 and 95 % of the faces have their names, those names among them; null: never. */
  answers: { at80: number | null; at95: number | null } | null;
}

/**
 * Names that a truthful user gives: to so many of the largest groups after each import, for single photos after each tenth;
 * or in the end to the largest group of each of these people, so that a library that came at once has the same names.
 */
export type Naming = { eachTime: number } | { inTheEnd: readonly string[] };

export interface ReplayOptions {
  seen: Seen;
  by: Models;
  /** An empty folder, or none yet, which is removed in the end. */
  place: string;
  naming?: Naming;
  /** Whether the review is answered in the end. */
  answer: boolean;
}

/** Photos after which somebody who looks at the people names some. Chosen by hand: not after each single one. */
const NAMING_AFTER = 10;

/** Imports a library part by part through the application's one door, as scans of one folder after another. */
export async function replay(
  imports: readonly (readonly Picture[])[],
  { seen, by, place, naming, answer }: ReplayOptions,
): Promise<Outcome> {
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  const libraryFile = join(place, 'library.kith');
  const { detector, encoder } = by;
  const app = await createApp({ libraryFile, detector, encoder, startPool: () => rememberingPool(seen) });
  try {
    const seconds: number[] = [];
    const names: string[] = [];
    const faces = () => readFaces(libraryFile, seen, by.key);
    let waiting = 0;
    for (const [number, pictures] of imports.entries()) {
      seconds.push(await timed(app, linked(pictures, seen.folder, join(place, String(number + 1)))));
      waiting += pictures.length;
      // After the last import nothing comes that names could change.
      if (!naming || !('eachTime' in naming)) continue;
      if (waiting < NAMING_AFTER || number === imports.length - 1) continue;
      waiting = 0;
      names.push(...(await nameGroups(app, faces(), naming.eachTime)));
    }
    if (naming && 'inTheEnd' in naming) {
      const wanted = new Set(naming.inTheEnd);
      names.push(...(await nameGroups(app, faces(), wanted.size, wanted)));
    }
    const all = faces();
    // Before the review gives everybody else a name as well.
    const grouped = groupedOf(libraryFile, all);
    let anew: GroupedFace[] | null = null;
    if (naming && 'eachTime' in naming) {
      await app.call('groups.regroup', {});
      anew = groupedOf(libraryFile, faces());
      await app.call('journal.undo', {});
    }
    const answers = answer ? await answersOf(app, libraryFile, all, names.length) : null;
    return { faces: grouped, anew, seconds, names, answers };
  } finally {
    await app.close();
    rmSync(place, { recursive: true, force: true });
  }
}

/** A folder of links to these pictures. Extensions are kept, for that is how a scan knows photos. */
function linked(pictures: readonly Picture[], from: string, to: string): string {
  mkdirSync(to);
  for (const [number, { path }] of pictures.entries()) {
    symlinkSync(join(from, path), join(to, `${String(number + 1).padStart(5, '0')}${extname(path)}`));
  }
  return to;
}

/** Scans a folder. @returns seconds from the last photo's analysis until groups and names are in the record */
async function timed(app: App, folder: string): Promise<number> {
  let began = performance.now();
  const stop = app.on((event) => {
    if (event.kind === 'scan' && event.state.phase === 'grouping') began = performance.now();
  });
  try {
    await scanned(app, folder);
    return (performance.now() - began) / 1000;
  } finally {
    stop();
  }
}

/**
 * Names the largest groups that nobody has named, as most of their faces say, and moves faces of others out of a group before,
 * as the page lets everybody do who sees one there; strangers are passed over.
 *
 * @param wanted people of whom one group each is named; everybody, as often as there are groups, where left out
 * @returns the names that were given
 */
async function nameGroups(
  app: App,
  faces: readonly PlacedFace[],
  most: number,
  wanted?: ReadonlySet<string>,
): Promise<string[]> {
  const witness = new Witness(faces);
  const members = Map.groupBy(faces, ({ group }) => group);
  const { items } = await app.call('groups.list', {});
  const names: string[] = [];
  for (const { id } of items) {
    if (names.length === most) break;
    const name = witness.most((members.get(id) ?? []).map((face) => face.id));
    if (name === null || (wanted && (!wanted.has(name) || names.includes(name)))) continue;
    const others = (members.get(id) ?? []).filter(({ person }) => person !== name);
    for (const theirs of Map.groupBy(others, ({ person, place }) => person ?? place).values()) {
      await app.call('groups.move', { faces: theirs.map((face) => face.id), to: null });
    }
    // A name that was given a moment ago may have spread over all of it, or over all but those.
    if ((await app.call('groups.get', { id })) === null) continue;
    await app.call('name', { groups: [id], name, merge: true });
    names.push(name);
  }
  return names;
}

interface PlacedFace extends AlbumFace {
  place: string;
}

function readFaces(libraryFile: string, { people }: Seen, encoder: EncoderKey): PlacedFace[] {
  const library = openLibrary(libraryFile);
  try {
    const { faceIds, photoHashes, photoIds, groups } = library.embeddings.all(encoder);
    const boxOf = library.faces.boxReader();
    return faceIds.map((id, row) => {
      const place = placeOf(photoHashes[row]!, boxOf(id)!);
      const group = (groups[row] || null) as AlbumFace['group'];
      return { id, photo: photoIds[row]!, group, person: people.get(place) ?? null, place };
    });
  } finally {
    library.close();
  }
}

/** Faces of people who are known. */
function groupedOf(libraryFile: string, faces: readonly PlacedFace[]): GroupedFace[] {
  const library = openLibrary(libraryFile);
  try {
    const named = new Map(library.labels.all().map(({ face, person }) => [face, person]));
    // People are numbered apart from groups.
    const last = faces.reduce((most, { group }) => Math.max(most, group ?? 0), 0);
    return faces.flatMap(({ id, place, person, group }) => {
      if (person === null) return [];
      const name = named.get(id) ?? null;
      return { place, person, group: group ?? -1, shown: name === null ? (group ?? -1) : last + name };
    });
  } finally {
    library.close();
  }
}

async function answersOf(
  app: App,
  libraryFile: string,
  faces: readonly AlbumFace[],
  before: number,
): Promise<Outcome['answers']> {
  const standings = await answerAll(app, libraryFile, new Witness(faces), 0.95);
  const until = (share: number) => {
    const there = standings.find(({ named }) => named >= share);
    return there ? before + there.answers : null;
  };
  return { at80: until(0.8), at95: until(0.95) };
}
