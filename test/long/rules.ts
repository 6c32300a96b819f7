import { CONVERSE } from '../../electron/contract/relations.ts';
import { type Change, isByHand, isUndoable, type Row, type Rows, rowsOf, tableOf } from './record.ts';
import type { Request } from './world.ts';

// What one request may change of what hands have said, and what must be so afterwards. All that is not named here must
// stay as it was: that is what "nothing is lost" means.

export interface Rule {
  /** Whether this change may follow from the request. Asked of every change of what a hand has said, and of groups. */
  may(change: Change): boolean;
  /** What is not as it has to be; empty where all is well. */
  missing(after: Rows): string[];
}

/** Nothing of what hands have said; also what Kith does by itself. */
export const NOTHING: Rule = { may: () => false, missing: () => [] };

/** Complaints about what a request that was done has changed. */
export function complaints(rule: Rule, changes: readonly Change[], after: Rows): string[] {
  const wrong = changes.filter((change) => isUndoable(change.key) && isWatched(change) && !rule.may(change));
  return [...wrong.map((change) => `not to be changed: ${JSON.stringify(change)}`), ...rule.missing(after)];
}

/** What Kith says by itself comes and goes, as long as it never takes the place of what a hand has said. */
function isWatched(change: Change): boolean {
  return isByHand(change) || ['groups', 'faces', 'metrics'].includes(tableOf(change.key));
}

