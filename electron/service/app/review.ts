import type { Parsed } from '../../contract/api.ts';
import { KithError } from '../../contract/errors.ts';
import type { EntryId, FaceId, GroupId, PersonId } from '../../contract/ids.ts';
import type { Ledger, Question } from '../../contract/people.ts';
import { type Asked, askAbout, askWith } from '../../grouping/ask.ts';
import type { Likely, Suggested, Unit } from '../../library/questions.ts';
import type { Handlers } from './handlers.ts';
import type { State } from './state.ts';

/** How many faces of the person a question shows beside those that it asks about. Chosen by hand. */
const REFERENCES = 2;

/** How many faces of the group a question shows besides the first. Chosen by hand. */
const GROUP_FACES = 8;

/** How many other groups and lone faces a question asks about: what a screen shows without scrolling. Chosen by hand. */
const ALSO = 11;

/**
 * Least probability, 0..1, of being the same person from which a face is asked about together with a group without a name.
 * Chosen by hand.
 */
const PROBABLY = 0.8;

/** For how many groups after the next one suggestions are computed ahead. Chosen by hand. */
const AHEAD = 2;

/** How many questions are remembered, so that the user can undo an answer and give another. Chosen by hand. */
const REMEMBERED = 50;

type Answer = Parsed<'review.answer'>['answer'];

/** A question as it was asked. `person` null: who is this? */
interface Open {
  person: PersonId | null;
  first: Unit;
  also: Unit[];
}

/**
 * Asks one question at a time: the one whose answer is expected to settle most. A question that the user skipped is not
 * asked again until a restart.
 */
