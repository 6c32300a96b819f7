import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PersonCard } from '../../electron/contract/people.ts';
import { CalibrationCard, RegroupPlan } from '../../electron/contract/screens.ts';
import { openLibrary } from '../../electron/library/open.ts';
import { copySamples, group, kith, scratch } from './cli.ts';

let place: Awaited<ReturnType<typeof scratch>>;
let at: string[];
let photos: string;
beforeAll(async () => {
  place = await scratch();
  photos = place.folder;
  await copySamples(photos);
  at = ['--library', join(photos, 'regroup.kith')];
  await group(photos, at[1]!, '--detector', 'ssd', '--encoder', 'dlib');
  const examples = join(photos, 'people.csv');
  await writeFile(examples, 'name,photo\nAnna,sample1.jpg\nBen,sample2.jpg\n');
  const models = ['--detector', 'ssd', '--encoder', 'dlib'];
  expect((await kith(['tag', photos, '--examples', examples, ...at, ...models])).status).toBe(0);
}, 120_000);
afterAll(() => place.remove());

/** Runs `work` on the record itself. */
function record<T>(work: (library: ReturnType<typeof openLibrary>) => T): T {
  const library = openLibrary(at[1]!);
  try {
    return work(library);
  } finally {
    library.close();
  }
}

const groups = () =>
  record((library) => {
    const faces = library.faces.ofFolder(library.files.folder(photos));
    return faces.map(({ id, group: of }) => [id, of]);
  });
const people = async () =>
  PersonCard.array().parse(JSON.parse((await kith(['people', '--json', ...at])).stdout));
const plan = async (...more: string[]) => {
  const { status, stdout, stderr } = await kith(['regroup', '--json', ...more, ...at]);
  expect(status, stderr).toBe(0);
  const answer = JSON.parse(stdout);
  expect(CalibrationCard.parse(answer.calibration).encoder).toBe('dlib');
  return {
    ...RegroupPlan.omit({ id: true }).parse(answer),
    done: answer.done as boolean,
    entry: answer.entry as number | null,
  };
};

it('says that nothing would change where nothing would, and what the distances of the library are like', async () => {
  const { stdout, status } = await kith(['regroup', ...at]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/Nothing would change/);
  expect(stdout).toMatch(/Distances \(dlib\): \d+ pairs of one photo/);
}, 60_000);

it('shows first, asks, groups anew keeping every name, and is undone', async () => {
  const good = groups();
  const named = await people();
  expect(named.map(({ name }) => name).sort()).toEqual(['Anna', 'Ben']);
  // Somebody puts all that is on one photo into one group.
  record((library) => {
    const faces = library.faces.ofFolder(library.files.folder(photos));
    const one = faces.filter(({ photoId }) => photoId === faces[0]!.photoId).map(({ id }) => id);
    library.journal.act({ action: 'move', detail: {}, by: 'hand' }, () =>
      library.groups.move(one, library.groups.create()),
    );
  });
  const bad = groups();
  const shown = await plan('--dry-run');
  expect(shown).toMatchObject({ done: false, entry: null });
  expect(shown.moved).toBeGreaterThan(0);
  expect(shown.mixed.length).toBeGreaterThan(0);
  // Nobody is there to be asked.
  const refused = await kith(['regroup', ...at]);
  expect(refused.status).toBe(2);
  expect(refused.stdout).toMatch(/faces? would be with others[\s\S]*Group \d+ (has|looks)/);
  expect(refused.stderr).toMatch(/--yes/);
  expect(groups()).toEqual(bad);
  const done = await plan('--yes');
  expect(done).toMatchObject({ done: true, moved: shown.moved });
  expect(partition(groups())).toEqual(partition(good));
  expect(await people()).toEqual(named);
  expect((await kith(['journal', ...at])).stdout).toMatch(/regroup: moved \d+/);
  expect((await kith(['undo', ...at])).stdout).toMatch(/Undone/);
  expect(groups()).toEqual(bad);
  // Whom Kith asks about follows from the groups.
  const names = (some: PersonCard[]) => some.map(({ ask: _, ...card }) => card);
  expect(names(await people())).toEqual(names(named));
}, 120_000);

/** Who is with whom, whatever the groups are called. */
function partition(rows: (number | null)[][]): string[] {
  const all = Map.groupBy(rows, ([id, of]) => (of === null ? `alone ${id}` : String(of)));
  return [...all.values()].map((faces) => faces.map(([id]) => id).join(' ')).sort();
}
