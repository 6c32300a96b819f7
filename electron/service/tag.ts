import { relative, resolve, sep } from 'node:path';
import { KithError } from '../contract/errors.ts';
import type { FaceCard } from '../contract/people.ts';
import type {
  FolderGroups,
  FolderPhoto,
  FoundPerson,
  GroupedFace,
  NamedExample,
  TaggedFace,
  TaggedFolder,
} from '../contract/results.ts';
import type { Library } from '../library/open.ts';
import type { Levels, Naming } from './naming.ts';

/**
 * Names the examples, matches all faces, and says who each face of a folder is.
 *
 * @param result the folder as it was just grouped
 * @throws KithError file-missing for an example that is not in the folder, no-face for one without a face there
 */
export function tagFolder(
  library: Library,
  naming: Naming,
  folder: string,
  result: FolderGroups,
  examples: readonly NamedExample[],
  levels: Levels,
): TaggedFolder {
  const found = examples.map((example) => ({ name: example.name, face: faceOf(example, folder, result).id }));
  const names = new Set(found.map(({ name }) => name));
  library.journal.act(
    { action: 'tag', detail: { names: [...names].join(', '), examples: found.length }, by: 'hand' },
    (entry) => {
      for (const name of names) {
        const person = library.people.named(name)?.id ?? library.people.create(name);
        const faces = found.filter((one) => one.name === name).map(({ face }) => face);
        library.labels.give(person, faces, [], entry);
      }
      naming.spread(levels, entry);
    },
  );
  return {
    ...result,
    photos: withPeople(library, result.photos),
    people: library.cards.people.people(false, 0, 100_000).items,
  };
}

/** The same photos, with the person of each face. */
function withPeople(library: Library, photos: readonly FolderPhoto[]): TaggedFolder['photos'] {
  return photos.map((photo) => {
    const cards = new Map(
      library.cards.faces.get(photo.faces.map(({ id }) => id)).map((card) => [card.id, card]),
    );
    return { ...photo, faces: photo.faces.map((face) => ({ ...face, ...standing(cards.get(face.id)) })) };
  });
}

function standing(
  card: FaceCard | undefined,
): Omit<TaggedFolder['photos'][number]['faces'][number], keyof GroupedFace> {
  const status = card?.status ?? 'none';
  if (status === 'confirmed') return { person: card!.person!.name, status: 'example', probability: 1 };
  if (status === 'sure' || status === 'ask') {
    return { person: card!.person!.name, status, probability: card!.probability ?? 0 };
  }
  return { person: null, status: 'none', probability: null };
}

/** @throws KithError file-missing, no-face */
export function faceOf({ photo, point }: NamedExample, folder: string, result: FolderGroups): GroupedFace {
  const path = relative(folder, resolve(folder, photo)).split(sep).join('/');
  const there = result.photos.find((other) => other.path === path);
  if (!there) throw new KithError('file-missing', `${photo} (not among the photos of ${folder})`);
  const area = ({ box: [, , width, height] }: GroupedFace) => width * height;
  const holding = point === null ? there.faces : there.faces.filter(({ box }) => holds(box, point));
  const [face] = holding.toSorted((a, b) => area(b) - area(a));
  if (!face) throw new KithError('no-face', point === null ? photo : `${photo} at ${point.x}, ${point.y}`);
  return face;
}

function holds([x, y, width, height]: GroupedFace['box'], point: { x: number; y: number }): boolean {
  return point.x >= x && point.x <= x + width && point.y >= y && point.y <= y + height;
}

/** Thrown to roll a transaction back. */
class NotKept extends Error {}

/**
 * Finds the person of one example: the faces of a folder that are, or may be, theirs, the best first. Nothing of it is
 * kept in the record.
 *
 * @throws KithError file-missing, no-face
 */
export function findPerson(
  library: Library,
  naming: Naming,
  folder: string,
  result: FolderGroups,
  photo: string,
  levels: Levels,
): FoundPerson {
  // A name that no person has, so that people who are named already keep their names.
  const name = `\u2063${photo}`;
  let tagged: TaggedFolder | null = null;
  try {
    library.transaction(() => {
      tagged = tagFolder(library, naming, folder, result, [{ name, photo, point: null }], levels);
      throw new NotKept();
    });
  } catch (error) {
    if (!(error instanceof NotKept)) throw error;
  }
  const faces = tagged!.photos.flatMap(({ path, faces }) =>
    faces.filter(({ person }) => person === name).map((face) => ({ ...face, path, person: null })),
  );
  const rank: Record<TaggedFace['status'], number> = { example: 0, sure: 1, ask: 2, none: 3 };
  faces.sort((a, b) => rank[a.status] - rank[b.status] || b.probability! - a.probability! || a.id - b.id);
  return { example: photo, faces };
}
