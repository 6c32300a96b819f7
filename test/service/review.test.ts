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

/** The first question: who the largest group is, with the two others. */
async function first(): Promise<Question> {
  const { question } = await app.call('review.next', {});
  expect(question).toMatchObject({ kind: 'who', faces: 18 });
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

describe('Who is this, of several groups at once', () => {
  it('names all that were shown, and is undone as one', async () => {
    const { id } = await first();
    const { ledger } = await app.call('review.answer', {
      question: id,
      answer: { kind: 'other', name: 'Anna' },
    });
    expect(ledger).toMatchObject({ person: { name: 'Anna' }, photos: 18 });
    for (const rows of ANNAS) expect(await statuses(rows)).toEqual(new Set(['Anna']));
    expect(await statuses(BENS)).not.toContain('Anna');
    await app.call('journal.undo', {});
    for (const rows of ANNAS) expect(await statuses(rows)).not.toContain('Anna');
  });

  it('leaves out the faces that the user took out, and never takes them for that person again', async () => {
    const question = await first();
    const out = shownOf(ANNAS[1]!, question);
    const answer = { kind: 'other' as const, name: 'Anna', except: [out] };
    let { next } = await app.call('review.answer', { question: question.id, answer });
    expect(await statuses(ANNAS[0]!)).toEqual(new Set(['Anna']));
    expect(await statuses(ANNAS[2]!)).toEqual(new Set(['Anna']));
    expect(await statuses(ANNAS[1]!)).not.toContain('Anna');
    while (next) {
      if (next.kind === 'is') expect([next.face.id, ...next.also.map(({ face }) => face)]).not.toContain(out);
      ({ next } = await app.call('review.answer', { question: next.id, answer: { kind: 'skip' } }));
    }
  });

  it('are strangers all together, but for those that were taken out', async () => {
    const question = await first();
    const answer = { kind: 'ignore' as const, except: [shownOf(ANNAS[2]!, question)] };
    await app.call('review.answer', { question: question.id, answer });
    expect(await statuses([...ANNAS[0]!, ...ANNAS[1]!])).toEqual(new Set(['ignored']));
    expect(await statuses(ANNAS[2]!)).not.toContain('ignored');
  });
});
