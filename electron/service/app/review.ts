import type { Parsed } from '../../contract/api.ts';
import { KithError } from '../../contract/errors.ts';
import type { EntryId, FaceId, GroupId, PersonId } from '../../contract/ids.ts';
import type { Ledger, Question } from '../../contract/people.ts';
import { type Asked, askAbout, askWith, LIKELY } from '../../grouping/ask.ts';
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

/** Of how many units that are hardly likely it is looked whether they are one of two people. Bound: some milliseconds. */
const LOOKED_AT = 100;

/** For how many groups after the next one suggestions are computed ahead. Chosen by hand. */
const AHEAD = 2;

/** How many questions are remembered, so that the user can undo an answer and give another. Chosen by hand. */
const REMEMBERED = 50;

type Answer = Parsed<'review.answer'>['answer'];

/** Another person who a unit may be as well; `share`: probability that it is not that one but the first. */
interface Rival {
  person: PersonId;
  share: number;
}

/** A unit that may be a person. With a rival, `probability` is that it is one of both. */
interface Weighed extends Suggested {
  rival?: Rival;
}

/** A question as it was asked. `people`: nobody, who is this? One: is it that person? Two: which of them? */
interface Open {
  people: readonly PersonId[];
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
    const [about] = [...Map.groupBy(weighed(open), ({ person }) => person).values()]
      .flatMap((units) => askAbout(units, ALSO) ?? [])
      .toSorted((a, b) => b.rate - a.rate || a.first.face - b.first.face);
    const [group, ...later] = openGroups();
    lookAhead(later);
    const who = group && askWith(group, 1, suggestionsFor(group, suggested), ALSO);
    if (about && about.rate >= (who?.rate ?? 0)) return aboutKnown(about);
    // A lone face without a name is not asked about by itself: most are strangers who appear once.
    return who && who.first.faces > 1 ? whoIs(who) : about ? aboutKnown(about) : null;
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

  /** Units with their rivals, where being one of both makes them likely: two near people share a probability. */
  function weighed(units: readonly Suggested[]): Weighed[] {
    const unlikely = units
      .filter(({ probability }) => probability < LIKELY)
      .toSorted((a, b) => b.faces * b.probability - a.faces * a.probability);
    const looked = new Set(unlikely.slice(0, LOOKED_AT));
    return units.map((unit) => (looked.has(unit) ? withRival(unit) : unit));
  }

  function withRival(unit: Weighed): Weighed {
    if (unit.rival) return unit;
    const rival = state.naming().rivalOf(unit.face, unit.person);
    return rival ? { ...unit, rival, probability: Math.min(1, unit.probability / rival.share) } : unit;
  }

  /** Whether it is a person, or which of two who look like each other. Where two come in question, units are asked singly. */
  function aboutKnown(asked: Asked<Weighed>): Question {
    const first = withRival(asked.first);
    if (first.rival) return eitherOf(first, first.rival);
    const also = asked.also.filter((unit) => !withRival(unit).rival);
    const settles = also.reduce((sum, { faces, probability }) => sum + faces * probability, first.faces);
    return isIt({ ...asked, also, settles: also.length < asked.also.length ? settles : asked.settles });
  }

  function isIt({ first, also, settles }: Asked<Suggested>): Question {
    const { id, name } = library().people.get(first.person);
    return {
      kind: 'is',
      ...shown({ people: [id], first, also }),
      settles,
      person: { id, name },
      references: library().questions.references(id, REFERENCES),
      probability: first.probability,
    };
  }

  function eitherOf(first: Weighed, { person: other, share }: Rival): Question {
    const both = [
      { person: first.person, probability: first.probability * share },
      { person: other, probability: first.probability * (1 - share) },
    ].sort((a, b) => a.person - b.person);
    const [one, two] = both.map(({ person, ...chance }) => {
      const { id, name } = library().people.get(person);
      return { id, name, references: library().questions.references(id, REFERENCES), ...chance };
    });
    const open = { people: both.map(({ person }) => person), first, also: [] };
    return { kind: 'either', ...shown(open), settles: first.faces, people: [one!, two!] };
  }

  function whoIs({ first, also, settles }: Asked<Likely, Unit>): Question {
    return { kind: 'who', ...shown({ people: [], first, also }), settles };
  }

  /** The part that all kinds of question show. Remembers the question. */
  function shown(open: Open) {
    const { people, first, also } = open;
    const id = `${first.face}:${people.length > 0 ? people.join(':') : 'who'}`;
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
      library().require.people(open.people);
      return open;
    }
    const match = /^(\d+):(who|\d+(?::\d+)?)$/.exec(id);
    if (!match) throw new KithError('bad-request', `Expected a question's id but received ${id}`);
    const [card] = library().cards.faces.get([Number(match[1]) as FaceId]);
    if (!card) throw new KithError('not-found', `face ${match[1]}`);
    const people = match[2] === 'who' ? [] : match[2]!.split(':').map((word) => Number(word) as PersonId);
    library().require.people(people);
    return { people, first: { group: card.group, face: card.id, faces: 1 }, also: [] };
  }

  /** Who the faces are by an answer; null: the answer names nobody. @throws KithError bad-request: no answer to that question */
  function chosen({ people }: Open, answer: Answer): PersonId | null {
    if (answer.kind === 'ignore' || (answer.kind === 'no' && people.length > 1)) return null;
    if (answer.kind === 'other') {
      return library().people.named(answer.name)?.id ?? library().people.create(answer.name);
    }
    const [only, second] = people;
    if (answer.kind === 'one' && people.includes(answer.person)) return answer.person;
    if (answer.kind === 'one' || only === undefined || second !== undefined) {
      const wanted = people.length > 1 ? 'one of both people' : 'a name';
      throw new KithError('bad-request', `Expected ${wanted} but received ${answer.kind}`);
    }
    return only;
  }

  /** Records an answer. @returns the person who got more faces by it; null: none did */
  function apply(open: Open, answer: Answer, entry: EntryId): PersonId | null {
    const { people, first, also } = open;
    const { labels } = library();
    const refuse = (units: readonly Unit[], from: PersonId) => labels.refuse(units.flatMap(membersOf), from);
    // Where the question names people, these answers are about the first unit alone; a "who" is about all units.
    const isOfFirst = people.length > 0 && (answer.kind === 'ignore' || answer.kind === 'other');
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
    const who = chosen(open, answer);
    for (const person of people) if (person !== who) refuse([first], person);
    if (who === null) return null;
    refuse(wrong, who);
    labels.give(who, pointed, all, entry);
    return who;
  }

  /** What the history says of an answer. */
  function detailOf({ people }: Open, answer: Answer) {
    const names = people.map((person) => library().people.get(person).name);
    const [name = null, other = null] =
      answer.kind === 'one' && people[1] === answer.person ? names.toReversed() : names;
    if (answer.kind === 'other') return { name: answer.name, answer: answer.kind };
    if (other === null) return { name, answer: answer.kind };
    return { name, other, answer: answer.kind === 'no' ? 'neither' : answer.kind };
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
        for (const unit of open.also) skipped.add(keyOf(unit, open.people[0] ?? null));
      } else {
        let who: PersonId | null = null;
        const { entry } = state.perform({ action: 'answer', detail: detailOf(open, answer) }, (entry) => {
          who = apply(open, answer, entry);
          // A face that is ignored no longer competes with the other faces on its photo.
          if (answer.kind === 'ignore') state.refresh();
          else state.spread(entry);
        });
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
