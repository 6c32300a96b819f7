import fc from 'fast-check';
import type { EntryId, FaceId, GroupId, PersonId, PhotoId } from '../../electron/contract/ids.ts';
import { type Row, type Rows, rowsOf } from './record.ts';
import type { Request } from './world.ts';

/** What is done to Kith itself, and to the folder that it looks at. */
export const EVENTS = ['scan', 'photos', 'crash', 'restart', 'encoder', 'detector'] as const;
export type Event = (typeof EVENTS)[number];

/** Ways to say something, each with how often it is drawn beside the others. */
const SAYINGS = {
  'name-faces': 8,
  'name-group': 8,
  'name-both': 4,
  confirm: 6,
  refuse: 6,
  mark: 4,
  rename: 3,
  merge: 3,
  birth: 3,
  relate: 5,
  unrelate: 2,
  cover: 2,
  hide: 2,
  remove: 2,
  split: 3,
  'merge-groups': 3,
  move: 4,
  'hide-groups': 2,
  'mark-groups': 2,
  regroup: 2,
  several: 2,
  put: 8,
  take: 2,
  draw: 1,
  answer: 8,
  undo: 5,
  'undo-entry': 6,
  redo: 3,
  'redo-entry': 2,
  'take-back': 1,
  settings: 1,
  learn: 0.2,
} as const;
export type Saying = keyof typeof SAYINGS;

/** One step of a sequence: numbers only, so that it means something in whatever state the record is. */
export interface Step {
  /** What is said; an event; or two things said at once. */
  kind: Saying | Event | 'together';
  /** Which of the senders. */
  by: number;
  /** Whether the sender has not looked for a while, and speaks of what was there some steps ago. */
  isStale: boolean;
  picks: number[];
  /** What a second sender says at the same moment. */
  other: Saying;
}

const saying = fc.oneof(
  ...Object.entries(SAYINGS).map(([kind, weight]) => ({
    arbitrary: fc.constant(kind as Saying),
    weight: Math.round(weight * 5),
  })),
);

/** Events are rare beside what is said. */
const kind = fc.oneof(
  { arbitrary: saying as fc.Arbitrary<Step['kind']>, weight: 20 },
  { arbitrary: fc.constant<Step['kind']>('together'), weight: 3 },
  { arbitrary: fc.constantFrom<Step['kind']>('scan', 'photos', 'photos', 'crash', 'restart'), weight: 2 },
  { arbitrary: fc.constantFrom<Step['kind']>('encoder', 'detector'), weight: 1 },
);

/** @param length steps of each sequence */
export function sequences(length: number): fc.Arbitrary<Step[]> {
  const step = fc.record({
    kind,
    by: fc.nat({ max: 2 }),
    isStale: fc.nat({ max: 9 }).map((at) => at === 0),
    picks: fc.array(fc.nat({ max: 9999 }), { minLength: 6, maxLength: 6 }),
    other: saying,
  });
  return fc.array(step, { minLength: length, maxLength: length });
}

const NAMES = ['Ada', 'Ben', 'Cleo', 'Dora', 'Emil', 'Fay', 'Gus', 'Ida'];

/**
 * The request that a saying is in this state of the record; null where there is nothing to say it of. Of `answer` there
 * is none: what is asked comes first.
 */
