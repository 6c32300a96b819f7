import type { Parsed } from '../../contract/api.ts';
import { KithError } from '../../contract/errors.ts';
import type { EntryId, FaceId, PersonId } from '../../contract/ids.ts';
import type { Library } from '../../library/open.ts';
import type { Unit } from '../../library/questions.ts';

export type Answer = Parsed<'review.answer'>['answer'];

/** A unit as it was asked about or offered. */
export interface AskedUnit extends Unit {
  /** The face that was shown, then the others of its group that had no label. */
  members: readonly FaceId[];
}

/** A question as it was asked. `people`: nobody, who is this? One: is it that person? Two: which of them? */
export interface Open {
  people: readonly PersonId[];
  first: AskedUnit;
  /** Offered: labelled where the user ticks them. */
  also: readonly AskedUnit[];
  /** Probability that the first unit is the one person in question, by its faces alone; null where there is none. */
  matched: number | null;
}

/** Key of a unit, alone or with a person. */
export function keyOf({ group, face }: Unit, person: PersonId | null): string {
  return `${group === null ? `f${face}` : `g${group}`}${person === null ? '' : `:${person}`}`;
}

/** The face of a unit, then the others of its group that have no label. */
export function membersOf({ questions }: Library, { group, face }: Unit): FaceId[] {
  const others = group === null ? [] : questions.faces(group);
  return [face, ...others.filter((other) => other !== face)];
}

/** Who the faces are by an answer; null: it names nobody. @throws KithError bad-request: no answer to that question */
function chosen(library: Library, { people }: Open, answer: Answer): PersonId | null {
  if (answer.kind === 'ignore' || (answer.kind === 'no' && people.length > 1)) return null;
  if (answer.kind === 'other') {
    return library.people.named(answer.name)?.id ?? library.people.create(answer.name);
  }
  const [only, second] = people;
  if (answer.kind === 'one' && people.includes(answer.person)) return answer.person;
  if (answer.kind === 'one' || only === undefined || second !== undefined) {
    const wanted = people.length > 1 ? 'one of both people' : 'a name';
    throw new KithError('bad-request', `Expected ${wanted} but received ${answer.kind}`);
  }
  return answer.kind === 'no' ? null : only;
}

/** Units that the user ticked. @throws KithError bad-request: a face that the question did not offer */
function ticked({ also }: Open, answer: Answer): readonly AskedUnit[] {
  const include = new Set('include' in answer ? answer.include : []);
  const units = also.filter(({ face }) => include.has(face));
  if (units.length < include.size) {
    throw new KithError('bad-request', `Expected faces that were offered but received ${[...include]}`);
  }
  return units;
}

/**
 * Records an answer: of the unit that was asked about, and of those offered that the user ticked. Nothing is said of the
 * others.
 *
 * @returns the person who got more faces by it; null: nobody did
 */
export function applyAnswer(library: Library, open: Open, answer: Answer, entry: EntryId): PersonId | null {
  const { labels } = library;
  const { first, people } = open;
  const who = chosen(library, open, answer);
  // Faces that joined a group since it was shown are not meant, and units that the user has labelled since are left out.
  const isOpen = ({ face }: Unit) => labels.of([face]).every(({ by }) => by === 'sure');
  const now = (unit: AskedUnit) => {
    const shown = new Set(unit.members);
    return membersOf(library, unit).filter((face) => shown.has(face));
  };
  const also = ticked(open, answer).filter(isOpen);
  for (const person of people) {
    if (person !== who && answer.kind !== 'ignore') labels.refuse(now(first), person);
  }
  // The first face was asked about by itself; the others were confirmed together, as the faces of a group are.
  const members = [first, ...also].flatMap(now);
  if (answer.kind === 'ignore') {
    const others = members.filter((face) => face !== first.face);
    labels.put(others, { verdict: 'ignored', person: null, by: 'group' }, entry);
    labels.put([first.face], { verdict: 'ignored', person: null, by: 'hand' }, entry);
  }
  if (who !== null) labels.give(who, [first.face], members, entry);
  return who;
}

/** What the history says of an answer. */
export function detailOf(library: Library, { people }: Open, answer: Answer) {
  const names = people.map((person) => library.people.get(person).name);
  const [name = null, other = null] =
    answer.kind === 'one' && people[1] === answer.person ? names.toReversed() : names;
  if (answer.kind === 'other') return { name: answer.name, answer: answer.kind };
  if (other === null) return { name, answer: answer.kind };
  return { name, other, answer: answer.kind === 'no' ? 'neither' : answer.kind };
}
