import { KithError } from '../../contract/errors.ts';
import type { UnitBox } from '../../contract/geometry.ts';
import type { EntryId, FaceId } from '../../contract/ids.ts';
import { nameKey } from '../../contract/name-key.ts';
import type { NameAnswer, NamePlace } from '../../contract/names-in.ts';
import { type Contradiction, saidId, type Unplaced } from '../names/contradictions.ts';
import type { Given, NamePlan } from '../names/plan.ts';
import type { Engine } from './engine.ts';
import { drawFaces, fromMetadata, give, keyOf, planFor } from './names-in.ts';
import type { State } from './state.ts';

type Question = Contradiction | (Unplaced & { why: 'unplaced' });

/** What an answer comes to. */
interface Outcome {
  name: string;
  /** Faces that get the name, and places on the photo where one is drawn for it. */
  faces: readonly FaceId[];
  draw: readonly UnitBox[];
  /** Faces that are not the person. */
  refused: readonly FaceId[];
  /** Whether the photo is a mirror or a collage. */
  several: boolean;
  /** Other questions that are answered by it. */
  along: readonly string[];
}

/**
 * Answers a question about names in photos' metadata as one command: the name is given, what is certain by then follows, and
 * the question is not asked again.
 *
 * @throws KithError changed-meanwhile: that question is not open now; bad-request: no answer to it; file-missing: a face has to
 *   be drawn on a photo that can't be read; encoder-changing
 */
export async function settleName(
  engine: Engine,
  state: State,
  question: string,
  answer: NameAnswer,
): Promise<{ entry: EntryId | null }> {
  const { library } = engine;
  await state.ready();
  const plan = () => planFor(library, fromMetadata(null)).plan;
  const asked = openIn(plan(), question);
  const boxes = outcomeOf(asked, answer).draw;
  const drawn = await drawFaces(
    engine,
    boxes.map((box) => ({ photo: asked.photo, box })),
  );
  if (drawn.size < boxes.length) throw undrawable(engine, asked);
  // Drawing takes a while: the question may have been answered elsewhere meanwhile.
  const before = plan();
  const { photo } = openIn(before, question);
  const { name, faces, draw, refused, several, along } = outcomeOf(openIn(before, question), answer);
  const named = [...faces, ...draw.map((box) => drawn.get(keyOf({ photo, box }))!)];
  const action = named.length > 0 ? 'names-settled' : 'names-left';
  const done = state.perform({ action, detail: { name } }, (entry) => {
    if (several) library.photos.setSeveral(photo, true);
    for (const face of drawn.values()) library.faces.show(face);
    const known = library.people.named(name)?.id;
    const person = known ?? (named.length > 0 ? library.people.create(name) : null);
    if (person !== null && named.length > 0) library.labels.give(person, named, [], entry);
    if (person !== null) library.labels.refuse(refused, person);
    library.namesRead.answer([question, ...along]);
    give(library, { give: newIn(plan(), before), draw: [] }, drawn, entry);
    if (named.length > 0) state.spread(entry);
    else if (person !== null && refused.length > 0) state.refresh();
  });
  if (several) engine.tell({ kind: 'changed', what: ['photos'] });
  if (several || drawn.size > 0) await state.prepare();
  return done;
}

/** @throws KithError changed-meanwhile */
function openIn(plan: NamePlan, id: string): Question {
  const loose = plan.unplaced.map((one) => ({ ...one, why: 'unplaced' as const }));
  const question = [...plan.contradictions, ...loose].find((one) => one.id === id);
  if (question === undefined) throw new KithError('changed-meanwhile', 'names-settled');
  return question;
}

/** Names that a plan gives and the former did not: they follow from the answer. */
function newIn(plan: NamePlan, former: NamePlan): Given[] {
  const nameOf = ({ face, name }: Given) => `${face.id} ${nameKey(name)}`;
  const before = new Set(former.give.map(nameOf));
  return plan.give.filter((given) => !before.has(nameOf(given)));
}

function undrawable({ library, by }: Engine, { path }: Question): KithError {
  const encoder = library.groups.encoder() ?? by.encoder;
  return encoder === by.encoder
    ? new KithError('file-missing', path)
    : new KithError('encoder-changing', encoder);
}

/** @throws KithError bad-request: no answer to that question */
function outcomeOf(question: Question, answer: NameAnswer): Outcome {
  const nothing = { faces: [], draw: [], refused: [], several: false, along: [] };
  switch (question.why) {
    case 'two-names':
      if (answer.kind !== 'name') break;
      return { ...nothing, ...at([question.place]), name: answer.name };
    case 'twice': {
      const { name, places } = question;
      if (answer.kind === 'both') return { ...nothing, ...at(places), name, several: true };
      if (answer.kind === 'none') return { ...nothing, name, refused: at(places).faces };
      const place = answer.kind === 'place' ? places[answer.at] : undefined;
      if (place === undefined) break;
      const others = places.filter((one) => one !== place);
      return { ...nothing, ...at([place]), name, refused: at(others).faces };
    }
    case 'two-people': {
      const { name, groups } = question;
      if (answer.kind === 'none') return { ...nothing, name };
      const chosen = groups.find(({ group }) => answer.kind === 'group' && group === answer.group);
      if (chosen === undefined) break;
      const others = groups.filter((group) => group !== chosen).flatMap(({ faces }) => faces);
      const along = others.map(({ id, photo }) => saidId(photo, id, name));
      const [faces, refused] = [chosen.faces, others].map((of) => of.map(({ id }) => id)) as [
        FaceId[],
        FaceId[],
      ];
      return { ...nothing, name, faces, refused, along };
    }
    case 'said': {
      const { name, place, face } = question;
      if (answer.kind === 'keep') return { ...nothing, name };
      if (answer.kind !== 'change') break;
      return { ...nothing, ...at([place]), name, refused: place.face === face ? [] : [face] };
    }
    case 'unplaced': {
      const { name, faces } = question;
      if (answer.kind === 'none') return { ...nothing, name };
      const chosen = faces.find(({ face }) => answer.kind === 'face' && face === answer.face);
      if (chosen === undefined) break;
      return { ...nothing, ...at([chosen]), name };
    }
  }
  throw new KithError('bad-request', `Expected an answer to "${question.why}" but received ${answer.kind}`);
}

/** The faces at these places, and the places that have none. */
function at(places: readonly NamePlace[]): Pick<Outcome, 'faces' | 'draw'> {
  const faces = places.flatMap(({ face }) => (face === null ? [] : [face]));
  return { faces, draw: places.flatMap(({ face, box }) => (face === null ? [box] : [])) };
}