export function requestOf(what: Saying, picks: readonly number[], seen: Rows): Request | null {
  const [a = 0, b = 0, c = 0, d = 0] = picks;
  const faces = rowsOf(seen, 'faces').filter(({ withdrawn }) => withdrawn === 0);
  const people = rowsOf(seen, 'people').map(({ id }) => id as PersonId);
  const groups = rowsOf(seen, 'groups').map(({ id }) => id as GroupId);
  const photos = rowsOf(seen, 'photos').map(({ id }) => id as PhotoId);
  const entries = rowsOf(seen, 'journal');
  const face = pick(faces, a)?.id as FaceId | undefined;
  if (face === undefined) return null;
  const some = [...new Set([a, b, c].slice(0, 1 + (d % 3)).map((at) => pick(faces, at)!.id as FaceId))];
  const person = pick(people, b);
  const group = pick(groups, c);
  const name = NAMES[d % NAMES.length]!;
  switch (what) {
    case 'name-faces':
      return { name: 'name', params: { faces: some, name, merge: b % 2 === 0 } };
    case 'name-group':
      return group === undefined
        ? null
        : { name: 'name', params: { groups: [group], name, merge: b % 2 === 0 } };
    case 'name-both':
      return group === undefined
        ? null
        : { name: 'name', params: { faces: some, groups: [group], name, merge: true } };
    case 'mark': {
      const as = (['ignored', 'not-a-face', 'nothing', 'nothing'] as const)[d % 4]!;
      return { name: 'faces.mark', params: { faces: some, as } };
    }
    case 'split':
      return { name: 'people.split', params: { faces: facesOf(seen, person, some) } };
    case 'move':
      return { name: 'groups.move', params: { faces: some, to: d % 3 === 0 ? null : (group ?? null) } };
    case 'regroup':
      return { name: 'groups.regroup', params: {} };
    case 'several':
      return { name: 'photos.several', params: { id: pick(photos, b)!, several: d % 2 === 0 } };
    case 'put': {
      // Few photos, so that somebody is put on one twice, or on one where a face is theirs.
      const known = people.length > 0 && c % 3 > 0 ? seen.get(`people:${person}`)?.name : name;
      return { name: 'photos.putPerson', params: { id: pick(photos, a % 6)!, name: String(known) } };
    }
    case 'take': {
      const row = pick(rowsOf(seen, 'presences'), b);
      const params = { id: row?.photo_id as PhotoId, person: row?.person_id as PersonId };
      return row === undefined ? null : { name: 'photos.takePerson', params };
    }
    case 'draw': {
      const box = { x: 0.5 + (c % 40) / 100, y: 0.6, width: 0.08, height: 0.1 } as never;
      return { name: 'faces.draw', params: { photo: pick(photos, b)!, box } };
    }
    case 'undo':
      return { name: 'journal.undo', params: {} };
    case 'redo':
      return { name: 'journal.redo', params: {} };
    case 'undo-entry':
    case 'redo-entry': {
      const state = what === 'undo-entry' ? 'done' : 'undone';
      const entry = pick(entries.filter((row) => row.state === state).slice(-8), b)?.id as EntryId;
      if (entry === undefined) return null;
      return { name: what === 'undo-entry' ? 'journal.undo' : 'journal.redo', params: { entry } as never };
    }
    case 'take-back': {
      const entry = pick(entries.slice(-6), b)?.id as EntryId | undefined;
      return entry === undefined ? null : { name: 'journal.takeBack', params: { entry } };
    }
    case 'settings': {
      const levels = [0.95, 0.99, 0.999] as const;
      return { name: 'settings.set', params: { sure: levels[b % 3]!, ask: c % 2 === 0 ? 0.1 : 0.3 } };
    }
    case 'learn':
      return b % 2 === 0 ? { name: 'learn.forget', params: {} } : { name: 'learn.run', params: {} };
    case 'answer':
      return null;
    case 'merge-groups':
    case 'hide-groups':
    case 'mark-groups':
      return group === undefined ? null : ofGroups(what, [...new Set([group, pick(groups, d)!])], d);
    case 'relate': {
      const [id, of] = [pick(people, b), pick(people, c)];
      const is = (['parent', 'parent', 'child', 'partner', 'sibling'] as const)[d % 5]!;
      return id === undefined || of === undefined
        ? null
        : { name: 'people.relate', params: { id, is, of, replace: a % 2 === 0 } };
    }
    case 'unrelate': {
      const row = pick(rowsOf(seen, 'relations'), b);
      const [id, of] = [row?.other_id, row?.person_id] as PersonId[];
      return id === undefined || of === undefined ? null : { name: 'people.unrelate', params: { id, of } };
    }
    default:
      return person === undefined ? null : ofPerson(what, person, { face, some, people, name, picks });
  }
}

function ofGroups(
  what: 'merge-groups' | 'hide-groups' | 'mark-groups',
  groups: GroupId[],
  at: number,
): Request | null {
  if (what === 'hide-groups') return { name: 'groups.hide', params: { groups, hidden: at % 2 === 0 } };
  if (what === 'mark-groups') {
    return {
      name: 'groups.mark',
      params: { groups: groups.slice(0, 1), as: at % 2 === 0 ? 'ignored' : 'not-a-face' },
    };
  }
  return groups.length < 2 ? null : { name: 'groups.merge', params: { groups } };
}

interface OfPerson {
  face: FaceId;
  some: FaceId[];
  people: readonly PersonId[];
  name: string;
  picks: readonly number[];
}

function ofPerson(
  what: 'confirm' | 'refuse' | 'rename' | 'merge' | 'birth' | 'cover' | 'hide' | 'remove',
  id: PersonId,
  { face, some, people, name, picks: [, , c = 0, d = 0] }: OfPerson,
): Request | null {
  switch (what) {
    case 'confirm':
      return { name: 'faces.confirm', params: { faces: some, person: id } };
    case 'refuse':
      return { name: 'faces.refuse', params: { faces: some, person: id } };
    case 'rename':
      return { name: 'people.rename', params: { id, name, merge: c % 2 === 0, evenIfTogether: d % 3 === 0 } };
    case 'merge': {
      const from = pick(people, c)!;
      return from === id
        ? null
        : { name: 'people.merge', params: { from: [from], into: id, evenIfTogether: d % 2 === 0 } };
    }
    case 'birth':
      return {
        name: 'people.birth',
        params: { id, birth: c % 4 === 0 ? null : `19${10 + (c % 80)}-02-0${1 + (d % 9)}` },
      };
    case 'cover':
      return { name: 'people.cover', params: { id, face } };
    case 'hide':
      return { name: 'people.hide', params: { ids: [id], hidden: c % 2 === 0 } };
    case 'remove':
      return { name: 'people.remove', params: { ids: [id] } };
  }
}

/** Some of a person's faces, where they have any. */
function facesOf(seen: Rows, person: PersonId | undefined, others: FaceId[]): FaceId[] {
  const theirs = rowsOf(seen, 'labels').filter(({ person_id: id }) => id === person);
  return theirs.length === 0 ? others : theirs.slice(0, 2).map(({ face_id: face }: Row) => face as FaceId);
}

function pick<T>(list: readonly T[], at: number): T | undefined {
  return list[at % list.length];
}