/** @param before the record as the request found it; `undo` and its like have rules of their own */
export function ruleOf({ name, params }: Request, result: unknown, before: Rows): Rule {
  switch (name) {
    case 'name': {
      const { faces = [], groups = [] } = params;
      if ((result as { kind: string }).kind === 'exists') return NOTHING;
      const person = (result as { ledger: { person: { id: number } } }).ledger.person.id;
      const members = unlabelled(before, groups).filter((face) => !faces.includes(face as never));
      return given(before, person, faces, members);
    }
    case 'faces.confirm':
      return given(before, params.person, params.faces, []);
    case 'faces.refuse':
      return {
        may: ({ key, after }) =>
          (isOf(key, 'labels', params.faces) && after === null) ||
          params.faces.some((face) => key === `refusals:${face},${params.person}`),
        missing: (after) =>
          params.faces.flatMap((face) => [
            ...(after.has(`refusals:${face},${params.person}`) ? [] : [`no refusal of ${face}`]),
            ...(after.get(`labels:${face}`)?.person_id === params.person ? [`${face} still is theirs`] : []),
          ]),
      };
    case 'faces.mark':
      return marked(params.faces, params.as === 'nothing' ? null : params.as);
    case 'groups.mark':
      return marked(unlabelled(before, params.groups), params.as);
    case 'people.birth':
      return personBecomes(params.id, { birth: params.birth });
    case 'people.relate':
    case 'people.unrelate': {
      if ((result as { kind?: string }).kind === 'exists') return NOTHING;
      const is = name === 'people.relate' ? params.is : null;
      const [low, high] = [params.id, params.of].toSorted((one, other) => one - other);
      const key = `relations:${low},${high}`;
      // The row says what the one of the lower id is to the other.
      const kind = is !== null && low !== params.id ? CONVERSE[is] : is;
      return {
        may: (change) => change.key === key,
        missing: (after) => [
          ...((after.get(key)?.kind ?? null) === kind ? [] : [`${key} is not ${kind}`]),
          ...ownAncestors(after),
        ],
      };
    }
    case 'people.cover':
      return personBecomes(params.id, { cover_face_id: params.face });
    case 'people.hide':
      return all(params.ids.map((id) => personBecomes(id, { hidden: Number(params.hidden) })));
    case 'people.rename': {
      const { kind } = result as { kind: string };
      const holder = rowsOf(before, 'people').find((row) => keyOf(row.name) === keyOf(params.name));
      if (kind === 'exists') return NOTHING;
      if (holder && holder.id !== params.id) return merged(before, [params.id], holder.id as number);
      return personBecomes(params.id, { name: params.name });
    }
    case 'people.merge':
      return merged(
        before,
        params.from.filter((id) => id !== params.into),
        params.into,
      );
    case 'people.remove':
      return {
        may: ({ key, before: was, after }) =>
          after === null &&
          params.ids.some((id) => key === `people:${id}` || was?.person_id === id || was?.other_id === id),
        missing: (after) => params.ids.filter((id) => after.has(`people:${id}`)).map((id) => `${id} stays`),
      };
    case 'people.split':
      return {
        may: ({ key }) =>
          isOf(key, 'labels', params.faces) ||
          isOf(key, 'faces', params.faces) ||
          params.faces.some((face) => key.startsWith(`refusals:${face},`)) ||
          tableOf(key) === 'groups',
        missing: (after) =>
          params.faces
            .filter((face) => after.get(`labels:${face}`)?.verdict === 'person')
            .map((face) => `${face} is somebody's after it was taken away`),
      };
    case 'groups.move':
      return {
        may: ({ key }) => isOf(key, 'faces', params.faces) || tableOf(key) === 'groups',
        missing: (after) => {
          const groups = new Set(params.faces.map((face) => after.get(`faces:${face}`)?.group_id));
          return groups.size === 1 ? [] : ['the faces are in several groups'];
        },
      };
    case 'groups.merge':
      return {
        may: ({ key, before: was }) =>
          (tableOf(key) === 'faces' && params.groups.includes(was?.group_id as never)) ||
          tableOf(key) === 'groups',
        missing: () => [],
      };
    case 'groups.hide':
      return { may: ({ key }) => isOf(key, 'groups', params.groups), missing: () => [] };
    case 'groups.regroup':
      return { may: ({ key }) => ['faces', 'groups'].includes(tableOf(key)), missing: () => [] };
    case 'photos.several':
      return {
        may: ({ key }) => key === `photos:${params.id}`,
        missing: (after) =>
          after.get(`photos:${params.id}`)?.several === Number(params.several) ? [] : ['not noted'],
      };
    case 'photos.putPerson': {
      const { id } = (result as { person: { id: number } }).person;
      const key = `presences:${params.id},${id}`;
      return {
        may: (change) => change.before === null && [key, `people:${id}`].includes(change.key),
        missing: (after) => (after.has(key) ? [] : [`${id} is not on photo ${params.id}`]),
      };
    }
    case 'photos.takePerson': {
      const key = `presences:${params.id},${params.person}`;
      return {
        may: (change) => change.key === key && change.after === null,
        missing: (after) => (after.has(key) ? [`${key} is still there`] : []),
      };
    }
    case 'faces.draw':
      return { may: ({ key, before: was }) => tableOf(key) === 'faces' && was === null, missing: () => [] };
    case 'learn.run':
    case 'learn.forget':
      return { may: ({ key }) => tableOf(key) === 'metrics', missing: () => [] };
    default:
      return NOTHING;
  }
}

function all(rules: readonly Rule[]): Rule {
  return {
    may: (change) => rules.some((rule) => rule.may(change)),
    missing: (after) => rules.flatMap((rule) => rule.missing(after)),
  };
}

/** Faces that a scan has taken out of a group that the user has named, hidden or arranged. */
export function movedOutOfHeld(before: Rows, changes: readonly Change[]): string[] {
  const held = new Set(rowsOf(before, 'arranged_groups').map(({ group_id: group }) => group));
  for (const { id, hidden } of rowsOf(before, 'groups')) if (hidden === 1) held.add(id!);
  for (const { face_id: face } of rowsOf(before, 'labels'))
    held.add(before.get(`faces:${face}`)?.group_id ?? null);
  held.delete(null);
  return changes
    .filter(({ key, before: was, after }) => {
      const isMoved = was !== null && after !== null && was.group_id !== after.group_id;
      return tableOf(key) === 'faces' && isMoved && held.has(was.group_id!);
    })
    .map((change) => `a scan moved a face of a group that holds still: ${JSON.stringify(change)}`);
}

