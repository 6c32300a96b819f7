import type { FaceId } from '../../electron/contract/ids.ts';
import type { Question } from '../../electron/contract/people.ts';
import type { ReviewAnswer } from '../../electron/contract/people-requests.ts';
import { type Rows, rowsOf, tableOf } from './record.ts';
import type { Rule } from './rules.ts';

/** What somebody answers to a question. */
export function answerTo(question: Question, [a = 0, b = 0, c = 0]: readonly number[]): ReviewAnswer {
  const include = question.also.map(({ face }) => face).filter((_, at) => ((c >> at) & 1) === 1);
  const name = `Kim ${b % 5}`;
  const kinds = {
    is: ['yes', 'yes', 'no', 'ignore', 'other', 'skip'],
    either: ['one', 'one', 'no', 'ignore', 'other', 'skip'],
    who: ['other', 'other', 'ignore', 'skip'],
  } as const;
  const offered = kinds[question.kind];
  const kind = offered[a % offered.length]!;
  switch (kind) {
    case 'one':
      return { kind, person: (question as Extract<Question, { kind: 'either' }>).people[b % 2]!.id };
    case 'yes':
    case 'ignore':
      return { kind, include: kind === 'yes' || question.kind === 'who' ? include : [] };
    case 'other':
      return { kind, name, include: question.kind === 'who' ? include : [] };
    default:
      return { kind };
  }
}

/**
 * An answer is about the face that was asked about, what was ticked, and the rest of their groups, as far as no hand has
 * said anything of these meanwhile.
 */
export function ruleOfAnswer(question: Question, answer: ReviewAnswer, before: Rows): Rule {
  const include = 'include' in answer ? (answer.include ?? []) : [];
  const asked = [question.face.id, ...question.mates, ...include];
  const groups = new Set(
    asked.map((face) => before.get(`faces:${face}`)?.group_id).filter((group) => group != null),
  );
  const members = rowsOf(before, 'faces')
    .filter(({ group_id: group }) => groups.has(group!))
    .map(({ id }) => id as FaceId);
  const isOpen = (face: number) => (before.get(`labels:${face}`)?.by_whom ?? 'sure') === 'sure';
  const about = new Set<number>(
    [...asked, ...members].filter((face) => face === question.face.id || isOpen(face)),
  );
  const photos = new Set([...about].map((face) => before.get(`faces:${face}`)?.photo_id));
  const first = question.face.id;
  return {
    may: ({ key, before: was, after }) => {
      if (answer.kind === 'skip') return false;
      const [table, face] = [tableOf(key), Number(key.split(/[:,]/)[1])];
      if (table === 'people') return was === null && answer.kind === 'other';
      if (table !== 'labels' && table !== 'refusals') return false;
      if (about.has(face)) return true;
      const photo = before.get(`faces:${face}`)?.photo_id;
      // A person is on a photo once: a label by group gives way to this one, and Kith may name that face otherwise.
      const isOpenNow = after === null || after.by_whom === 'sure';
      return table === 'labels' && isOpenNow && was?.by_whom === 'group' && photos.has(photo);
    },
    missing: (after) => {
      const label = after.get(`labels:${first}`);
      if (answer.kind === 'skip') return [];
      if (answer.kind === 'ignore') return label?.verdict === 'ignored' ? [] : ['the face is no stranger'];
      if (answer.kind === 'no' && question.kind === 'is') {
        return after.has(`refusals:${first},${question.person.id}`) ? [] : ['the face was not refused'];
      }
      if (question.kind === 'either') {
        const others = question.people.filter(({ id }) => answer.kind === 'no' || id !== label?.person_id);
        if (!others.every(({ id }) => after.has(`refusals:${first},${id}`)))
          return ['the face was not refused'];
        if (answer.kind === 'no') return [];
      }
      return label?.verdict === 'person' && label.by_whom === 'hand' ? [] : ["the face is nobody's by hand"];
    },
  };
}
