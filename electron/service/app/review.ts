import { KithError } from '../../contract/errors.ts';
import type { EntryId, FaceId, GroupId, PersonId } from '../../contract/ids.ts';
import type { Ledger, Question } from '../../contract/people.ts';
import { type Asked, askAbout, askWith, LIKELY } from '../../grouping/ask.ts';
import { OVERLOOKED, WORTH_ASKING } from '../../grouping/constants.ts';
import { logit, sigmoid } from '../../grouping/logistic.ts';
import type { Library } from '../../library/open.ts';
import type { Likely, Suggested, Unit } from '../../library/questions.ts';
import type { Rival, RivalOf } from '../naming.ts';
import type { Handlers } from './handlers.ts';
import { most } from './most.ts';
import { applyAnswer, detailOf, keyOf, membersOf, type Open } from './review-answer.ts';
import type { AnswersNow } from './review-given.ts';
import { ReviewMemory } from './review-memory.ts';
import { isUnlikely, unlikelyByPerson } from './review-unlikely.ts';
import type { State } from './state.ts';

/** How many faces of the person a question shows beside those that it asks about. Chosen by hand. */
const REFERENCES = 2;

/** How many faces of the group a question shows besides the first. Chosen by hand. */
const GROUP_FACES = 8;

/** How many faces of a group that is offered are shown. Source: chosen by hand; two may be alike by chance, three hardly. */
const OFFER_FACES = 3;

/** How many groups and lone faces are offered with a question: what a screen shows large. Chosen by hand. */
const ALSO = 6;

/** Of how many units that are hardly likely it is looked whether they are one of two people. Bound: some milliseconds. */
const LOOKED_AT = 100;

/** For how many groups after the next one suggestions are computed ahead. Chosen by hand. */
const AHEAD = 2;

/** What the order of questions follows from, beside the record. */
interface Now {
  answers: AnswersNow;
  rivalOf: RivalOf;
}

/** A unit that may be a person. With a rival, `probability` is that it is one of both. */
interface Weighed extends Suggested {
  rival?: Rival;
  /** The probability by the faces alone, before what the user has answered so far. */
  matched: number;
}

/**
 * Asks one question at a time: the one whose answer is expected to settle most. A question that the user skipped is not
 * asked again until a restart.
 */
