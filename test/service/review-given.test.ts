import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EntryId, FaceId, GroupId, PersonId } from '../../electron/contract/ids.ts';
import { type Library, openLibrary } from '../../electron/library/open.ts';
import { GivenAnswers } from '../../electron/service/app/review-given.ts';

// Which answers count for the questions that follow, on a real journal.

const ANNA = 1 as PersonId;
const BEN = 2 as PersonId;

let folder: string;
let library: Library;
let given: GivenAnswers;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-review-given-'));
  library = openLibrary(join(folder, 'library.kith'));
  given = new GivenAnswers(() => library);
});
afterEach(() => {
  library.close();
  rmSync(folder, { recursive: true });
});

/** An entry of the journal, as an answer leaves it. */
function entry(name: string): EntryId {
  const { entry } = library.journal.act({ action: 'answer', detail: {}, by: 'hand' }, () =>
    library.people.create(name),
  );
  return entry!;
}

function about(members: number, group: GroupId | null, matched: number | null) {
  const faces = Array.from({ length: members }, (_, at) => (at + 1) as FaceId);
  const first = { group, face: faces[0]!, faces: members, members: faces };
  return { people: matched === null ? [] : [ANNA], first, also: [], matched };
}

it('is each answer about a lone face that Kith took for somebody, until it is undone', () => {
  const entries = ['one', 'two', 'three'].map(entry);
  for (const one of entries) given.add(one, about(1, null, 0.9), null);
  expect(given.soFar().ofLone(0.9)).toBeLessThan(0.3);
  for (const one of entries) library.journal.undo({ entry: one });
  expect(given.soFar().ofLone(0.9)).toBeCloseTo(0.9, 12);
  library.journal.redo({ entry: entries[0] });
  expect(given.soFar().ofLone(0.9)).toBeLessThan(0.6);
});

it('is no answer that was skipped, nor one about the very person or a group in its place', () => {
  given.add(null, about(1, null, 0.9), null);
  given.add(entry('yes'), about(1, null, 0.9), ANNA);
  given.add(entry('group'), about(4, 1 as GroupId, 0.9), BEN);
  expect(given.soFar().ofLone(0.9)).toBeCloseTo(0.9, 12);
});

it('is each answer about a group that was not the person whom Kith took it for', () => {
  given.add(entry('stranger'), about(2, 1 as GroupId, null), null);
  expect(given.soFar().ofGroup(2)).toBe(0.25);
  given.add(entry('somebody else'), about(2, 2 as GroupId, 0.7), BEN);
  expect(given.soFar().ofGroup(2)).toBe(0.5);
  given.add(entry('the very person'), about(2, 3 as GroupId, 0.7), ANNA);
  expect(given.soFar().ofGroup(2)).toBe(0.5);
});
