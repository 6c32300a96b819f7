import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaceId } from '../../electron/contract/ids.ts';
import type { Question } from '../../electron/contract/people.ts';
import { openLibrary } from '../../electron/library/open.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { madeFaces } from '../fixtures/embeddings.ts';
import { recordFaces } from '../fixtures/recorded-faces.ts';

// The review on a real SQLite file, through the application's requests: a person whose faces are in three groups.

let folder: string;
let app: App;
let ids: FaceId[];
/** Rows of the person's groups, and of another person's. */
const ANNAS = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  [10, 11, 12, 13, 14],
  [15, 16, 17],
];
const BENS = [18, 19, 20, 21];
/** Somebody who is in no group. */
const LONE = 22;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kith-review-'));
  const file = join(folder, 'library.kith');
  const library = openLibrary(file);
  const { vectors, size, person, quality } = madeFaces([18, 4, 1, 1, 1], { spread: 0.25, seed: 3 });
  ids = recordFaces(library, { vectors, size, quality, people: person });
  const groups = [...ANNAS, BENS].map((rows) => rows.map((row) => ids[row]!));
  library.groups.replace(groups, { encoder: 'dlib', method: 'made' }, library.groups.state());
  library.close();
  app = await createApp({ libraryFile: file, detector: 'ssd', encoder: 'dlib' });
});
afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

/** The first question: who the largest group is; the two others are offered. */
async function first(): Promise<Question> {
  const { question } = await app.call('review.next', {});
  expect(question).toMatchObject({ kind: 'who', faces: 10 });
  expect(question!.also.map(({ faces }) => faces).toSorted()).toEqual([3, 5]);
  return question!;
}

/** The face by which a group is shown beside the first. */
function shownOf(rows: readonly number[], { also }: Question): FaceId {
  return also.find(({ face }) => rows.some((row) => ids[row] === face))!.face;
}

/** The name of each of these faces' person; the face's status where it has none. */
async function statuses(rows: readonly number[]) {
  const cards = await app.call('faces.get', { ids: rows.map((row) => ids[row]!) });
  return new Set(cards.map(({ status, person }) => (person && status !== 'ask' ? person.name : status)));
}

/** The name of each of these faces' person where the user gave it, else null. */
async function labels(rows: readonly number[]) {
  const cards = await app.call('faces.get', { ids: rows.map((row) => ids[row]!) });
  return new Set(cards.map(({ status, person }) => (status === 'confirmed' ? person!.name : null)));
}

function refusals() {
  const library = openLibrary(join(folder, 'library.kith'));
  const all = library.labels.refusals();
  library.close();
  return all;
}

