import { UnreadablePhoto } from '../../contract/errors.ts';
import { iou } from '../../contract/geometry.ts';
import type { EntryId, FaceId, FolderId, PhotoId } from '../../contract/ids.ts';
import { nameKey } from '../../contract/name-key.ts';
import { type LooseName, NameContradiction, type NamesTaken } from '../../contract/names-in.ts';
import type { FaceToName } from '../../library/names-read.ts';
import type { Library } from '../../library/open.ts';
import type { FoundNames } from '../../metadata/in/found.ts';
import { withPresentNames } from '../names/former-names.ts';
import { type Drawing, type NamePlan, type PhotoWithNames, planNames } from '../names/plan.ts';
import type { Engine } from './engine.ts';
import type { State } from './state.ts';

/**
 * How often names are placed: a match that places one name leaves one face and one name less on its photo, so that the next
 * round may place another. Chosen by hand.
 */
const ROUNDS = 3;

/** Overlap from which a face that an undo withdrew is the one of a region. Source: bound; the face was drawn from this region. */
const SAME_REGION = 0.95;

/** Where names come from, held against what a library has now. */
export interface NamesSource {
  photos(library: Library): PhotoWithNames[];
  /** The faces on these photos. */
  faces(library: Library): FaceToName[];
  /** People who are on these photos without a face; left out: the source tells of none. */
  present?(library: Library): OnPhoto[];
}

/** Somebody who is on a photo without a face. */
export interface OnPhoto {
  photo: PhotoId;
  name: string;
}

/** Names that were read from the metadata of a folder's photos. @param folder null: of all */
export function fromMetadata(folder: FolderId | null): NamesSource {
  return {
    photos: (library) =>
      [...Map.groupBy(library.namesRead.found(folder), ({ photo }) => photo).values()].map((files) => {
        const { photo, several, path } = files[0]!;
        return { photo, several, path, found: files.map(({ found }) => JSON.parse(found) as FoundNames) };
      }),
    faces: (library) => library.namesRead.faces(folder),
  };
}

/** Where names go by the present record. */
export function planFor(library: Library, source: NamesSource): { plan: NamePlan; photos: number } {
  const people = library.people.all();
  const present = withPresentNames(
    library.namesRead.renamings(),
    people.map(({ name }) => name),
  );
  const photos = source
    .photos(library)
    .map((photo) => ({ ...photo, found: photo.found.map((found) => present(found)) }));
  const plan = planNames({
    photos,
    faces: source.faces(library),
    people,
    refusals: library.labels.refusals(),
    presences: library.presences.all(),
    together: (groups) => library.namesRead.together(groups),
    answered: library.namesRead.answered(),
  });
  return { plan, photos: photos.length };
}

/** What a plan would do. */
export function planned(library: Library, source: NamesSource, at = planFor(library, source)): NamesTaken {
  const { plan, photos } = at;
  return { ...toldOf(library, photos, [plan], plan, null), put: absent(library, source).length };
}

/**
 * Gives the names that were read to their faces, in one entry of the journal: faces that no detector found are drawn, all
 * named ones are examples, faces that follow are named, and names without a place go to faces that match.
 *
 * @param action the journal's word for it
 * @param also what else is done within the entry, whenever names were given
 */
export async function takeNames(
  engine: Engine,
  state: State,
  source: NamesSource,
  action = 'names-read',
  also: () => void = () => {},
): Promise<NamesTaken> {
  const { library } = engine;
  const first = planFor(library, source);
  const drawn = await drawFaces(engine, first.plan.draw);
  const done: NamePlan[] = [];
  const before = known(library);
  let last = first.plan;
  let put = 0;
  /** Plans by what is true now, and writes it. */
  const write = (entry: EntryId) => {
    last = planFor(library, source).plan;
    const plan = { ...last, draw: last.draw.filter((drawing) => drawn.has(keyOf(drawing))) };
    done.push(plan);
    give(library, plan, drawn, entry);
    const present = absent(library, source);
    for (const { photo, name } of present)
      library.presences.put(photo, library.people.named(name)?.id ?? library.people.create(name));
    put = present.length;
    also();
  };
  const faces = first.plan.give.length + drawn.size;
  const { entry } = state.perform({ action, detail: { faces } }, write);
  if (entry === null) return { ...toldOf(library, first.photos, [], withUndrawn(last), null, before), put };
  await state.prepare();
  const follow = (within: EntryId) => {
    state.spread(within);
    for (let round = 1; round < ROUNDS; round++) {
      last = planFor(library, source).plan;
      placeSuggested(library, last, source);
      if (last.give.length === 0) break;
      const plan = { ...last, draw: [] };
      done.push(plan);
      give(library, plan, drawn, within);
      also();
      state.spread(within);
    }
  };
  if (!library.journal.resume(entry, () => follow(entry))) {
    library.journal.act({ action: 'follow', detail: {}, by: 'kith' }, follow);
  }
  state.changed();
  return { ...toldOf(library, first.photos, done, withUndrawn(last), entry, before), put };
}

