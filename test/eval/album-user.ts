import type { FaceId, PersonId } from '../../electron/contract/ids.ts';
import type { Question } from '../../electron/contract/people.ts';
import { openLibrary } from '../../electron/library/open.ts';
import type { App } from '../../electron/service/app/app.ts';
import type { AlbumFace } from './album-truth.ts';

/** How far naming has come. */
export interface Standing {
  /** Things that somebody has done: each name, each key of an answer, each offer that was ticked. */
  answers: number;
  /** Share of the faces that count that have their right name. */
  named: number;
  /** Faces with a name that is not theirs: from a hand that spoke for a whole group, and from Kith. */
  wrong: { hand: number; kith: number };
}

/** Somebody who knows everybody on an album. Counted are faces of people who were found on two photos or more. */
export class Witness {
  readonly #person: ReadonlyMap<FaceId, string>;
  readonly counted: number;

  constructor(faces: readonly AlbumFace[]) {
    const people = Map.groupBy(faces, ({ person }) => person);
    // Whoever is there once is a stranger, as are those whom nobody has put there.
    const known = faces.filter(({ person }) => person !== null && people.get(person)!.length > 1);
    this.#person = new Map(known.map(({ id, person }) => [id, person!]));
    this.counted = known.length;
  }

  /** Null for a stranger, and for what is no face. */
  who(face: FaceId): string | null {
    return this.#person.get(face) ?? null;
  }

  /** The fewest people who have so large a share of the faces: nobody can do with fewer names. */
  least(share: number): number {
    const counts = new Map<string, number>();
    for (const person of this.#person.values()) counts.set(person, (counts.get(person) ?? 0) + 1);
    let sum = 0;
    return [...counts.values()]
      .toSorted((a, b) => b - a)
      .reduce((least, count) => {
        if (sum >= share * this.counted) return least;
        sum += count;
        return least + 1;
      }, 0);
  }

  /** Who most of these are. */
  most(faces: readonly FaceId[]): string | null {
    const names = Map.groupBy(faces, (face) => this.who(face));
    return [...names].toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? null;
  }

  /** What the record says by now, against what is so. */
  judge(file: string, answers: number): Standing {
    const library = openLibrary(file);
    try {
      const names = new Map(library.people.all().map(({ id, name }) => [id, name]));
      const wrong = { hand: 0, kith: 0 };
      let right = 0;
      for (const { face, person, by } of library.labels.all()) {
        if (person === null) continue;
        if (names.get(person) === this.who(face)) right++;
        else wrong[by === 'sure' ? 'kith' : 'hand']++;
      }
      return { answers, named: right / this.counted, wrong };
    } finally {
      library.close();
    }
  }
}

/** Answers what the review asks, truthfully, until so many faces are named or nothing is left to ask. */
export async function answerAll(
  app: App,
  file: string,
  witness: Witness,
  until: number,
): Promise<Standing[]> {
  const standings = [witness.judge(file, 0)];
  let question: Question | null = (await app.call('review.next', {})).question;
  let answers = 0;
  while (question && standings.at(-1)!.named < until) {
    const { answer, deeds } = answerTo(question, witness);
    answers += deeds;
    ({ next: question } = await app.call('review.answer', { question: question.id, answer }));
    standings.push(witness.judge(file, answers));
  }
  return standings;
}

/**
 * A person sees the face with those of its group, and goes by most of them. Each offer is looked at as well, and goes by
 * most of the faces that are shown of it; one that is right is ticked. Where the first is not whom Kith takes it for, its
 * name is given at once.
 */
export function answerTo(question: Question, witness: Witness) {
  const who = witness.most([question.face.id, ...question.mates]);
  if (question.kind === 'either') return { answer: ofTwo(question.people, who), deeds: 1 };
  const isHit = question.kind === 'is' && who === question.person.name;
  const right = question.also.filter(({ face, mates }) => witness.most([face, ...mates]) === who);
  const include = right.map(({ face }) => face);
  const deeds = 1 + ticksFor(right.length, question.also.length);
  if (who === null) return { answer: { kind: 'ignore' as const, include }, deeds };
  if (isHit) return { answer: { kind: 'yes' as const, include }, deeds };
  return { answer: { kind: 'other' as const, name: who, include }, deeds };
}

/** Touches that ticking takes: one for each offer that is right; or one for all, and one for each that is not. */
export function ticksFor(right: number, offered: number): number {
  return offered < 2 ? right : Math.min(right, 1 + offered - right);
}

/** Which of two people it is; where it is neither, its name is given at once. */
function ofTwo(people: readonly { id: PersonId; name: string }[], who: string | null) {
  if (who === null) return { kind: 'ignore' as const };
  const one = people.find(({ name }) => name === who);
  return one ? { kind: 'one' as const, person: one.id } : { kind: 'other' as const, name: who };
}

/** What naming groups alone takes; `passed`: groups and faces of strangers that were looked at on the way. */
export interface GroupStanding extends Standing {
  passed: number;
}

/**
 * What the same takes whoever only names groups, the largest first, one name for each; then the faces that are alone, in
 * the order of the photos. Strangers are passed over, and count for nothing.
 */
export function nameGroups(faces: readonly AlbumFace[], witness: Witness): GroupStanding[] {
  const groups = Map.groupBy(faces, ({ group, id }) => group ?? `alone ${id}`);
  const standings: GroupStanding[] = [{ answers: 0, named: 0, wrong: { hand: 0, kith: 0 }, passed: 0 }];
  let [right, wrong, passed] = [0, 0, 0];
  for (const group of [...groups.values()].toSorted((a, b) => b.length - a.length)) {
    const name = witness.most(group.map(({ id }) => id));
    if (name === null) {
      passed++;
      continue;
    }
    const named = group.filter(({ person }) => person === name).length;
    right += named;
    wrong += group.length - named;
    const answers = standings.length;
    standings.push({ answers, named: right / witness.counted, wrong: { hand: wrong, kith: 0 }, passed });
  }
  return standings;
}

/**
 * The fewest names by which so large a share of the faces has theirs, for whoever knows which groups are one person's, and
 * names all of these at once: no question can do with fewer. Faces that are alone are not in it.
 */
export function fewestNames(faces: readonly AlbumFace[], witness: Witness, share: number): number | null {
  const groups = Map.groupBy(
    faces.filter(({ group }) => group !== null),
    ({ group }) => group,
  );
  const right = new Map<string, number>();
  for (const group of groups.values()) {
    const name = witness.most(group.map(({ id }) => id));
    if (name === null) continue;
    const named = group.filter(({ person }) => person === name).length;
    right.set(name, (right.get(name) ?? 0) + named);
  }
  let sum = 0;
  const sizes = [...right.values()].toSorted((a, b) => b - a);
  const last = sizes.findIndex((size) => {
    sum += size;
    return sum >= share * witness.counted;
  });
  return last < 0 ? null : last + 1;
}
