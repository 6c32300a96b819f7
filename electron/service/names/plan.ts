import type { UnitBox } from '../../contract/geometry.ts';
import type { FaceId, GroupId, PersonId, PhotoId } from '../../contract/ids.ts';
import { nameKey } from '../../contract/name-key.ts';
import type { LooseName, NamePlace } from '../../contract/names-in.ts';
import type { FaceToName, Together } from '../../library/names-read.ts';
import type { FoundNames } from '../../metadata/in/found.ts';
import { type NamedPlace, placed, placesOf } from '../../metadata/in/places.ts';
import { type Contradiction, looseId, placeOf, questionId, saidId, type Unplaced } from './contradictions.ts';

/** A photo with the names in its files and beside them. */
export interface PhotoWithNames {
  photo: PhotoId;
  /** Whether a person may be on it more than once. */
  several: boolean;
  /** Its first file. */
  path: string;
  found: readonly FoundNames[];
}

/** What the library holds that decides where names go. */
export interface KnownHere {
  photos: readonly PhotoWithNames[];
  faces: readonly FaceToName[];
  people: readonly { id: PersonId; name: string }[];
  refusals: readonly { face: FaceId; person: PersonId }[];
  /** Who was put on a photo without a face: a name that stands for the photo alone has its place then. */
  presences: readonly { photo: PhotoId; person: PersonId }[];
  /** See `NamesRead.together`. */
  together: (groups: readonly GroupId[]) => Together | null;
  /** Ids of the questions that the user has answered: these are neither asked nor guessed. */
  answered: ReadonlySet<string>;
}

/** A name that a face gets. */
export interface Given {
  photo: PhotoId;
  path: string;
  name: string;
  face: FaceToName;
}

/** A face that Kith has not found, where a region says that it is. */
export interface Drawing {
  photo: PhotoId;
  path: string;
  name: string;
  box: UnitBox;
}

export interface NamePlan {
  give: Given[];
  draw: Drawing[];
  already: number;
  unplaced: Unplaced[];
  contradictions: Contradiction[];
  misplaced: LooseName[];
}

/** How many faces of a group need the same name before the group counts as that person's. Chosen by hand: one may be wrong. */
const STANDS_FOR = 2;

/**
 * Decides which face gets which name. Nothing is guessed: a contradiction among the names, or with the user's labels, is
 * listed, and a name that may be of several faces is left unplaced.
 */
