import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FaceId, GroupId } from '../../electron/contract/ids.ts';
import type { ListedFace } from '../../electron/contract/people.ts';
import { normalise } from '../../electron/grouping/similarity.ts';
import type { Library } from '../../electron/library/open.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { groupLibrary } from '../../electron/service/group.ts';
import type { Hasher } from '../../electron/service/stacks.ts';
import { madeFaces } from '../fixtures/embeddings.ts';
import { gaussian, random } from '../fixtures/random.ts';
import { recordFaces } from '../fixtures/recorded-faces.ts';
import { makePlace, withLibrary } from './support/place.ts';

const calibration = calibrationOf('dlib');

/** Which picture each photo shows, in the order of faces 1 to 9: of picture 0 three versions, of 1 a burst of two. */
const PICTURES = [0, 0, 0, 1, 1, 2, 3, 4, 4];
const MOMENTS = ['2020-05-01T12:00:00', '2020-05-01T12:00:02'];
const [BURST, OTHER] = [1, 4];

let place: ReturnType<typeof makePlace>;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

/** What the made thumbnails look like: each picture like no other. */
const hasher: Hasher = async (jpegs) =>
  jpegs.map((jpeg) => createHash('sha256').update(jpeg).digest('hex').slice(0, 16));

/** One person on nine photos. The last two show the person as alike as versions do, and look like two pictures. */
function record(library: Library, more: { dhash?: string } = {}): FaceId[] {
  const { vectors, size } = madeFaces([Math.max(...PICTURES) + 1], { spread: 0.2, seed: 4 });
  const normal = gaussian(random(9));
  const all = new Float32Array(PICTURES.length * size);
  PICTURES.forEach((picture, row) => {
    const face = vectors.subarray(picture * size, (picture + 1) * size);
    const near = face.map((value) => value + (0.03 / Math.sqrt(size)) * normal());
    all.set(normalise(near), row * size);
  });
  const quality = Float32Array.from(PICTURES, (_, row) => 0.9 - row / 100);
  const photos = PICTURES.map((picture, row) => ({
    ...more,
    // A burst's photos look like several; so do those of picture 4, which were taken on no known day.
    thumbnail: new Uint8Array([picture === BURST || picture === OTHER ? 100 + row : picture]),
    ...(picture === BURST ? { takenAt: MOMENTS[row - 3]! } : {}),
  }));
  return recordFaces(library, { vectors: all, size, quality, people: PICTURES }, 'a', photos);
}

const group = (library: Library, by?: Hasher) =>
  groupLibrary({ library, encoder: 'dlib', calibration, hasher: by });

/** What a list shows: each face, and those that it stands for. */
const shown = (items: readonly ListedFace[]) =>
  items.map(({ id, versions }) => [id, ...versions.map((version) => version.id)]);

const GROUP = 1 as GroupId;

describe('Stacks of a library', () => {
  it('are faces of one group on photos that look alike or are of one burst', () =>
    withLibrary(place.file, async (library) => {
      record(library);
      await group(library, hasher);
      const list = library.cards.faces.ofGroup(GROUP, 0, 100, true);
      expect(shown(list.items)).toEqual([[1, 2, 3], [4, 5], [6], [7], [8], [9]]);
      expect(list.total).toBe(6);
      const all = library.cards.faces.ofGroup(GROUP, 0, 100);
      expect(shown(all.items)).toEqual(PICTURES.map((_, row) => [row + 1]));
      expect(library.cards.people.group(GROUP)).toMatchObject({ size: 9, cover: 1, others: [4, 6, 7, 8] });
    }));

  it('stay whole wherever a page ends', () =>
    withLibrary(place.file, async (library) => {
      record(library);
      await group(library, hasher);
      const pages = [0, 1, 2, 3, 4, 5, 6].map(
        (from) => library.cards.faces.ofGroup(GROUP, from, 1, true).items,
      );
      expect(shown(pages.flat())).toEqual([[1, 2, 3], [4, 5], [6], [7], [8], [9]]);
    }));

  it('are bursts alone where no thumbnail can be looked at, and the others once one can', () =>
    withLibrary(place.file, async (library) => {
      record(library);
      const broken: Hasher = async () => {
        throw new Error('No vision process');
      };
      await group(library, broken);
      const stacks = () =>
        shown(library.cards.faces.ofGroup(GROUP, 0, 100, true).items).filter(({ length }) => length > 1);
      expect(stacks()).toEqual([[4, 5]]);
      // A face without a name: any new face makes the groups anew.
      recordFaces(library, { ...madeFaces([1], { seed: 99 }), people: [0] }, 'b');
      await group(library, hasher);
      expect(stacks()).toEqual([
        [1, 2, 3],
        [4, 5],
      ]);
    }));

  it('are looked at once, and written only where they are others than before', () =>
    withLibrary(place.file, async (library) => {
      record(library);
      const asked = vi.fn(hasher);
      await group(library, asked);
      expect(asked.mock.calls.flatMap(([jpegs]) => jpegs).length).toBe(5);
      const stacks = [...Map.groupBy(library.stacks.all(), ([, stack]) => stack).values()];
      const faces = stacks.map((rows) => rows.map(([face]) => face));
      expect(library.stacks.replace(faces)).toBe(false);
      recordFaces(library, { ...madeFaces([1], { seed: 99 }), people: [0] }, 'b');
      await group(library, asked);
      expect(asked).toHaveBeenCalledTimes(1);
      expect([...Map.groupBy(library.stacks.all(), ([, stack]) => stack).values()]).toEqual(stacks);
    }));
});