/** Those whom a source tells of and who are not on their photos yet. */
function absent(library: Library, source: NamesSource): OnPhoto[] {
  return (source.present?.(library) ?? []).filter(({ photo, name }) => {
    const person = library.people.named(name)?.id;
    if (person === undefined) return true;
    return !library.presences.has(photo, person) && library.presences.faceOf(photo, person) === null;
  });
}

/** A face that could not be drawn, since its photo can't be read now, leaves its name without a place. */
function withUndrawn(plan: NamePlan): NamePlan {
  const undrawn = plan.draw.map((drawing) => ({ ...drawing, id: '', faces: [] }));
  return { ...plan, unplaced: [...plan.unplaced, ...undrawn], draw: [] };
}

/** Gives names without a place to the one face of their photo that Kith would ask about: is it that person? */
function placeSuggested(library: Library, plan: NamePlan, source: NamesSource): void {
  const given = new Set(plan.give.map(({ face }) => face.id));
  const faces = new Map(source.faces(library).map((face) => [face.id, face]));
  plan.unplaced = plan.unplaced.filter((loose) => {
    const person = library.people.named(loose.name);
    if (person === null) return true;
    const [face, another] = library.namesRead.suggested(loose.photo, person.id);
    if (face === undefined || another !== undefined || given.has(face)) return true;
    given.add(face);
    plan.give.push({ photo: loose.photo, path: loose.path, name: loose.name, face: faces.get(face)! });
    return false;
  });
}

/** Writes a plan. To be called within an entry of the journal. */
export function give(
  library: Library,
  plan: Pick<NamePlan, 'give' | 'draw'>,
  drawn: ReadonlyMap<string, FaceId>,
  entry: EntryId,
): void {
  const named: { name: string; face: FaceId }[] = plan.give.map(({ name, face }) => ({
    name,
    face: face.id,
  }));
  for (const drawing of plan.draw) {
    const face = drawn.get(keyOf(drawing));
    if (face === undefined) continue;
    library.faces.show(face);
    named.push({ name: drawing.name, face });
  }
  for (const faces of Map.groupBy(named, ({ name }) => nameKey(name)).values()) {
    const { name } = faces[0]!;
    const person = library.people.named(name)?.id ?? library.people.create(name);
    library.labels.give(
      person,
      faces.map(({ face }) => face),
      [],
      entry,
    );
  }
}

/** By its place: a mirror or a collage may show one person at several. */
export const keyOf = ({ photo, box }: Pick<Drawing, 'photo' | 'box'>) =>
  JSON.stringify([photo, box.x, box.y, box.width, box.height]);

/** Draws faces where regions say that they are. They stay withdrawn until they are shown. */
export async function drawFaces(
  engine: Engine,
  drawings: readonly Pick<Drawing, 'photo' | 'box'>[],
): Promise<Map<string, FaceId>> {
  const { library, by } = engine;
  const drawn = new Map<string, FaceId>();
  // While the library moves to another encoder, a new face could not be compared with those that are there.
  if ((library.groups.encoder() ?? by.encoder) !== by.encoder) return drawn;
  for (const drawing of drawings) {
    const { photo, box } = drawing;
    const before = library.namesRead.withdrawn(photo).find((face) => iou(face.box, box) >= SAME_REGION);
    if (before) drawn.set(keyOf(drawing), before.id);
    else {
      const { files, hash } = library.cards.photos.get(photo);
      for (const path of files) {
        try {
          const found = await engine.pool().draw({ path, hash, box });
          drawn.set(keyOf(drawing), library.faces.addDrawn(photo, found, by));
          break;
        } catch (error) {
          if (!(error instanceof UnreadablePhoto)) throw error;
        }
      }
    }
  }
  return drawn;
}

/** Keys of the names that people have. */
function known(library: Library): ReadonlySet<string> {
  return new Set(library.people.all().map(({ name }) => nameKey(name)));
}

/** @param last the plan as of the end: it lists what was left alone */
function toldOf(
  library: Library,
  photos: number,
  done: readonly NamePlan[],
  last: NamePlan,
  entry: EntryId | null,
  before = known(library),
): Omit<NamesTaken, 'put'> {
  const given = done.flatMap(({ give }) => give);
  const drawn = done.flatMap(({ draw }) => draw);
  const all = [...given, ...drawn];
  const loose = ({ photo, path, name }: LooseName) => ({ photo, path, name });
  return {
    photos,
    people: [...Map.groupBy(all, ({ name }) => nameKey(name))]
      .map(([key, faces]) => ({ name: faces[0]!.name, faces: faces.length, known: before.has(key) }))
      .sort((a, b) => b.faces - a.faces || (a.name < b.name ? -1 : 1)),
    faces: all.length,
    drawn: drawn.length,
    already: (done[0] ?? last).already,
    // Without what only a question needs.
    contradictions: last.contradictions.map((one) => NameContradiction.parse(one)),
    unplaced: last.unplaced.map(loose),
    misplaced: last.misplaced.map(loose),
    entry,
  };
}
