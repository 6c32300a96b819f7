import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Calibration } from '../../electron/contract/calibration.ts';
import type { EncoderKey, EntryId, FaceId, GroupId } from '../../electron/contract/ids.ts';
import { Learning } from '../../electron/contract/learning.ts';
import type { FolderId } from '../../electron/library/files.ts';
import { type Library, openLibrary } from '../../electron/library/open.ts';
import { alignmentOf } from '../../electron/service/aligned.ts';
import { type GroupedScan, groupLibrary } from '../../electron/service/group.ts';
import { madeAnalysis } from '../fixtures/analysis.ts';
import { MADE_CALIBRATION } from './support/made-pool.ts';
import { faults, makePlace } from './support/place.ts';

// Faces are compared in another way than when the groups were made: what that changes is an entry of the journal, whatever
// made the difference, and what the user has named or arranged holds still.

// A machine that is busy with other tests takes its time.
vi.setConfig({ testTimeout: 60_000 });

let place: ReturnType<typeof makePlace>;
let library: Library;
let photos: number;
beforeEach(() => {
  place = makePlace();
  library = openLibrary(place.file);
  photos = 0;
});
afterEach(() => {
  library.close();
  expect(faults(place.file)).toEqual([]);
  place.remove();
});

/** A face so many degrees from the first, each full turn in a plane of its own. */
function at(degrees: number, size: number): Float32Array<ArrayBuffer> {
  const vector = new Float32Array(size);
  const plane = 2 * Math.floor(degrees / 360);
  vector[plane] = Math.cos((degrees * Math.PI) / 180);
  vector[plane + 1] = Math.sin((degrees * Math.PI) / 180);
  return vector;
}

function add(...degrees: number[]): void {
  for (const angle of degrees) {
    const analysis = madeAnalysis(++photos, 1);
    const faces = [{ ...analysis.faces[0]!, embedding: at(angle, 128) }];
    const seen = { path: `${photos}.jpg`, size: analysis.bytes, mtimeNs: 1n };
    const [file] = library.files.reconcile(library.files.folder('/made'), [seen], [''], 'ssd');
    library.files.link(
      file!.id,
      library.photos.record({ ...analysis, faces }, { detector: 'ssd', encoder: 'dlib' }),
    );
  }
}

/** Gives faces vectors of another encoder, in the order in which they came; null: none. */
function seeAs(encoder: EncoderKey, ...degrees: (number | null)[]): void {
  const folder = library.files.folder('/made') as FolderId;
  for (const photo of library.backlog.photos(encoder, folder)) {
    const pending = library.backlog.photo(photo, folder);
    const angle = degrees[pending.faces[0]!.id - 1] ?? null;
    if (angle !== null) library.backlog.record(pending, [at(angle, 512)], encoder, 'photo');
  }
}

const group = (
  options: { encoder?: EncoderKey; calibration?: Calibration; scan?: GroupedScan } = {},
): ReturnType<typeof groupLibrary> =>
  groupLibrary({ library, encoder: 'dlib', calibration: MADE_CALIBRATION, ...options });

/** Of each face, in the order in which they came. */
const groups = () => library.faces.ofFolder(library.files.folder('/made')).map(({ group: of }) => of);
/** Who is with whom, whatever the groups are called. */
const together = () => groups().map((of) => (of === null ? null : groups().indexOf(of)));
const newest = () => library.journal.list(0, 1).items[0];

/** Links only what is nearer than 0.02. */
const STRICT: Calibration = { ...MADE_CALIBRATION, link: 15.6 };
const OTHER = 'facenet-512';

/** Three faces of one person, three of another, and one of a third. */
async function threeAndThree(): Promise<(GroupId | null)[]> {
  add(0, 6, 12, 60, 66, 72, 150);
  expect(await group()).toBeNull();
  expect(together()).toEqual([0, 0, 0, 3, 3, 3, null]);
  expect(library.journal.list(0, 1).items).toEqual([]);
  return groups();
}

/** As if an earlier Kith had made the groups, by a method of its own that put some faces elsewhere. */
function madeByFormerMethod(...elsewhere: { face: number; to: GroupId | null }[]): void {
  const moves = elsewhere.map(({ face, to }) => ({
    face: face as FaceId,
    from: groups()[face - 1]!,
    to: to === null ? null : { group: to },
  }));
  library.groups.rearrange(moves, null, library.groups.state());
  library.settings.put('grouped', library.settings.get('grouped')!.replace(/^dlib \d+ /, 'dlib 0 '));
}

