import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EntryId, FaceId, GroupId, PersonId } from '../../electron/contract/ids.ts';
import { type Library, openLibrary } from '../../electron/library/open.ts';
import type { Answer } from '../../electron/service/app/review-answer.ts';
import { GivenAnswers } from '../../electron/service/app/review-given.ts';

// Which of the user's answers count for the questions that follow, on a real journal.

const ANNA = 1 as PersonId;
const BEN = 2 as PersonId;

let folder: string;
let library: Library;
let given: GivenAnswers;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-review-given-'));
  library = openLibrary(join(folder, 'library.kith'));
  given = new GivenAnswers(library);
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

const NO: Answer = { kind: 'no' };
const IGNORE: Answer = { kind: 'ignore', include: [] };
const YES: Answer = { kind: 'yes', include: [] };
const OTHER: Answer = { kind: 'other', name: 'Ben', include: [] };

const ofLone = (probability: number) => given.now().soFar.ofLone(probability);
const ofGroup = (faces: number) => given.now().soFar.ofGroup(faces);

it('counts each answer about a lone face that Kith took for a person, until it is undone', () => {
  const entries = ['one', 'two', 'three'].map(entry);
  for (const one of entries) given.add(one, { open: about(1, null, 0.9), answer: NO, who: null });
  expect(ofLone(0.9)).toBeLessThan(0.3);
  for (const one of entries) library.journal.undo({ entry: one });
  expect(ofLone(0.9)).toBeCloseTo(0.9, 12);
  library.journal.redo({ entry: entries[0] });
  expect(ofLone(0.9)).toBeLessThan(0.6);
});

it('counts no answer that changed nothing, nor a yes, nor one about a group as one about a lone face', () => {
  given.add(null, { open: about(1, null, 0.9), answer: NO, who: null });
  given.add(entry('yes'), { open: about(1, null, 0.9), answer: YES, who: ANNA });
  given.add(entry('group'), { open: about(4, 1 as GroupId, 0.9), answer: OTHER, who: BEN });
  expect(ofLone(0.9)).toBeCloseTo(0.9, 12);
});

it('counts each answer about a group that was not the person whom Kith took it for', () => {
  given.add(entry('stranger'), { open: about(2, 1 as GroupId, null), answer: IGNORE, who: null });
  expect(ofGroup(2)).toBe(0.25);
  given.add(entry('another person'), { open: about(2, 2 as GroupId, 0.7), answer: OTHER, who: BEN });
  expect(ofGroup(2)).toBe(0.5);
  given.add(entry('the very person'), { open: about(2, 3 as GroupId, 0.7), answer: YES, who: ANNA });
  expect(ofGroup(2)).toBe(0.5);
});

it('does not take "no, not Anna" for a group without a name', () => {
  given.add(entry('no'), { open: about(2, 1 as GroupId, 0.7), answer: NO, who: null });
  expect(ofGroup(2)).toBe(0.5);
});

it('holds offers that were not ticked against the person, until the answer is undone', () => {
  const offers = [8, 9].map((id) => ({
    group: null,
    face: id as FaceId,
    faces: 1,
    members: [id as FaceId],
  }));
  const open = { ...about(2, 1 as GroupId, 0.7), also: offers };
  const answer: Answer = { kind: 'yes', include: [8 as FaceId] };
  const one = entry('Anna');
  given.add(one, { open, answer, who: ANNA });
  const overlooked = () =>
    offers.flatMap((unit) =>
      [ANNA, BEN]
        .filter((person) => given.now().isOverlooked(unit, person))
        .map((person) => [unit.face, person]),
    );
  expect(overlooked()).toEqual([[9, ANNA]]);
  library.journal.undo({ entry: one });
  expect(overlooked()).toEqual([]);
});