describe('Who is this, of several groups at once', () => {
  it('names its group and what was ticked, and is undone as one', async () => {
    const { id, also } = await first();
    const include = also.map(({ face }) => face);
    const { ledger } = await app.call('review.answer', {
      question: id,
      answer: { kind: 'other', name: 'Anna', include },
    });
    expect(ledger).toMatchObject({ person: { name: 'Anna' }, photos: 18 });
    for (const rows of ANNAS) expect(await statuses(rows)).toEqual(new Set(['Anna']));
    expect(await statuses(BENS)).not.toContain('Anna');
    await app.call('journal.undo', {});
    for (const rows of ANNAS) expect(await statuses(rows)).not.toContain('Anna');
  });

  it('says nothing of what was not ticked, and offers it no more with that person', async () => {
    const question = await first();
    const left = shownOf(ANNAS[1]!, question);
    const answer = { kind: 'other' as const, name: 'Anna', include: [shownOf(ANNAS[2]!, question)] };
    let { next } = await app.call('review.answer', { question: question.id, answer });
    expect(await labels([...ANNAS[0]!, ...ANNAS[2]!])).toEqual(new Set(['Anna']));
    // Kith may be sure of them by itself; the answer named none of them.
    expect(await labels(ANNAS[1]!)).toEqual(new Set([null]));
    expect(refusals()).toEqual([]);
    while (next) {
      expect(next.also.map(({ face }) => face)).not.toContain(left);
      ({ next } = await app.call('review.answer', { question: next.id, answer: { kind: 'skip' } }));
    }
  });

  it('are offered again once the answer to which they were not ticked is undone', async () => {
    // So that Kith names nobody by itself.
    await app.call('settings.set', { sure: 0.9999 });
    await app.call('name', { faces: ANNAS[0]!.slice(0, 3).map((row) => ids[row]!), name: 'Anna' });
    const { question } = await app.call('review.next', {});
    expect(question).toMatchObject({ kind: 'is', faces: 7, also: [{ faces: 3 }, { faces: 5 }] });
    const answer = { kind: 'yes' as const, include: [] };
    await app.call('review.answer', { question: question!.id, answer });
    await app.call('journal.undo', {});
    expect((await app.call('review.next', {})).question).toEqual(question);
  });

  it('are asked about again in a restored library, whatever was skipped before', async () => {
    const copy = join(folder, 'copy.kith');
    await app.call('library.backup', { path: copy });
    const { id } = await first();
    const { next } = await app.call('review.answer', { question: id, answer: { kind: 'skip' } });
    expect(next!.id).not.toBe(id);
    await app.call('library.restore', { path: copy });
    expect((await first()).id).toBe(id);
  });

  it('are strangers by one answer only where they were ticked', async () => {
    const question = await first();
    const answer = { kind: 'ignore' as const, include: [shownOf(ANNAS[1]!, question)] };
    await app.call('review.answer', { question: question.id, answer });
    expect(await statuses([...ANNAS[0]!, ...ANNAS[1]!])).toEqual(new Set(['ignored']));
    expect(await statuses(ANNAS[2]!)).not.toContain('ignored');
  });

  it('are somebody else than Kith asks about, with what was ticked beside the first', async () => {
    // So that Kith names nobody by itself.
    await app.call('settings.set', { sure: 0.9999 });
    await app.call('name', { faces: ANNAS[0]!.slice(0, 3).map((row) => ids[row]!), name: 'Anna' });
    const { question } = await app.call('review.next', {});
    expect(question).toMatchObject({ kind: 'is', faces: 7, also: [{ faces: 3 }, { faces: 5 }] });
    const { id, face, also } = question!;
    const include = also.map((offer) => offer.face);
    await app.call('review.answer', { question: id, answer: { kind: 'other', name: 'Eva', include } });
    const asked = [face.id, ...include];
    const cards = await app.call('faces.get', { ids: asked });
    expect(cards.map(({ person }) => person?.name)).toEqual(asked.map(() => 'Eva'));
  });

  it('shows three faces of each offer and up to nine of the group, and all of both to whoever asks', async () => {
    const question = await first();
    expect(question.mates).toHaveLength(8);
    for (const { face, mates, faces } of question.also) {
      expect(new Set([face, ...mates]).size).toBe(3);
      const all = await app.call('review.faces', { question: question.id, face });
      expect(all).toHaveLength(faces);
      expect(all).toEqual(expect.arrayContaining([face, ...mates]));
    }
    const all = await app.call('review.faces', { question: question.id, face: question.face.id });
    expect(new Set(all)).toEqual(new Set(ANNAS[0]!.map((row) => ids[row]!)));
  });

  it('names no face that joined a group after it was shown', async () => {
    const question = await first();
    const late = ids[LONE]!;
    await app.call('groups.move', { faces: [late], to: question.face.group });
    const include = question.also.map(({ face }) => face);
    await app.call('review.answer', {
      question: question.id,
      answer: { kind: 'other', name: 'Anna', include },
    });
    expect(await labels(ANNAS.flat())).toEqual(new Set(['Anna']));
    expect(await labels([LONE])).toEqual(new Set([null]));
  });

  it('refuses to include what it did not offer', async () => {
    const { id } = await first();
    const answer = { kind: 'other' as const, name: 'Anna', include: [ids[BENS[0]!]!] };
    await expect(app.call('review.answer', { question: id, answer })).rejects.toMatchObject({
      code: 'bad-request',
    });
    expect(await labels([...ANNAS.flat(), ...BENS])).toEqual(new Set([null]));
  });
});