export function planNames(here: KnownHere): NamePlan {
  const plan: NamePlan = { give: [], draw: [], already: 0, unplaced: [], contradictions: [], misplaced: [] };
  const people = new Map(here.people.map(({ id, name }) => [nameKey(name), id]));
  const nameOf = new Map(here.people.map(({ id, name }) => [id, name]));
  const refused = new Set(here.refusals.map(({ face, person }) => `${face}:${person}`));
  const present = new Set(here.presences.map(({ photo, person }) => `${photo}:${person}`));
  const facesOf = Map.groupBy(here.faces, ({ photo }) => photo);
  const known = knownKeys(here);
  for (const photo of here.photos) planPhoto(photo, facesOf.get(photo.photo) ?? []);
  withoutTwoPeople(here, plan);
  return plan;

  function planPhoto({ photo, several, path, found }: PhotoWithNames, faces: readonly FaceToName[]): void {
    const places = placesOf(found.flatMap(({ regions }) => regions));
    const at = placed(
      places.map(({ box }) => box),
      faces.map(({ box }) => box),
    );
    /** Keys of the names that are settled on this photo, whether placed, contradicted or there already. */
    const settled = new Set<string>();
    const loose: string[] = [];
    const twice = several ? new Set<string>() : repeated(places.map(({ names }) => names));
    const faceAt = (index: number) => {
      const one = at[index]!;
      return one.kind === 'face' ? faces[one.face]! : null;
    };
    for (const key of twice) {
      settled.add(key);
      askTwice(key, { photo, path }, places, faceAt);
    }
    const given = new Set<FaceId>();
    places.forEach(({ names, box }, index) => {
      const one = at[index]!;
      const face = faceAt(index);
      const name = names[0]!;
      const key = nameKey(name);
      if (names.length > 1) {
        // Where the user, or an earlier command, has chosen one of them, nothing is left to ask. Kith's own names choose none.
        const isChosen =
          face !== null && face.by !== 'sure' && names.some((other) => isPerson(face, nameKey(other)));
        if (isChosen) plan.already++;
        else {
          const id = questionId('two-names', photo, box, names.map(nameKey).sort());
          const place = placeOf(face, box);
          ask({ why: 'two-names', id, photo, path, face: place.face, place, names });
        }
        for (const other of names) settled.add(nameKey(other));
        if (face) given.add(face.id);
      } else if (twice.has(key)) {
        if (face) given.add(face.id);
      } else if (face !== null) {
        settled.add(key);
        given.add(face.id);
        giveTo(face, name, box, { photo, several, path }, faces);
      } else if (one.kind === 'none') {
        settled.add(key);
        const other = elsewhere(key, null, several, faces);
        if (other === undefined) plan.draw.push({ photo, path, name, box });
        else contradict(other, name, path, placeOf(null, box));
      } else loose.push(name);
    });
    loose.push(...found.flatMap((one) => one.people.map(({ name }) => name)));
    loose.push(...found.flatMap(({ keywords }) => keywords.filter((word) => known.has(nameKey(word)))));
    placeLoose(loose, settled, given, { photo, several, path }, faces);
    for (const { misplaced } of found) {
      for (const { name } of misplaced) {
        if (settled.has(nameKey(name)) || isOn(photo, faces, nameKey(name))) continue;
        if (plan.misplaced.some((one) => one.path === path && one.name === name)) continue;
        plan.misplaced.push({ photo, path, name });
      }
    }
  }

  function ask(contradiction: Contradiction): void {
    if (!here.answered.has(contradiction.id)) plan.contradictions.push(contradiction);
  }

  /** Asks which of several faces has the name, unless the user has said it of one. */
  function askTwice(
    key: string,
    { photo, path }: { photo: PhotoId; path: string },
    places: readonly NamedPlace[],
    faceAt: (index: number) => FaceToName | null,
  ): void {
    const named = places.flatMap(({ names, box }, index) => {
      const name = names.find((one) => nameKey(one) === key);
      return name === undefined ? [] : [{ name, box, face: faceAt(index) }];
    });
    // From the left, as the faces of a photo are listed.
    named.sort((a, b) => a.box.x - b.box.x);
    const isChosen = named.some(({ face }) => face !== null && face.by !== 'sure' && isPerson(face, key));
    if (isChosen) {
      plan.already++;
      return;
    }
    const boxes = named.map(({ box }) => box);
    const id = questionId('twice', photo, key, ...boxes);
    const where = named.map(({ face, box }) => placeOf(face, box));
    ask({ why: 'twice', id, photo, path, name: named[0]!.name, places: where });
  }

  /** Names without a place: where one name and one face without a name are left, they belong together. */
  function placeLoose(
    names: readonly string[],
    settled: ReadonlySet<string>,
    given: ReadonlySet<FaceId>,
    photo: Omit<PhotoWithNames, 'found'>,
    faces: readonly FaceToName[],
  ): void {
    const open = new Map<string, string>();
    for (const name of names) {
      const key = nameKey(name);
      const isThere = settled.has(key) || isOn(photo.photo, faces, key);
      if (!isThere && here.answered.has(looseId(photo.photo, name))) continue;
      if (!isThere && !open.has(key)) open.set(key, name);
    }
    const free = faces.filter((face) => face.by === null && !given.has(face.id));
    const [name] = open.values();
    const [face] = free;
    if (open.size === 1 && free.length === 1 && !isRefused(face!, nameKey(name!))) {
      plan.give.push({ photo: photo.photo, path: photo.path, name: name!, face: face! });
      return;
    }
    for (const left of open.values()) {
      const id = looseId(photo.photo, left);
      const mayBe = free.filter((one) => !isRefused(one, nameKey(left)));
      const at = mayBe.map((one) => placeOf(one, one.box));
      plan.unplaced.push({ id, photo: photo.photo, path: photo.path, name: left, faces: at });
    }
  }

  /** Gives a face the name of its region, unless the user has given it another label. */
  function giveTo(
    face: FaceToName,
    name: string,
    box: UnitBox,
    { photo, several, path }: Omit<PhotoWithNames, 'found'>,
    faces: readonly FaceToName[],
  ): void {
    const key = nameKey(name);
    const isSaid = face.by === 'hand' || face.by === 'group';
    if (isSaid && isPerson(face, key)) plan.already++;
    else if (isSaid || isRefused(face, key)) contradict(face, name, path, placeOf(face, box));
    else {
      const other = elsewhere(key, face, several, faces);
      if (other === undefined) plan.give.push({ photo, path, name, face });
      else contradict(other, name, path, placeOf(face, box));
    }
  }

  function contradict(face: FaceToName, name: string, path: string, place: NamePlace): void {
    const isSaid = face.person !== null && face.by !== 'sure';
    const said = isSaid ? (nameOf.get(face.person!) ?? null) : null;
    const { id: of, photo, box } = face;
    ask({ why: 'said', id: saidId(photo, of, name), photo, path, face: of, box, name, said, place });
  }

  /** Another face of the photo that the user has named so. */
  function elsewhere(key: string, face: FaceToName | null, several: boolean, faces: readonly FaceToName[]) {
    if (several) return undefined;
    return faces.find((other) => other.id !== face?.id && other.by !== 'sure' && isPerson(other, key));
  }

  function isPerson({ verdict, person }: FaceToName, key: string): boolean {
    return verdict === 'person' && person !== null && people.get(key) === person;
  }

  /** Whether a person is on a photo, by one of its faces or without one. */
  function isOn(photo: PhotoId, faces: readonly FaceToName[], key: string): boolean {
    return faces.some((face) => isPerson(face, key)) || present.has(`${photo}:${people.get(key)}`);
  }

  function isRefused({ id }: FaceToName, key: string): boolean {
    const person = people.get(key);
    return person !== undefined && refused.has(`${id}:${person}`);
  }
}

