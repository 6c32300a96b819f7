import { basename } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Parsed } from '../../contract/api.ts';
import { isOfPeople } from '../../contract/figures.ts';
import { toPixelBox } from '../../contract/geometry.ts';
import type { FaceId, GroupId, PersonId, PhotoId } from '../../contract/ids.ts';
import type { FaceCard } from '../../contract/people.ts';
import type { Query } from '../../contract/search.ts';
import type { KnownFace } from '../../contract/vision.ts';
import { folderNames } from '../../export/person-folders.ts';
import type { Library } from '../../library/open.ts';
import type { RecordedPhoto } from '../../library/photo-cards.ts';
import { asOfNow } from './as-of-now.ts';
import type { ToWrite } from './export-face.ts';
import { inSets } from './export-training.ts';

/** Limit of the faces that are read of one person or group: more than any has. */
const ALL = 1_000_000;

/**
 * Entries of a list that are read at once. That takes some milliseconds; other requests run in between. Chosen by
 * hand.
 */
const PIECE = 50;

/** A face that was asked for. */
interface Chosen {
  card: FaceCard;
  person: { id: PersonId; name: string } | null;
  /** Name of the folder that it goes to. */
  folder: string;
}

/**
 * Lists the faces to export, each once, all as of one state of the record.
 * @returns `left`: how many were left out, since they are too small or too poor
 * @throws KithError `library-gone`; `not-found` where there is no such person
 */
export function facesToWrite(
  libraryFile: string,
  params: Parsed<'export.crops'>,
): Promise<{ faces: ToWrite[]; left: number }> {
  return asOfNow(libraryFile, async (library) => {
    const photos = new Map<PhotoId, RecordedPhoto>();
    const faces = new Map<FaceId, ToWrite>();
    const left = new Set<FaceId>();
    for await (const chosen of chosenFaces(library, params)) {
      const { id, photo, status } = chosen.card;
      if (status === 'sure' && !params.sure) continue;
      const recorded = photos.get(photo) ?? library.cards.photos.get(photo);
      photos.set(photo, recorded);
      const known = library.faces.known(id);
      if (known === null) continue;
      if (isEnough(chosen.card, recorded, params)) faces.set(id, toWrite(chosen, recorded, known));
      else left.add(id);
      if (faces.size % PIECE === 0) await turn();
    }
    const list = [...faces.values()];
    return { faces: params.training ? await inSets(library, list, params.training) : list, left: left.size };
  });
}

function isEnough(
  { box, quality }: FaceCard,
  photo: RecordedPhoto,
  { minSize, minQuality }: Parsed<'export.crops'>,
): boolean {
  const { width, height } = toPixelBox(box, photo);
  return Math.min(width, height) >= minSize && quality >= minQuality;
}

async function* chosenFaces(
  library: Library,
  { people, groups, all, found }: Parsed<'export.crops'>,
): AsyncGenerator<Chosen> {
  const { cards } = library;
  const folders = folderNames(library.people.all());
  if (found) yield* foundFaces(library, found, folders);
  const lists = cards.people;
  const persons = all ? await idsOf<PersonId>((from) => lists.people(false, from, PIECE)) : people;
  const unnamed = all ? await idsOf<GroupId>((from) => lists.groups(false, from, PIECE)) : groups;
  for (const id of persons) {
    const { name } = library.people.get(id);
    for (const status of ['confirmed', 'sure'] as const) {
      for (const card of cards.faces.ofPerson(id, status, 0, ALL).items)
        yield { card, person: { id, name }, folder: folders.get(id)! };
    }
  }
  for (const id of unnamed) {
    for (const card of cards.faces.ofGroup(id, 0, ALL).items)
      yield { card, person: null, folder: `group ${id}` };
  }
}

/** The faces that a search names, on the photos that it finds; all that have names where it names none. */
async function* foundFaces(
  library: Library,
  query: Query,
  folders: ReadonlyMap<number, string>,
): AsyncGenerator<Chosen> {
  const { search, cards } = library;
  const namesFaces = query.some(
    ({ not, any }) =>
      !not && any.some((atom) => isOfPeople(atom) || atom.kind === 'unnamed' || atom.kind === 'check'),
  );
  for (let from = 0; ; from += PIECE) {
    const { items } = search.list(query, from, PIECE);
    if (items.length === 0) return;
    for (const { id, matched } of items) {
      const named = new Set(matched.map((face) => face.id));
      for (const card of cards.faces.ofPhoto(id)) {
        const isSaid = card.status === 'confirmed' || card.status === 'sure';
        if (namesFaces ? !named.has(card.id) : !isSaid) continue;
        const person = isSaid ? card.person : null;
        const folder = person
          ? folders.get(person.id)!
          : card.group === null
            ? 'alone'
            : `group ${card.group}`;
        yield { card, person, folder };
      }
    }
    await turn();
  }
}

/** The ids of a whole list, read in pieces. */
async function idsOf<Id>(
  read: (from: number) => { items: readonly { id: Id }[]; total: number },
): Promise<Id[]> {
  const ids: Id[] = [];
  for (;;) {
    const { items, total } = read(ids.length);
    ids.push(...items.map(({ id }) => id));
    if (items.length === 0 || ids.length >= total) return ids;
    await turn();
  }
}

function toWrite(
  { card, person, folder }: Chosen,
  recorded: RecordedPhoto,
  { score, ...known }: KnownFace & { score: number },
): ToWrite {
  const { x, y, width, height } = toPixelBox(card.box, recorded);
  const photo = recorded.files[0] ?? recorded.hash;
  return {
    id: card.id,
    photo,
    stem: basename(photo).replace(/\.[^.]*$/, ''),
    takenAt: recorded.takenAt,
    box: [hundredths(x), hundredths(y), hundredths(width), hundredths(height)],
    score,
    quality: card.quality,
    group: card.group,
    person,
    folder,
    title: folder,
    known,
    recorded,
  };
}

function hundredths(pixels: number): number {
  return Math.round(pixels * 100) / 100;
}