export function reviewRequests(state: State): Pick<Handlers, 'review.next' | 'review.answer'> {
  const { library } = state;
  const skipped = new Set<string>();
  const asked = new Map<string, Open>();

  function next(): Question | null {
    const { questions } = library();
    const suggested = questions.suggested();
    const open = suggested.filter((unit) => !isSkipped(unit, unit.person));
    const [about] = [...Map.groupBy(open, ({ person }) => person).values()]
      .flatMap((units) => askAbout(units, ALSO) ?? [])
      .toSorted((a, b) => b.rate - a.rate || a.first.face - b.first.face);
    const [group, ...later] = openGroups();
    lookAhead(later);
    const who = group && askWith(group, 1, suggestionsFor(group, suggested), ALSO);
    if (about && about.rate >= (who?.rate ?? 0)) return isIt(about);
    // A lone face without a name is not asked about by itself: most are strangers who appear once.
    return who && who.first.faces > 1 ? whoIs(who) : about ? isIt(about) : null;
  }

  /** The largest group that may be asked about, and those that come after it. */
  function openGroups(): { group: GroupId; face: FaceId; faces: number }[] {
    const groups = library().questions.groups(skipped.size + 1 + AHEAD);
    return groups.filter((unit) => !isSkipped(unit, null)).slice(0, 1 + AHEAD);
  }

  /**
   * Computes suggestions for groups while the user looks at the question before; in a large library that takes a
   * moment.
   */
  function lookAhead(groups: readonly { group: GroupId }[]): void {
    const naming = state.naming();
    for (const { group } of groups) setImmediate(() => naming.suggestionsFor(group));
  }

  /** Units that may be the same person as a group, without those that are more likely a person who has a name. */
  function suggestionsFor({ group }: { group: GroupId }, suggested: readonly Suggested[]): Likely[] {
    const named = new Map(suggested.map((unit) => [keyOf(unit, null), unit.probability]));
    return library()
      .questions.unitsOf(state.naming().suggestionsFor(group))
      .filter((unit) => {
        const least = Math.max(PROBABLY, named.get(keyOf(unit, null)) ?? 0);
        return unit.probability >= least && !isSkipped(unit, null);
      });
  }

  function isIt({ first, also, settles }: Asked<Suggested>): Question {
    const { id, name } = library().people.get(first.person);
    return {
      kind: 'is',
      ...shown({ person: id, first, also }),
      settles,
      person: { id, name },
      references: library().questions.references(id, REFERENCES),
      probability: first.probability,
    };
  }

  function whoIs({ first, also, settles }: Asked<Likely, Unit>): Question {
    return { kind: 'who', ...shown({ person: null, first, also }), settles };
  }

  /** The part that both kinds of question show. Remembers the question. */
  function shown(open: Open) {
    const { person, first, also } = open;
    const id = `${first.face}:${person ?? 'who'}`;
    asked.delete(id);
    asked.set(id, open);
    if (asked.size > REMEMBERED) asked.delete(asked.keys().next().value!);
    return {
      id,
      face: library().cards.faces.get([first.face])[0]!,
      mates: first.group === null ? [] : library().questions.others(first.group, first.face, GROUP_FACES),
      faces: [first, ...also].reduce((sum, { faces }) => sum + faces, 0),
      also: also.map(({ face, faces }) => ({ face, faces })),
    };
  }

  /** The face that was shown, then the others of its group that still have no label. */
  function membersOf({ group, face }: Unit): FaceId[] {
    const others = group === null ? [] : library().questions.faces(group);
    return [face, ...others.filter((other) => other !== face)];
  }

  function isSkipped(unit: Unit, person: PersonId | null): boolean {
    return skipped.has(keyOf(unit, null)) || (person !== null && skipped.has(keyOf(unit, person)));
  }

  /**
   * The question with this id. After a restart it is about its first face and that face's group alone.
   *
   * @throws KithError bad-request; not-found where a face or the person of it is gone
   */
  function opened(id: string): Open {
    const open = asked.get(id);
    if (open) {
      library().require.faces([open.first, ...open.also].map(({ face }) => face));
      if (open.person !== null) library().require.people([open.person]);
      return open;
    }
    const match = /^(\d+):(\d+|who)$/.exec(id);
    if (!match) throw new KithError('bad-request', `Expected a question's id but received ${id}`);
    const [card] = library().cards.faces.get([Number(match[1]) as FaceId]);
    if (!card) throw new KithError('not-found', `face ${match[1]}`);
    const person = match[2] === 'who' ? null : library().people.get(Number(match[2]) as PersonId).id;
    return { person, first: { group: card.group, face: card.id, faces: 1 }, also: [] };
  }

  /** Records an answer. @returns the person who got more faces by it; null: none did */
  function apply({ person, first, also }: Open, answer: Answer, entry: EntryId): PersonId | null {
    const { labels, people } = library();
    const refuse = (units: readonly Unit[], from: PersonId) => labels.refuse(units.flatMap(membersOf), from);
    // Where the question names a person, these two answers are about the first unit alone; a "who" is about all units.
    const isOfFirst = person !== null && (answer.kind === 'ignore' || answer.kind === 'other');
    // Units that the user has labelled since they were shown are left out.
    const isOpen = ({ face }: Unit) => labels.of([face]).every(({ by }) => by === 'sure');
    const units = isOfFirst ? [first] : [first, ...also.filter(isOpen)];
    const except = 'except' in answer ? answer.except : [];
    const wrong = answer.kind === 'no' ? units : units.filter(({ face }) => except.includes(face));
    const right = units.filter((unit) => !wrong.includes(unit));
    // The first face was asked about by itself; the others were confirmed together, as the faces of a group are.
    const pointed = right.includes(first) ? [first.face] : [];
    const all = right.flatMap(membersOf);
    if (answer.kind === 'ignore') {
      const others = all.filter((face) => !pointed.includes(face));
      labels.put(others, { verdict: 'ignored', person: null, by: 'group' }, entry);
      labels.put(pointed, { verdict: 'ignored', person: null, by: 'hand' }, entry);
      return null;
    }
    const who =
      answer.kind === 'other' ? (people.named(answer.name)?.id ?? people.create(answer.name)) : person;
    if (who === null) throw new KithError('bad-request', `Expected a name but received ${answer.kind}`);
    if (person !== null && who !== person) refuse([first], person);
    refuse(wrong, who);
    labels.give(who, pointed, all, entry);
    return who;
  }

  return {
    'review.next': async () => {
      await state.lookAhead();
      return { question: next(), progress: library().cards.people.progress() };
    },

    'review.answer': ({ question, answer }) => {
      const open = opened(question);
      let ledger: Ledger | null = null;
      let given: EntryId | null = null;
      if (answer.kind === 'skip') {
        skipped.add(keyOf(open.first, null));
        for (const unit of open.also) skipped.add(keyOf(unit, open.person));
      } else {
        const { person } = open;
        const name = answer.kind === 'other' ? answer.name : person && library().people.get(person).name;
        let who: PersonId | null = null;
        const { entry } = state.perform(
          { action: 'answer', detail: { name, answer: answer.kind } },
          (entry) => {
            who = apply(open, answer, entry);
            if (who !== null) state.spread(entry);
            // A face that is ignored no longer competes with the other faces on its photo.
            else state.refresh();
          },
        );
        given = entry;
        if (entry !== null && who !== null) ledger = state.ledger(entry, who, 1);
      }
      return { entry: given, ledger, next: next(), progress: library().cards.people.progress() };
    },
  };
}

/** Key of a unit, alone or with a person. */
function keyOf({ group, face }: Unit, person: PersonId | null): string {
  return `${group === null ? `f${face}` : `g${group}`}${person === null ? '' : `:${person}`}`;
}