it('A photo of which the scan has told what it looks like is not looked at again', () =>
  withLibrary(place.file, async (library) => {
    // All of them look the same.
    record(library, { dhash: '0123456789abcdef' });
    const asked = vi.fn(hasher);
    await group(library, asked);
    expect(asked).not.toHaveBeenCalled();
    const { items } = library.cards.faces.ofGroup(GROUP, 0, 100, true);
    expect(shown(items)).toEqual([[1, 2, 3], [4, 5], [6], [7], [8, 9]]);
  }));

describe('A stack', () => {
  let app: App;
  beforeEach(async () => {
    await withLibrary(place.file, async (library) => {
      record(library);
      await group(library, hasher);
    });
    app = await createApp({ libraryFile: place.file, detector: 'ssd', encoder: 'dlib' });
  });
  afterEach(() => app.close());

  const inGroup = async () => {
    const { items, total } = await app.call('groups.faces', { id: GROUP, stacked: true });
    return { faces: shown(items), total };
  };

  it('is left by a face that is moved elsewhere, and has it back once that is undone', async () => {
    const { entry } = await app.call('groups.move', { faces: [1 as FaceId], to: null });
    expect(await inGroup()).toEqual({ faces: [[2, 3], [4, 5], [6], [7], [8], [9]], total: 6 });
    await app.call('journal.undo', { entry: entry! });
    expect((await inGroup()).faces[0]).toEqual([1, 2, 3]);
  });

  it('is named in one go, is one of the person then, and without a name again once that is undone', async () => {
    const faces = [1, 2, 3] as FaceId[];
    const named = await app.call('name', { faces, name: 'Anna' });
    const { ledger } = named as Extract<typeof named, { kind: 'named' }>;
    const person = { id: ledger.person.id, status: 'confirmed' as const };
    const list = await app.call('people.faces', { ...person, stacked: true });
    expect([shown(list.items), list.total]).toEqual([[[1, 2, 3]], 1]);
    expect((await app.call('people.faces', person)).total).toBe(3);
    expect(await app.call('people.get', { id: person.id })).toMatchObject({ confirmed: 3 });
    await app.call('journal.undo', { entry: ledger.entry! });
    expect((await inGroup()).faces[0]).toEqual([1, 2, 3]);
  });

  it('is one of those that are to be checked, and of those that Kith is sure of', async () => {
    const named = await app.call('name', { faces: [6 as FaceId], name: 'Anna' });
    const { person } = (named as Extract<typeof named, { kind: 'named' }>).ledger;
    const listed = async (status: 'sure' | 'ask') =>
      shown((await app.call('people.faces', { id: person.id, status, stacked: true })).items);
    const stacks = [...(await listed('sure')), ...(await listed('ask'))];
    expect(stacks.toSorted((a, b) => a[0]! - b[0]!)).toEqual([[1, 2, 3], [4, 5], [7], [8], [9]]);
  });

  it('is asked about by one of its faces, and an answer is about all of them', async () => {
    const { question } = await app.call('review.next', {});
    expect(question).toMatchObject({ kind: 'who', face: { id: 1 }, mates: [4, 6, 7, 8, 9], faces: 9 });
    await app.call('review.answer', { question: question!.id, answer: { kind: 'other', name: 'Anna' } });
    const [anna] = (await app.call('people.list', {})).items;
    expect(anna).toMatchObject({ name: 'Anna', confirmed: 9 });
  });
});
