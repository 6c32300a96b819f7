import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { UnitBox } from '../../electron/contract/geometry.ts';
import type { FaceId, PersonId } from '../../electron/contract/ids.ts';
import { type Library, openLibrary } from '../../electron/library/open.ts';
import { madeAnalysis } from '../fixtures/analysis.ts';

// Which face stands for a person, or a group: one that is alone on its picture and whole, where there is one.

let folder: string;
let library: Library;
let anna: PersonId;

const ALONE = { x: 0.4, y: 0.3, width: 0.2, height: 0.3 };
const AT_EDGE = { x: 0, y: 0.3, width: 0.2, height: 0.3 };
const BESIDE = { x: 0.55, y: 0.32, width: 0.15, height: 0.25 };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-covers-'));
  library = openLibrary(join(folder, 'library.kith'));
});
afterEach(() => {
  library.close();
  rmSync(folder, { recursive: true });
});

/** Photos with these faces. @returns the first face of each */
function photos(...all: { boxes: object[]; quality: number }[]): FaceId[] {
  return all.map(({ boxes, quality }, at) => {
    const analysis = madeAnalysis(at, boxes.length);
    const faces = analysis.faces.map((face, index) => ({ ...face, quality, box: boxes[index] as UnitBox }));
    const photo = library.photos.record({ ...analysis, faces }, { detector: 'ssd', encoder: 'dlib' });
    return library.faces.ofPhoto(photo)[0]!.id;
  });
}

function name(faces: FaceId[], by: 'hand' | 'group'): void {
  library.journal.act({ action: 'name', detail: {}, by: 'hand' }, (entry) => {
    anna = library.people.named('Anna')?.id ?? library.people.create('Anna');
    library.labels.put(faces, { verdict: 'person', person: anna, by }, entry);
  });
}

const cover = () => library.cards.people.person(anna)!.cover;

it('is none that shares its picture with another face, or is cut off, however good those are', () => {
  const [shared, clipped, alone] = photos(
    { boxes: [ALONE, BESIDE], quality: 0.99 },
    { boxes: [AT_EDGE], quality: 0.98 },
    { boxes: [ALONE], quality: 0.6 },
  );
  name([shared!], 'hand');
  expect(cover()).toBe(shared);
  name([clipped!], 'hand');
  name([alone!], 'group');
  expect(cover()).toBe(alone);
});

it('is what the user chose, whatever else is on it', () => {
  const [shared, alone] = photos({ boxes: [ALONE, BESIDE], quality: 0.5 }, { boxes: [ALONE], quality: 0.9 });
  name([shared!, alone!], 'hand');
  expect(cover()).toBe(alone);
  library.journal.act({ action: 'cover', detail: {}, by: 'hand' }, () => {
    library.people.setCover(anna, shared!);
  });
  expect(cover()).toBe(shared);
});

it('of a group comes first as well', () => {
  const [shared, clipped, alone] = photos(
    { boxes: [ALONE, BESIDE], quality: 0.99 },
    { boxes: [AT_EDGE], quality: 0.98 },
    { boxes: [ALONE], quality: 0.6 },
  );
  const group = [shared!, clipped!, alone!];
  library.groups.replace([group], { encoder: 'dlib', method: 'made' }, library.groups.state());
  const [card] = library.cards.people.groups(false, 0, 10).items;
  expect([card!.cover, ...card!.others]).toEqual([alone, clipped, shared]);
});
