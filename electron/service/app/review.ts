import { KithError } from '../../contract/errors.ts';
import type { EntryId, FaceId } from '../../contract/ids.ts';
import type { Ledger, Question } from '../../contract/people.ts';
import type { Handlers } from './handlers.ts';
import type { State } from './state.ts';

/** Faces that are shown beside the one that is asked about. */
const REFERENCES = 2;

/** One question at a time, the one that is expected to settle most; what was skipped is not asked again till restart. */
export function reviewRequests(state: State): Pick<Handlers, 'review.next' | 'review.answer'> {
  const { library } = state;
  const skipped = new Set<FaceId>();

  function next(): Question | null {
    const open = library().questions.next(skipped);
    if (!open) return null;
    const { face, person, probability, settles } = open;
    const { id, name } = library().people.get(person);
    return {
      id: `${face}:${person}`,
      person: { id, name },
      face: library().cards.faces.get([face])[0]!,
      references: library().questions.references(person, REFERENCES),
      probability,
      settles,
    };
  }

  return {
    'review.next': () => ({ question: next(), progress: library().cards.people.progress() }),

    'review.answer': ({ question, answer }) => {
      const match = /^(\d+):(\d+)$/.exec(question);
      if (!match) throw new KithError('bad-request', `Expected a question's id but received ${question}`);
      const [face, person] = [Number(match[1]) as FaceId, Number(match[2]) as Ledger['person']['id']];
      const { name } = library().people.get(person);
      const detail = { name, answer: answer.kind };
      let ledger: Ledger | null = null;
      if (answer.kind === 'skip') skipped.add(face);
      else if (answer.kind === 'ignore') {
        state.deed({ action: 'answer', detail }, (entry) =>
          library().labels.put([face], { verdict: 'ignored', person: null, by: 'hand' }, entry),
        );
      } else {
        const who = answer.kind === 'other' ? (library().people.named(answer.name)?.id ?? null) : person;
        let named = who;
        const { entry } = state.deed({ action: 'answer', detail }, (deed) => {
          if (answer.kind !== 'yes') library().labels.refuse([face], person);
          if (answer.kind === 'other') named ??= library().people.create(answer.name);
          if (answer.kind !== 'no') {
            library().labels.put([face], { verdict: 'person', person: named!, by: 'hand' }, deed);
          }
          state.spread(deed);
        });
        ledger = entry === null ? null : state.naming().ledger(entry as EntryId, named!, 1);
      }
      return { ledger, next: next(), progress: library().cards.people.progress() };
    },
  };
}
