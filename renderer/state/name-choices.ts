import type { UnitBox } from '../../electron/contract/geometry.ts';
import type { FaceId } from '../../electron/contract/ids.ts';
import type { NameAnswer, NameQuestion } from '../../electron/contract/names-in.ts';
import { t } from '../words/words.svelte.ts';

// What a question about names in photos' metadata shows, and what can be said to it.

/** A face that a question shows. */
export interface Shown {
  /** Null: Kith has found none there. */
  face: FaceId | null;
  /** Where it is on the question's photo. */
  box: UnitBox;
  /** More faces of the same person. */
  mates: readonly FaceId[];
  /** How many faces the answer is about; null: this one. */
  count: number | null;
  /** What choosing it says; null: it is only looked at. */
  answer: NameAnswer | null;
}

/** Something that can be said without pointing at a face. `answer` null: somebody else, whose name is typed. */
export interface Choice {
  id: string;
  title: string;
  /** The first is shown beside the title. */
  keys: readonly string[];
  isMain: boolean;
  answer: NameAnswer | null;
}

/** Faces with a number above have no key of their own. Bound: there is a key for each digit. */
export const MOST_KEYS = 9;

export function titleOf(question: NameQuestion): string {
  if (question.why === 'two-names') return t('decide.who');
  if (question.why !== 'said' || isElsewhere(question)) return t('decide.which', { name: question.name });
  const { name, said } = question;
  return said === null ? t('decide.is', { name }) : t('decide.or', { said, name });
}

/** Why it is asked. */
export function reasonOf(question: NameQuestion): string {
  switch (question.why) {
    case 'two-names':
      return t('decide.two-names');
    case 'twice':
      return t('decide.twice');
    case 'two-people':
      return t('decide.two-people');
    case 'unplaced':
      return t('decide.unplaced', { name: question.name });
    case 'said': {
      const { name, said } = question;
      if (isElsewhere(question)) return t('decide.elsewhere');
      return said === null ? t('decide.said-not', { name }) : t('decide.said', { said, name });
    }
  }
}

export function shownIn(question: NameQuestion): Shown[] {
  const one = { mates: [], count: null, answer: null };
  switch (question.why) {
    case 'two-names':
      return [{ ...one, ...question.place }];
    case 'twice':
      return question.places.map((place, at) => ({ ...one, ...place, answer: { kind: 'place', at } }));
    case 'two-people':
      return question.groups.map(({ group, here, faces: [first, ...mates], count }) => ({
        ...{ face: first ?? here.face, box: here.box, mates, count },
        answer: { kind: 'group', group },
      }));
    case 'unplaced':
      return question.faces.map((place) => ({
        ...{ ...one, ...place },
        answer: place.face === null ? null : { kind: 'face', face: place.face },
      }));
    case 'said': {
      const { face, box, place } = question;
      return isElsewhere(question)
        ? [
            { ...one, face, box, answer: { kind: 'keep' } },
            { ...one, ...place, answer: { kind: 'change' } },
          ]
        : [{ ...one, face, box }];
    }
  }
}

export function choicesOf(question: NameQuestion): Choice[] {
  const choice = (id: string, title: string, keys: string[], answer: NameAnswer | null, isMain = false) => ({
    ...{ id, title, keys, answer, isMain },
  });
  switch (question.why) {
    case 'two-names':
      return [
        ...question.names.map((name, at) =>
          choice(
            `name-${at + 1}`,
            name,
            at < MOST_KEYS ? [String(at + 1)] : [],
            { kind: 'name', name },
            true,
          ),
        ),
        choice('other', t('review.other'), ['e'], null),
      ];
    case 'twice':
      return [
        choice('both', t(question.places.length > 2 ? 'decide.all' : 'decide.both'), ['b'], { kind: 'both' }),
        choice('none', t('decide.none'), ['n'], { kind: 'none' }),
      ];
    case 'two-people':
      return [choice('none', t('decide.none'), ['n'], { kind: 'none' })];
    case 'unplaced':
      return [choice('none', t('decide.not-here'), ['n'], { kind: 'none' })];
    case 'said': {
      const { name, said } = question;
      const [keep, change] = isElsewhere(question)
        ? [t('decide.keep-first'), t('decide.change-second')]
        : [said === null ? t('decide.keep-no') : t('decide.keep', { said }), t('decide.change', { name })];
      return [
        choice('keep', keep, ['Enter', 'k'], { kind: 'keep' }, true),
        choice('change', change, ['c'], { kind: 'change' }),
      ];
    }
  }
}

/** Whether the user gave the name to another face of the photo than the file. */
function isElsewhere(question: Extract<NameQuestion, { why: 'said' }>): boolean {
  return question.place.face !== question.face;
}
