import type { EntryId } from '../contract/ids.ts';
import {
  differing,
  isSame,
  type JournalChanges,
  type LaterChange,
  type NetChange,
  nameOf,
} from './journal-changes.ts';
import { circlesOf } from './journal-relations.ts';
import type { Row } from './journalled.ts';

/**
 * How an entry is undone or done again. Both are the same: its rows become what they were before its last transition.
 * No change of another entry is lost by it, since such an entry is among the blockers.
 *
 * [Note: Names that Kith gave] A label that Kith gave by itself (`sure`) follows from labels of the user, so it blocks
 * nothing. A label of the user replaces it. It is removed with the entry that gave it, or with its person. It comes back
 * only while the entry that gave it is done.
 */
export interface Plan {
  /** Entries that have to be undone before this one. Where there are any, the rest of the plan is not used. */
  blockers: Set<EntryId>;
  /** Whether something blocks the entry that no entry of the journal has made. */
  isStuck: boolean;
  /** Rows to be restored, in this order. */
  changes: NetChange[];
  /** Labels that Kith gave and that can't be restored now. The journal notes them as if they had been. */
  passed: NetChange[];
  /** Faces that lose a name that Kith gave, because their person is removed. */
  withdrawn: number[];
  /** Groups that are gone, and that faces return to. */
  groups: Set<number>;
}

/**
 * Plans how to undo or redo an entry.
 *
 * @param state of the entry now: a done one is to be undone, an undone one to be done again
 * @param along entries that are undone with it: where one of these gave a name back, the entry before it blocks
 */