/** Keys of the names of people: in the library, or read from anything but a flat keyword. */
function knownKeys({ people, photos }: KnownHere): ReadonlySet<string> {
  const read = photos.flatMap(({ found }) =>
    found.flatMap((one) => [...one.regions, ...one.people, ...one.misplaced]),
  );
  return new Set([...people, ...read].map(({ name }) => nameKey(name)));
}

/** Keys that stand in more than one of these lists. */
function repeated(lists: readonly (readonly string[])[]): Set<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const names of lists) {
    for (const key of new Set(names.map(nameKey))) {
      if (seen.has(key)) twice.add(key);
      seen.add(key);
    }
  }
  return twice;
}

/**
 * Takes a name out of a plan where two people have it: two groups, each with several faces of the name, have a face each on
 * one photo, and a person is on a photo only once.
 */
function withoutTwoPeople(here: KnownHere, plan: NamePlan): void {
  for (const [key, given] of Map.groupBy(plan.give, ({ name }) => nameKey(name))) {
    const groups = [...Map.groupBy(given, ({ face }) => face.group)]
      .filter(([group, faces]) => group !== null && faces.length >= STANDS_FOR)
      .map(([group]) => group as GroupId);
    const together = here.together(groups);
    if (together === null) continue;
    plan.give = plan.give.filter(({ name }) => nameKey(name) !== key);
    plan.draw = plan.draw.filter(({ name }) => nameKey(name) !== key);
    const { photo, path } = together;
    const id = questionId('two-people', key, photo);
    if (here.answered.has(id)) continue;
    const asked = together.groups.map((group) => ({
      group,
      faces: given.flatMap(({ face: { id, photo, group: of } }) => (of === group ? [{ id, photo }] : [])),
    }));
    const { name } = given[0]!;
    plan.contradictions.push({
      ...{ why: 'two-people', id, photo, path, name, faces: given.length, groups: asked },
    });
  }
}
