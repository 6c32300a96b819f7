import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bCubed } from '../../electron/grouping/metrics.ts';
import { type Library, openLibrary } from '../../electron/library/open.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { groupLibrary } from '../../electron/service/group.ts';
import { type MadeLibrary, madeLibrary } from '../fixtures/made-library.ts';

const encoder = 'dlib';
const calibration = calibrationOf(encoder);

/** More than are grouped anew each time. */
const LARGE = 11_000;

let folder: string;
let library: Library;
let made: MadeLibrary;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kith-large-'));
  library = openLibrary(join(folder, 'library.kith'));
  made = await madeLibrary({ faces: LARGE + 2000, encoder, seed: 3 });
  made.fill(library, LARGE);
});

afterAll(async () => {
  library.close();
  await rm(folder, { recursive: true, force: true });
});

function groups(): Map<number, number | null> {
  const [first] = library.cards.photos.folders();
  return new Map(library.faces.ofFolder(first!.id).map(({ id, group }) => [id, group]));
}

/** How right the groups are. */
function right(of: ReadonlyMap<number, number | null>): number {
  const faces = [...of];
  return bCubed(
    faces.map(([, group]) => group ?? -1),
    faces.map(([face]) => String(made.personOf[face]!)),
  ).f;
}

const last = () => Math.max(...groups().keys());
const noted = () => library.settings.get('grouped-faces');

test('A large library groups what is near to new faces, and all anew once a tenth has come; both as well as at once.', async () => {
  await groupLibrary({ library, encoder, calibration });
  const before = groups();
  const first = last();
  expect(noted()).toBe(`${first} ${first}`);

  const after = library.groups.last();
  made.fill(library, LARGE + 300);
  await groupLibrary({ library, encoder, calibration, scan: { after, goesOn: true } });
  expect(noted()).toBe(`${first} ${first}`);
  made.fill(library, LARGE + 600);
  await groupLibrary({ library, encoder, calibration, scan: { after, goesOn: false } });
  const second = last();
  expect(noted()).toBe(`${first} ${second}`);
  const grown = groups();
  const moved = [...before].filter(([face, group]) => group !== null && grown.get(face) !== group);
  expect(moved.length / before.size).toBeLessThan(0.01);
  const joined = [...grown].filter(([face, group]) => face > first && group !== null);
  expect(joined.length / (second - first)).toBeGreaterThan(0.5);

  // As if none had been grouped yet.
  library.settings.put('grouped-faces', '0 0');
  made.fill(library, LARGE + 601);
  await groupLibrary({ library, encoder, calibration });
  expect(noted()).toBe(`${last()} ${last()}`);
  const anew = new Map([...groups()].filter(([face]) => face <= second));
  expect(right(grown)).toBeGreaterThan(right(anew) - 0.005);

  made.fill(library, LARGE + 2000);
  await groupLibrary({ library, encoder, calibration });
  expect(noted()).toBe(`${last()} ${last()}`);
});