export function planOf(
  journal: JournalChanges,
  entry: EntryId,
  state: 'done' | 'undone',
  along: ReadonlySet<EntryId> = new Set(),
): Plan {
  const changes = journal.of(entry);
  const later = journal.after(entry, changes);
  const plan: Plan = {
    blockers: new Set(),
    isStuck: false,
    ...{ changes: [], passed: [], withdrawn: [], groups: new Set() },
  };
  const block = (by: LaterChange | null) => {
    if (by === null) plan.isStuck = true;
    else plan.blockers.add(by.entry);
  };

  const dropped = new Set<NetChange>();
  for (const change of changes) judge(change);
  const byRow = new Map(plan.changes.map((change) => [nameOf(change.table, change.key), change]));
  for (const change of [...plan.changes]) {
    if (change.before !== null) arrive(change, change.before);
    else if (change.table === 'people') letPersonGo(change.left!.id as number);
    else if (change.table === 'groups') letGroupGo(change);
  }
  plan.changes = plan.changes.filter((change) => !dropped.has(change));
  for (const by of circlesOf(journal, entry, plan.changes)) block(by);
  return plan;

  /** Decides what is done with one row: whether it is still as the entry left it, and what else blocks it. */
  function judge(change: NetChange): void {
    const since = later.get(nameOf(change.table, change.key)) ?? [];
    const overlapping = since.filter(({ before, after }) => {
      // The columns of a label belong together: when the user confirms a face, the label's person is part of that.
      const isStated = change.table === 'labels' && isByUser(after);
      const touched = differing(before, after);
      return touched.some((name) => change.columns.includes(name) || (isStated && STATED.includes(name)));
    });
    const blocking = overlapping.filter((other) => other.state === 'done' && counts(other, change));
    if (state === 'done' && blocking.length > 0) {
      for (const other of blocking) block(other);
      // The change stays in the plan, so that other blockers of it are found too.
      plan.changes.push(change);
      return;
    }
    const now = journal.now(change.table, (change.left ?? change.before)!);
    if (change.table === 'labels' || change.table === 'refusals') {
      const face = (change.left ?? change.before)!.face_id!;
      // A scan has removed the face.
      if (!journal.statement('SELECT 1 FROM faces WHERE id = ?').get(face)) return;
    }
    const same = change.columns.filter((name) => isSame(now?.[name] ?? null, change.left?.[name] ?? null));
    const isAsLeft =
      change.left === null ? now === null : now !== null && same.length === change.columns.length;
    if (isAsLeft) keep(change);
    else if (change.left === null && isSure(now) && !isSure(change.before)) keep(change);
    // A former label of the user replaces the label that Kith gave.
    else if (isSure(change.left) && isByUser(change.before) && !isByUser(now)) keep(from(now, change));
    else if (isSure(change.left) && isByUser(change.before))
      block(overlapping.findLast(({ after }) => isByUser(after)) ?? null);
    else if (isSure(change.left) || (change.left === null && isSure(change.before))) plan.passed.push(change);
    else if (change.table === 'groups' && isThereAlready(change, now)) return;
    else if (overlapping.some(({ after }) => !isSure(after))) {
      for (const other of overlapping.filter(({ after }) => !isSure(after))) block(other);
      plan.changes.push(change);
    }
    // Kith has changed the row outside the journal: the columns that are as the entry left them are restored.
    else if (now !== null && change.left !== null && change.before !== null && same.length > 0)
      keep({ ...change, columns: same });
  }

  /** Whether a group is already there, or already gone, as the plan wants it: groups come and go with their faces. */
  function isThereAlready({ before, left }: NetChange, now: Row | null): boolean {
    return (before === null || left === null) && (now === null) === (before === null);
  }

  function keep(change: NetChange): void {
    if (isSure(change.before) && !mayReturn(change.before!)) leaveOut(change);
    else plan.changes.push(change);
  }

  /** A label that Kith gave does not return. A label of the user in its place is removed all the same. */
  function leaveOut(change: NetChange): void {
    if (change.left === null || isSure(change.left)) plan.passed.push(change);
    else plan.changes.push({ ...change, before: null });
  }

  /** Whether a label that Kith gave may come back: see [Note: Names that Kith gave]. */
  function mayReturn(label: Row): boolean {
    const giver = journal.statement('SELECT state FROM journal WHERE id = ?').get(label.entry_id!);
    return giver === undefined || giver.state === 'done' || label.entry_id === entry;
  }

  /** Checks a row that returns: the rows that it refers to have to be there, and its name has to be free. */
  function arrive(change: NetChange, row: Row): void {
    const { person_id: person, other_id: other, group_id: group } = row;
    if (other != null && !isThere('people', other)) block(journal.last(entry, 'people', other));
    if (person != null && !isThere('people', person)) {
      if (!isSure(row)) block(journal.last(entry, 'people', person));
      else {
        dropped.add(change);
        leaveOut(change);
      }
    }
    if (change.table === 'labels' && person != null && isByUser(row)) {
      const key = `${row.face_id} ${person}`;
      const isRefused = journal.statement('SELECT 1 FROM refusals WHERE face_id = ? AND person_id = ?');
      // The user has refused the face as this person since: a face can't be confirmed and refused.
      if (isRefused.get(row.face_id!, person) && byRow.get(nameOf('refusals', key))?.before !== null)
        block(journal.broughtBy(entry, 'refusals', key));
    }
    if (change.table === 'refusals') {
      const label = journal.now('labels', row);
      const isTheirs = isByUser(label) && label!.person_id === person;
      const named = isTheirs ? journal.broughtBy(entry, 'labels', row.face_id!) : null;
      // The user has confirmed the face as this person since: a face can't be confirmed and refused.
      const isLater = named !== null && named.seq > change.seq;
      if (isLater && !byRow.has(nameOf('labels', String(row.face_id)))) block(named);
    }
    if (group != null && change.columns.includes('group_id') && !isThere('groups', group)) {
      const gone = journal.last(entry, 'groups', group);
      if (gone?.state === 'done' && gone.after === null) block(gone);
      else plan.groups.add(group as number);
    }
    if (change.table === 'people' && change.columns.includes('name_key')) {
      const holder = journal.statement('SELECT id FROM people WHERE name_key = ?').get(row.name_key!)?.id;
      if (holder === undefined || holder === row.id) return;
      const theirs = byRow.get(nameOf('people', String(holder)));
      if (theirs && (theirs.before === null || theirs.before.name_key !== row.name_key)) return;
      block(namedBy(holder as number, row.name_key!));
    }
  }

  /** Which entry gave a person this name. */
  function namedBy(person: number, name: string | number): LaterChange | null {
    const row = journal
      .statement(
        `SELECT entry_id AS entry, seq, state FROM journal_changes JOIN journal ON journal.id = entry_id
         WHERE tbl = 'people' AND key = ? AND entry_id <> ? AND after ->> '$.name_key' = ?
           AND before ->> '$.name_key' IS NOT after ->> '$.name_key'
         ORDER BY seq DESC`,
      )
      .all(String(person), entry, name)
      .find(({ entry: by }) => !along.has(by as EntryId));
    return row ? ({ ...row, before: null, after: null } as unknown as LaterChange) : null;
  }

  function isThere(table: 'people' | 'groups', id: string | number): boolean {
    const coming = byRow.get(nameOf(table, String(id)));
    if (coming && coming.left === null) return true;
    return journal.statement(`SELECT 1 FROM ${table} WHERE id = ?`).get(id) !== undefined;
  }

  /** Checks a person who is removed: whatever else the user said of that person blocks it. */
  function letPersonGo(person: number): void {
    const labels = journal.statement('SELECT face_id, by_whom FROM labels WHERE person_id = ?').all(person);
    for (const { face_id: face, by_whom: by } of labels) {
      const change = byRow.get(nameOf('labels', String(face)));
      if (change && change.before?.person_id !== person) continue;
      if (by === 'sure') plan.withdrawn.push(face as number);
      else block(journal.broughtBy(entry, 'labels', face as number));
    }
    const refusals = journal.statement('SELECT face_id FROM refusals WHERE person_id = ?').all(person);
    for (const { face_id: face } of refusals) {
      const key = `${face} ${person}`;
      if (!byRow.has(nameOf('refusals', key))) block(journal.broughtBy(entry, 'refusals', key));
    }
    const photos = journal.statement('SELECT photo_id FROM presences WHERE person_id = ?').all(person);
    for (const { photo_id: photo } of photos) {
      const key = `${photo} ${person}`;
      if (!byRow.has(nameOf('presences', key))) block(journal.broughtBy(entry, 'presences', key));
    }
    const relations = journal
      .statement('SELECT person_id, other_id FROM relations WHERE person_id = ?1 OR other_id = ?1')
      .all(person);
    for (const { person_id: one, other_id: other } of relations) {
      const key = `${one} ${other}`;
      if (!byRow.has(nameOf('relations', key))) block(journal.broughtBy(entry, 'relations', key));
    }
  }

  /** Checks a group that is removed. It stays where faces have joined it outside the journal. */
  function letGroupGo(change: NetChange): void {
    const group = change.left!.id!;
    for (const { id } of journal.statement('SELECT id FROM faces WHERE group_id = ?').all(group)) {
      const move = byRow.get(nameOf('faces', String(id)));
      if (move?.columns.includes('group_id') && move.before?.group_id !== group) continue;
      const joined = journal.last(entry, 'faces', id as number);
      if (joined?.state === 'done' && joined.after?.group_id === group) block(joined);
      else dropped.add(change);
    }
  }
}

/** The columns that say what a label is; the others tell when it was given and how probable it is. */
const STATED = ['verdict', 'person_id', 'by_whom'];

/** Whether a later change of a row blocks: all changes of the user do. See [Note: Names that Kith gave]. */
function counts(other: LaterChange, change: NetChange): boolean {
  if (change.table !== 'labels') return true;
  if (isSure(other.after)) return false;
  const isKiths = other.after === null && (other.before === null || isSure(other.before));
  return !isKiths || isSure(change.left);
}

/** The same change, starting from the row as it is now instead of as the entry left it. */
function from(now: Row | null, change: NetChange): NetChange {
  return { ...change, left: now, columns: differing(change.before, now) };
}

function isSure(label: Row | null): boolean {
  return label?.by_whom === 'sure';
}

function isByUser(label: Row | null): boolean {
  return label !== null && !isSure(label);
}
