import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { shuffled } from '../../electron/grouping/random.ts';
import { random } from '../fixtures/random.ts';
import { MOMENTS_PER_EVENT, type Picture } from './imports-cuts.ts';
import { KINDS, type Kind, type PlannedPicture, putPictures, versionOf } from './imports-pictures.ts';
import { lfwFiles } from './lfw.ts';

/** A folder of pictures, and who is on them. */
export interface Source {
  /** Absolute and real. */
  folder: string;
  pictures: Picture[];
}

/** A person and the files that show them. */
interface Somebody {
  name: string;
  files: string[];
}

/** Photos of the person at rank r, for ranks from 1: MOST / r^TAIL, 60 to 2. Chosen by hand, as albums are. */
const MOST = 60;
const TAIL = 0.85;

/** People of LFW and of LAG in the library, and people of LFW who are there once. */
const KNOWN = 45;
const STRANGE = 15;
const LONE = 30;

const SEED = 1;

/** The libraries that are cut, and put below `out`: see the functions that draw each. */
export async function madeSources(out: string) {
  return {
    library: await made(join(out, 'library'), dated(libraryOf())),
    second: await made(join(out, 'second'), secondOf()),
    copies: await made(join(out, 'copies'), copiesOf()),
  };
}

/**
 * Any folder whose subfolders are people. What lies beside the subfolders is of nobody known. Nothing says who is a
 * stranger, so every fourth person is one.
 */