/** A scan takes nothing back: it finds photos and faces, and puts faces into groups; which hold still is looked at apart. */
export const SCANNED: Rule = {
  may: ({ key, before }) => {
    const table = tableOf(key);
    if (table === 'groups') return true;
    if (table === 'photos') return before === null;
    return table === 'faces';
  },
  missing: () => [],
};

/** Faces become a person's: those that somebody pointed at, and those that go by their groups. */
function given(before: Rows, person: number, pointed: readonly number[], members: readonly number[]): Rule {
  const faces = new Set([...pointed, ...members]);
  const photoOf = (face: number) => before.get(`faces:${face}`)?.photo_id;
  const photos = new Set([...faces].map(photoOf));
  return {
    may: ({ key, before: was, after }) => {
      const [table, id] = [tableOf(key), Number(key.split(/[:,]/)[1])];
      if (key === `people:${person}`) return was === null;
      if (table === 'refusals') return faces.has(id) && key.endsWith(`,${person}`);
      if (table !== 'labels') return false;
      if (faces.has(id)) return after !== null;
      // Nobody is on a photo twice: what went by a group gives way to what somebody points at, and Kith may say otherwise.
      return (
        (after === null || after.by_whom === 'sure') &&
        was?.person_id === person &&
        was.by_whom === 'group' &&
        photos.has(photoOf(id))
      );
    },
    missing: (after) => [
      ...pointed
        .filter((face) => !isConfirmed(after.get(`labels:${face}`), person, 'hand'))
        .map((face) => `${face} is not ${person}'s by hand`),
      ...members
        .filter((face) => !isConfirmed(after.get(`labels:${face}`), person, 'group'))
        .filter((face) => !after.has(`refusals:${face},${person}`))
        .map((face) => `${face} of the group is neither ${person}'s nor refused`),
    ],
  };
}

function isConfirmed(label: Row | undefined, person: number, by: string): boolean {
  return label?.person_id === person && label.by_whom === by;
}

/** Nobody's face is lost: whoever was one of `from` is `into`, and is refused nobody whom they were not. */
function merged(before: Rows, from: readonly number[], into: number): Rule {
  const labels = rowsOf(before, 'labels').filter(({ person_id: id }) => from.includes(id as number));
  const faces = labels.map(({ face_id: face }) => face);
  const presences = rowsOf(before, 'presences').filter(({ person_id: id }) => from.includes(id as number));
  const isTheirs = (row: Row | null) => row !== null && from.includes(row.person_id as number);
  return {
    may: ({ key, before: was, after }) => {
      if (tableOf(key) === 'people') {
        if (key === `people:${into}`) return was !== null && after?.name === was.name;
        return after === null && from.some((id) => key === `people:${id}`);
      }
      if (tableOf(key) === 'relations') {
        // What was said of `from` is said of `into`, unless something else was said there.
        const ends = (row: Row) => [row.person_id, row.other_id] as number[];
        return was === null
          ? ends(after!).includes(into)
          : after === null && ends(was).some((id) => from.includes(id));
      }
      const isRefusal = tableOf(key) === 'refusals';
      // Whoever is surely `into` now is refused no longer.
      if (isRefusal && after === null) {
        return isTheirs(was) || faces.some((face) => key === `refusals:${face},${into}`);
      }
      const isPut = tableOf(key) === 'presences' && presences.some((row) => row.photo_id === after?.photo_id);
      return isTheirs(was) || (was === null && after?.person_id === into && (isRefusal || isPut));
    },
    missing: (after) => [
      ...labels
        .filter(
          ({ face_id: face, by_whom: by }) =>
            by !== 'sure' && after.get(`labels:${face}`)?.person_id !== into,
        )
        .map(({ face_id: face }) => `face ${face} was lost when its person became another`),
      ...presences
        .filter(({ photo_id: photo }) => !after.has(`presences:${photo},${into}`))
        .map(({ photo_id: photo }) => `nobody is on photo ${photo} any more who was put there`),
      ...bornOf(before, from, into)
        .filter((birth) => after.get(`people:${into}`)?.birth !== birth)
        .map((birth) => `the day of birth ${birth} was lost`),
      ...lostRelations(before, after, from, into),
      ...ownAncestors(after),
    ],
  };
}