export function reviewRequests(
  state: State,
): Pick<Handlers, 'review.next' | 'review.faces' | 'review.unlikely' | 'review.answer'> {
  const { library } = state;
  /** One for each library: another library takes its place where the user restores a copy or erases everything. */
  const memories = new WeakMap<Library, ReviewMemory>();

  function memory(): ReviewMemory {
    const known = memories.get(library()) ?? new ReviewMemory(library());
    memories.set(library(), known);
    return known;
  }

  /** The next question, null: nothing is worth asking; and how many unlikely units are left. */
  function next(): { question: Question | null; unlikely: number } {
    const suggested = library().questions.suggested();
    const by = now();
    const open = weighed(suggested, by);
    return { question: worthAsking(open, suggested, by), unlikely: open.filter(isUnlikely).length };
  }

  function now(): Now {
    return { answers: memory().answers.now(), rivalOf: state.naming().rivals() };
  }

  function worthAsking(
    open: readonly Weighed[],
    suggested: readonly Suggested[],
    { answers: { soFar, isOverlooked }, rivalOf }: Now,
  ): Question | null {
    const [about] = [...Map.groupBy(open, ({ person }) => person).values()]
      .flatMap((units) => askAbout(units, ALSO, (unit) => !isOverlooked(unit, unit.person)) ?? [])
      .filter(({ rate }) => rate >= WORTH_ASKING)
      .toSorted((a, b) => b.rate - a.rate || a.first.face - b.first.face);
    const [group, ...later] = openGroups();
    lookAhead(later);
    const same = group ? suggestionsFor(group, suggested) : [];
    const who = group && askWith(group, 1, same, ALSO);
    // Once the user had no name for some groups as small as this one, it is not worth a question either.
    const rate = who ? who.rate * soFar.ofGroup(group.faces) : 0;
    const isSame = about?.first.group === group?.group;
    if (about && about.rate >= rate) return aboutKnown(about, rivalOf, isSame ? same : []);
    // A lone face without a name is not asked about by itself: most are strangers who appear once.
    if (who && who.first.faces > 1 && rate >= WORTH_ASKING) return whoIs(who);
    return about ? aboutKnown(about, rivalOf) : null;
  }

  /** The largest group that may be asked about, and those that come after it. */
  function openGroups(): { group: GroupId; face: FaceId; faces: number }[] {
    const groups = library().questions.groups(memory().skips + 1 + AHEAD);
    return groups.filter((unit) => !memory().isSkipped(unit)).slice(0, 1 + AHEAD);
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
    const units = library().questions.unitsOf(state.naming().suggestionsFor(group));
    if (units.length === 0) return [];
    const numberOf = ({ group: of, face }: Unit) => of ?? -face;
    const named = new Map(suggested.map((unit) => [numberOf(unit), unit.probability]));
    return units.filter((unit) => {
      const least = Math.max(LIKELY, named.get(numberOf(unit)) ?? 0);
      return unit.probability >= least && !memory().isSkipped(unit);
    });
  }

  /**
   * Units that were not skipped, with their rivals where being one of both makes them likely: two near people share a
   * probability.
   */
  function weighed(suggested: readonly Suggested[], { answers, rivalOf }: Now): Weighed[] {
    const units = suggested.filter((unit) => !memory().isSkipped(unit));
    const unlikely = units.filter(({ probability }) => probability < LIKELY);
    const looked = new Set(most(unlikely, LOOKED_AT, ({ faces, probability }) => faces * probability));
    return units.map((unit) => {
      const matched = { ...unit, matched: unit.probability };
      return asAnswered(looked.has(unit) ? withRival(matched, rivalOf) : matched, answers);
    });
  }

  /** A unit as likely as it is by what the user has answered so far. */
  function asAnswered(unit: Weighed, { soFar, isOverlooked }: AnswersNow): Weighed {
    const likely = unit.group === null ? soFar.ofLone(unit.probability) : unit.probability;
    const probability = isOverlooked(unit, unit.person)
      ? sigmoid(logit(likely) + Math.log(OVERLOOKED))
      : likely;
    return { ...unit, probability };
  }

  function withRival(unit: Weighed, rivalOf: RivalOf): Weighed {
    if (unit.rival) return unit;
    const rival = rivalOf(unit.face, unit.person);
    return rival ? { ...unit, rival, probability: Math.min(1, unit.probability / rival.share) } : unit;
  }

  /** Whether it is a person, or which of two who look like each other. Where two come in question, units are asked singly. */
  function aboutKnown(asked: Asked<Weighed>, rivalOf: RivalOf, same: readonly Likely[] = []): Question {
    const first = withRival(asked.first, rivalOf);
    if (first.rival) return eitherOf(first, first.rival);
    const theirs = asked.also.filter((unit) => !withRival(unit, rivalOf).rival);
    // The user may know the group as somebody else, who these are then as well.
    const known = new Set([first, ...theirs].map((unit) => keyOf(unit, null)));
    const others = same.filter((unit) => !known.has(keyOf(unit, null)));
    return isIt({ first, also: [...theirs, ...others].slice(0, ALSO) });
  }

  function isIt({ first, also }: { first: Weighed; also: readonly Unit[] }): Question {
    const { id, name } = library().people.get(first.person);
    return {
      kind: 'is',
      ...shown({ people: [id], first, also, matched: first.matched }),
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
    return { kind: 'either', ...shown(open), people: [one!, two!] };
  }

  function whoIs({ first, also }: Asked<Likely, Unit>): Question {
    return { kind: 'who', ...shown({ people: [], first, also }) };
  }

  /** The part that all kinds of question show. Remembers the question, and of which faces it is. */
  function shown({
    people,
    first,
    also,
    matched = null,
  }: {
    people: readonly PersonId[];
    first: Unit;
    also: readonly Unit[];
    matched?: number | null;
  }) {
    const open = { people, first: withMembers(first), also: also.map(withMembers), matched };
    const id = `${first.face}:${people.length > 0 ? people.join(':') : 'who'}`;
    memory().ask(id, open);
    return {
      id,
      face: library().cards.faces.get([first.face])[0]!,
      mates: matesOf(first, GROUP_FACES),
      faces: open.first.members.length,
      also: open.also.map(({ members, ...unit }) => ({
        face: unit.face,
        mates: matesOf(unit, OFFER_FACES - 1),
        faces: members.length,
      })),
    };
  }

  function matesOf({ group, face }: Unit, limit: number): FaceId[] {
    return group === null ? [] : library().questions.others(group, face, limit);
  }

  /** The unit and the faces that it has now: an answer names no face that joins its group later. */
  function withMembers<U extends Unit>(unit: U): U & { members: FaceId[] } {
    return { ...unit, members: membersOf(library(), unit) };
  }

  /**
   * The question with this id. After a restart it is about its first face and that face's group alone.
   *
   * @throws KithError bad-request; not-found where a face or the person of it is gone
   */
  function opened(id: string): Open {
    const open = memory().asked(id);
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
    return {
      people,
      first: withMembers({ group: card.group, face: card.id, faces: 1 }),
      also: [],
      matched: null,
    };
  }

  return {
    'review.next': async () => {
      await state.lookAhead();
      return { ...next(), progress: library().cards.people.progress() };
    },

    'review.unlikely': async () => {
      await state.lookAhead();
      const units = weighed(library().questions.suggested(), now());
      return unlikelyByPerson(library(), units, REFERENCES);
    },

    'review.faces': ({ question, face }) => {
      const { first, also } = opened(question);
      const unit = [first, ...also].find((one) => one.face === face);
      if (!unit)
        throw new KithError('bad-request', `Expected a face of question ${question} but received ${face}`);
      return [...unit.members];
    },

    'review.answer': ({ question, answer }) => {
      const open = opened(question);
      let ledger: Ledger | null = null;
      let done: EntryId | null = null;
      if (answer.kind === 'skip') {
        memory().skip(open.first);
      } else {
        let who: PersonId | null = null;
        const { entry } = state.perform(
          { action: 'answer', detail: detailOf(library(), open, answer) },
          (entry) => {
            who = applyAnswer(library(), open, answer, entry);
            // A face that is ignored no longer competes with the other faces on its photo.
            if (answer.kind === 'ignore') state.refresh();
            else state.spread(entry);
          },
        );
        memory().answers.add(entry, { open, answer, who });
        done = entry;
        if (entry !== null && who !== null) ledger = state.ledger(entry, who, 1);
      }
      const { question: following, unlikely } = next();
      const progress = library().cards.people.progress();
      return { entry: done, ledger, next: following, unlikely, progress };
    },
  };
}