export function sourceOf(root: string): Source {
  const folder = realpathSync(root);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map(({ parentPath, name }) =>
      join(parentPath, name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
  const personOf = (path: string) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : null);
  const people = [...new Set(files.flatMap((path) => personOf(path) ?? []))].toSorted();
  const strange = new Set(people.filter((_, at) => at % 4 === 3));
  return {
    folder,
    pictures: files.toSorted().map((path) => {
      const person = personOf(path);
      return { path, person, moment: path, taken: null, strange: person !== null && strange.has(person) };
    }),
  };
}

/**
 * A family's library and a stranger's album: people of LFW with 60 photos to 2, about a third of them near copies, LFW's
 * people who are there once, the family photos, and photos of several of whom nobody is counted; then people of LAG.
 */
function libraryOf(): PlannedPicture[] {
  const next = random(SEED);
  const [many, once] = [lfwPeople().filter(({ files }) => files.length > 1), lfwPeople()];
  const lone = shuffled(
    once.filter(({ files }) => files.length === 1),
    next,
  ).slice(0, LONE);
  const known = many
    .toSorted((a, b) => b.files.length - a.files.length || (a.name < b.name ? -1 : 1))
    .slice(0, KNOWN)
    .flatMap((somebody, rank) => {
      const photos = Math.max(2, Math.round(MOST / (rank + 1) ** TAIL));
      // Of every other person each photo is a moment of its own, as far as there are so many.
      const moments = rank % 2 === 0 ? Math.ceil(photos / 2) : photos;
      return withCopies({ ...somebody, files: somebody.files.slice(0, moments) }, photos, next);
    });
  const alone = lone.flatMap((somebody) => withCopies(somebody, 1, next));
  const adults = lagAdults().filter(({ files }) => files.length > 1 && files.length < 5);
  const strange = othersThan([...known, ...alone], shuffled(adults, next))
    .slice(0, STRANGE)
    .flatMap((somebody, at) => withCopies(somebody, somebody.files.length + (at % 3), next))
    .map((picture) => ({ ...picture, strange: true }));
  return [...known, ...alone, ...familyPictures(), ...samples(), ...strange];
}

/** The measured case: 40 people of LFW with eight photos or more, then LAG's people with five or more as adults. */
function secondOf(): PlannedPicture[] {
  const first = lfwPeople()
    .filter(({ files }) => files.length >= 8)
    .slice(0, 40);
  const known = first.flatMap(({ name, files }) => files.map((file) => pictureOf(name, file)));
  const second = othersThan(
    known,
    lagAdults().filter(({ files }) => files.length >= 5),
  );
  return [
    ...known,
    ...second.flatMap(({ name, files }) =>
      files.map((file) => ({ ...pictureOf(name, file), strange: true })),
    ),
  ];
}

/** Eight people of LFW with four photos each, then ten versions made of each one's four, which are marked as strange. */
function copiesOf(): PlannedPicture[] {
  const next = random(SEED);
  return lfwPeople()
    .filter(({ files }) => files.length === 4)
    .slice(0, 8)
    .flatMap((somebody) => withCopies(somebody, 14, next, ['light', 'sent', 'edit']))
    .map((picture) => ({ ...picture, strange: picture.version !== null }));
}

async function made(folder: string, planned: PlannedPicture[]): Promise<Source> {
  // Another plan is another folder: what is there already is never painted again.
  const key = createHash('sha256')
    .update(JSON.stringify(planned.map(plainly)))
    .digest('hex')
    .slice(0, 8);
  const place = `${folder}-${key}`;
  await putPictures(planned, place);
  const pictures = planned.map(({ path, person, moment, taken, strange }) => {
    return { path, person, moment, taken, strange };
  });
  return { folder: realpathSync(place), pictures };
}

/** What a picture is, wherever its original lies. */
function plainly({ original, ...picture }: PlannedPicture) {
  return { ...picture, original: basename(original) };
}

/** Somebody's files, and near copies of each file in turn until there are so many photos. */
function withCopies(
  { name, files }: Somebody,
  photos: number,
  next: () => number,
  kinds: readonly Kind[] = KINDS,
): PlannedPicture[] {
  const originals = files.map((file) => pictureOf(name, file));
  const copies = Array.from({ length: Math.max(0, photos - files.length) }, (_, at): PlannedPicture => {
    const of = originals[at % originals.length]!;
    const kind = kinds[(at + Math.floor(at / originals.length)) % kinds.length]!;
    const path = of.path.replace(/\.[^.]+$/, `-${kind}-${at + 1}.jpg`);
    return { ...of, path, version: versionOf(kind, next) };
  });
  return [...originals, ...copies];
}

function pictureOf(person: string | null, original: string): PlannedPicture {
  const path = person === null ? basename(original) : `${person}/${basename(original)}`;
  return { ...{ path, person, original }, moment: path, taken: null, strange: false, version: null };
}

/**
 * Dates, which the pictures of LFW and LAG do not have: moments are put on days by chance, so that each day has several
 * people. A burst follows within seconds, an edited photo keeps the date, and what a messenger sent has none.
 */
function dated(pictures: readonly PlannedPicture[]): PlannedPicture[] {
  const next = random(SEED);
  const moments = shuffled([...new Set(pictures.map(({ moment }) => moment))], next);
  const times = new Map(
    moments.map((moment, at) => {
      const day = 3 * Math.floor(at / MOMENTS_PER_EVENT);
      const minute = 10 * (at % MOMENTS_PER_EVENT);
      return [moment, Date.UTC(2015, 0, 1 + day, 14, minute)];
    }),
  );
  const bursts = new Map<string, number>();
  return pictures.map((picture) => {
    if (/-sent-\d+\.jpg$/.test(picture.path)) return picture;
    const isBurst = /-burst-\d+\.jpg$/.test(picture.path);
    const second = isBurst ? (bursts.get(picture.moment) ?? 0) + 1 : 0;
    if (isBurst) bursts.set(picture.moment, second);
    const time = new Date(times.get(picture.moment)! + 1000 * second);
    return { ...picture, taken: time.toISOString().slice(0, 19) };
  });
}

function lfwPeople(): Somebody[] {
  return peopleIn(lfwFiles().pictures, () => true);
}

/** As adults only: grown up and as a child somebody may well be two people, for grouping and for whoever looks. */
function lagAdults(): Somebody[] {
  return peopleIn(join(lfwFiles().pictures, '../lag-dev'), (name) => name.startsWith('adult_'));
}

/** Some people are in LFW and in LAG, as `Al_Pacino` and `al_pacino`: they would count as two who were joined. */
function othersThan(pictures: readonly Picture[], people: readonly Somebody[]): Somebody[] {
  const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z]/g, '');
  const there = new Set(pictures.map(({ person }) => (person === null ? null : plain(person))));
  return people.filter(({ name }) => !there.has(plain(name)));
}

function peopleIn(folder: string, isWanted: (name: string) => boolean): Somebody[] {
  return readdirSync(folder)
    .toSorted()
    .map((name) => ({
      name,
      files: readdirSync(join(folder, name))
        .filter(isWanted)
        .toSorted()
        .map((file) => join(folder, name, file)),
    }));
}

/** The family photos of one person each are that person's; of those of several nobody is counted. */
function familyPictures(): PlannedPicture[] {
  const folder = join(lfwFiles().pictures, '../../photos/family');
  if (!existsSync(folder)) return [];
  const rows: { photo: string; people: string }[] = parse(readFileSync(join(folder, 'people.csv')), {
    columns: true,
  });
  return rows.map(({ photo, people }) => {
    const isOne = people !== '' && !people.includes(';');
    return pictureOf(isOne ? people : null, join(folder, photo));
  });
}

function samples(): PlannedPicture[] {
  const folder = fileURLToPath(new URL('demo/', import.meta.resolve('@vladmandic/face-api/package.json')));
  return readdirSync(folder)
    .filter((name) => name.startsWith('sample') && extname(name) === '.jpg')
    .map((name) => pictureOf(null, join(folder, name)));
}