/** Partners and siblings of whoever became `into` are related to `into`; parents and children unless a circle would close. */
function lostRelations(before: Rows, after: Rows, from: readonly number[], into: number): string[] {
  return rowsOf(before, 'relations').flatMap(({ person_id: one, other_id: other, kind }) => {
    const ends = [one, other] as number[];
    const others = ends.filter((id) => !from.includes(id) && id !== into);
    const isMoved = ends.some((id) => from.includes(id)) && others.length === 1;
    if (!isMoved || kind === 'parent' || kind === 'child') return [];
    const [low, high] = [...others, into].toSorted((a, b) => a - b);
    return after.has(`relations:${low},${high}`) ? [] : [`a relation of ${one} and ${other} was lost`];
  });
}

/** People who are said to be among their own ancestors: nobody may be. */
function ownAncestors(rows: Rows): string[] {
  const children = new Map<number, number[]>();
  for (const { person_id: one, other_id: other, kind } of rowsOf(rows, 'relations')) {
    if (kind !== 'parent' && kind !== 'child') continue;
    const [parent, child] = (kind === 'parent' ? [one, other] : [other, one]) as [number, number];
    children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  return [...children.keys()]
    .filter((person) => {
      const below = new Set(children.get(person));
      for (const one of below) for (const child of children.get(one) ?? []) below.add(child);
      return below.has(person);
    })
    .map((person) => `${person} is among their own ancestors`);
}

/** The day of birth that must hold after people became one: their own, else the only one that any had. */
function bornOf(before: Rows, from: readonly number[], into: number): string[] {
  const birth = (id: number) => before.get(`people:${id}`)?.birth as string | null | undefined;
  if (birth(into)) return [birth(into)!];
  const others = new Set(from.flatMap((id) => birth(id) ?? []));
  return others.size === 1 ? [...others] : [];
}

function marked(faces: readonly number[], as: string | null): Rule {
  return {
    may: ({ key, after }) => isOf(key, 'labels', faces) && (after?.verdict ?? null) === as,
    missing: (after) =>
      faces
        .filter((face) => (after.get(`labels:${face}`)?.verdict ?? null) !== as)
        .map((face) => `${face} is not ${as}`),
  };
}

function personBecomes(id: number, to: Row): Rule {
  const rest = (row: Row | null) => JSON.stringify({ ...row, ...to });
  return {
    may: ({ key, before, after }) => key === `people:${id}` && rest(before) === rest(after),
    missing: (after) => {
      const row = after.get(`people:${id}`);
      return row && rest(row) === JSON.stringify(row) ? [] : [`person ${id} is not ${JSON.stringify(to)}`];
    },
  };
}

/** Faces of groups that no hand has said anything of. */
export function unlabelled(rows: Rows, groups: readonly number[]): number[] {
  return rowsOf(rows, 'faces')
    .filter(({ group_id: group, withdrawn }) => groups.includes(group as number) && withdrawn === 0)
    .map(({ id }) => id as number)
    .filter((face) => (rows.get(`labels:${face}`)?.by_whom ?? 'sure') === 'sure');
}

function isOf(key: string, table: string, ids: readonly number[]): boolean {
  return ids.some((id) => key === `${table}:${id}`);
}

function keyOf(name: unknown): string {
  return String(name).trim().toLowerCase();
}