describe('What another way of comparing faces changes is one entry by Kith, undone and done again, for', () => {
  test.each<[string, (Calibration | EncoderKey)?]>([
    ['another calibration', STRICT],
    ['another encoder', OTHER],
    ['another version of the method'],
    ['what was learned'],
  ])('%s.', async (way, by) => {
    const before = await threeAndThree();
    const other = typeof by === 'string' ? { encoder: by } : by && { calibration: by };
    if (way === 'another encoder') seeAs(OTHER, 0, 6, 12, 9, 60, 66, 63);
    if (way === 'another version of the method') {
      madeByFormerMethod({ face: 4, to: before[0]! }, { face: 1, to: null });
    }
    if (way === 'what was learned') learned();
    const then = groups();
    const grown = await group(other);
    const after = groups();
    expect(after).not.toEqual(then);
    const entry = newest()!;
    expect(entry).toMatchObject({ action: 'adapt', by: 'kith', state: 'done' });
    expect(grown).toEqual({ entry: entry.id, groups: entry.detail.groups, why: 'method' });
    expect(entry.detail.groups).toBe(changed(then, after));
    expect(library.groups.encoder()).toBe(way === 'another encoder' ? OTHER : 'dlib');

    expect(library.journal.undo({ entry: entry.id }).entry?.id).toBe(entry.id);
    expect(groups()).toEqual(then);
    expect(library.journal.redo({ entry: entry.id }).entry?.id).toBe(entry.id);
    expect(groups()).toEqual(after);
    // It is done once.
    expect(await group(other)).toBeNull();

    // What is taken back stays so, also once photos come.
    library.journal.undo({ entry: entry.id });
    add(200);
    seeAs(OTHER, ...new Array<number>(7).fill(0), 200);
    await group(other);
    for (const [row, of] of then.entries()) if (of !== null) expect(groups()[row]).toBe(of);
    expect(library.journal.list(0, 9).items).toHaveLength(1);
  });

  /**
   * A metric that sees but one direction of two. Put down outside the journal, so that the groups' entry is the only
   * one.
   */
  function learned(): void {
    const figures = { doubt: 1, tarAtFar: { '0.001': 1, '0.01': 1 } };
    const learning = Learning.parse({
      ...{ encoder: 'dlib', loss: 'triplet', faces: 50, people: 5, pairs: { genuine: 1, impostor: 1 } },
      ...{
        before: figures,
        after: figures,
        gain: { mean: 0.5, low: 0.4, high: 0.6 },
        adopted: true,
        reason: 'better',
      },
      seconds: 1,
    });
    const into = new Float32Array(128);
    const out = new Float32Array(128);
    // The first direction is made nothing of.
    into[0] = -1;
    out[0] = 1;
    library.metrics.put('dlib', {
      size: 128,
      rank: 1,
      into,
      out,
      shift: 0,
      alignment: alignmentOf('dlib'),
      learning,
    });
  }
});

/** How many groups are not what they were, or are new. */
function changed(before: readonly (GroupId | null)[], after: readonly (GroupId | null)[]): number {
  const touched = before.flatMap((of, row) => (of === after[row] ? [] : [of, after[row]!]));
  const old = new Set(before);
  const isCounted = (of: GroupId | null) =>
    of !== null && (old.has(of) || before.some((was, row) => was === null && after[row] === of));
  return new Set(touched.filter(isCounted)).size;
}

describe('A group holds still when the library goes over to an encoder that would part it, where it was', () => {
  test.each<[string, (mine: GroupId) => void]>([
    [
      'named',
      () => library.labels.give(library.people.create('Anna'), [1 as FaceId], [], null as unknown as EntryId),
    ],
    ['hidden', (mine) => library.groups.setHidden([mine], true)],
    ['arranged', (mine) => library.groups.move([7 as FaceId], mine)],
  ])('%s.', async (_, say) => {
    const [mine] = await threeAndThree();
    library.journal.act({ action: 'made', detail: {}, by: 'hand' }, () => say(mine!));
    const before = groups();
    // No two faces are similar, except one of the second group and the first face.
    seeAs(OTHER, 0, 360, 720, 6, 1080, 1440, 1800);
    await group({ encoder: OTHER });
    for (const [row, of] of before.entries()) if (of === mine) expect(groups()[row]).toBe(mine);
    expect(groups()[3]).toBe(mine);
    expect(groups().slice(4, 6)).toEqual([null, null]);
    const entry = newest()!;
    expect(entry).toMatchObject({ action: 'adapt', by: 'kith', detail: { groups: 2 } });
    library.journal.undo({ entry: entry.id });
    expect(groups()).toEqual(before);
  });
});

test('Faces without a vector of the new encoder are in no group, but where a group holds still; undo brings them back.', async () => {
  const before = await threeAndThree();
  const [mine] = before;
  library.journal.act({ action: 'made', detail: {}, by: 'hand' }, () =>
    library.groups.setHidden([mine!], true),
  );
  seeAs(OTHER, 0, 6, null, 60, 66, null, null);
  await group({ encoder: OTHER });
  expect(groups()).toEqual([mine, mine, mine, before[3], before[4], null, null]);
  library.journal.undo({ entry: newest()!.id });
  expect(groups()).toEqual(before);
});

test('While a scan goes on new faces form groups; those from before change at its end, as one entry.', async () => {
  const before = await threeAndThree();
  madeByFormerMethod({ face: 4, to: before[0]! });
  const then = groups();
  const after = library.groups.last();
  add(240, 246, 152);
  expect(await group({ scan: { after, goesOn: true } })).toBeNull();
  expect(groups().slice(0, 7)).toEqual(then);
  expect(together().slice(7, 9)).toEqual([7, 7]);
  add(252);
  expect(await group({ scan: { after, goesOn: true } })).toBeNull();
  expect(groups().slice(0, 7)).toEqual(then);
  expect(library.journal.list(0, 1).items).toEqual([]);

  const grown = await group({ scan: { after, goesOn: false } });
  expect(together()).toEqual([0, 0, 0, 3, 3, 3, 6, 7, 7, 6, 7]);
  expect(newest()).toMatchObject({ id: grown!.entry, action: 'adapt', by: 'kith' });
  // Who was alone is so again; the photos that came stay in their groups.
  library.journal.undo({ entry: grown!.entry });
  expect(groups().slice(0, 7)).toEqual(then);
  expect(together().slice(7)).toEqual([7, 7, 9, 7]);
});
