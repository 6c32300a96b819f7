import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FoundPerson, TaggedFolder } from '../../electron/contract/results.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { copySamples, kith as run } from './cli.ts';

let home: string;
let samples: string;
let libraries = 0;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'kith-tag-'));
  samples = join(home, 'samples');
  await mkdir(samples);
  await copySamples(samples);
});
afterAll(() => rm(home, { recursive: true }));

/** People of a folder, each with the portrait that is their example, and who is on each photo. */
interface Story {
  folder: string;
  examples: [name: string, photo: string][];
  truth: Map<string, Set<string>>;
}

async function tag(story: Story, models: string[]) {
  const examples = join(home, 'examples.csv');
  const rows = story.examples.map(([name, photo]) => `${name},${photo}`);
  await writeFile(examples, `name,photo\n${rows.join('\n')}\n`);
  const library = join(home, `${++libraries}.kith`);
  const where = ['--library', library, '--json', ...models];
  const { status, stdout, stderr } = await run(['tag', story.folder, '--examples', examples, ...where]);
  expect(status, stderr).toBe(0);
  return { library, result: TaggedFolder.parse(JSON.parse(stdout)) };
}

/** Names that are right, wrong, and missing, over all photos. */
function judged({ truth }: Story, { photos }: TaggedFolder) {
  const sum = { example: 0, sure: 0, ask: 0, wrong: [] as string[], missed: [] as string[] };
  for (const { path, faces } of photos) {
    const people = truth.get(path) ?? new Set<string>();
    for (const { person, status } of faces) {
      if (person === null || status === 'none') continue;
      if (people.has(person)) sum[status] += 1;
      else sum.wrong.push(`${path}: ${status} ${person}`);
    }
    for (const person of people) {
      if (!faces.some((face) => face.person === person)) sum.missed.push(`${path}: ${person}`);
    }
  }
  return sum;
}

const shared = process.env.KITH_SHARED;
const family = shared === undefined ? null : join(shared, 'photos/family');
const facenet = shared === undefined ? null : join(shared, 'models/facenet/model.json');

describe.skipIf(family === null || !existsSync(family ?? ''))('The family (KITH_SHARED)', () => {
  function story(): Story {
    const rows = readFileSync(join(family!, 'people.csv'), 'utf8').trim().split(/\r?\n/).slice(1);
    const truth = new Map(
      rows.map((row) => {
        const [photo = '', people = ''] = row.split(',');
        return [photo, new Set(people.split(';').filter((name) => name !== ''))] as const;
      }),
    );
    const portrait = {
      Dad: 'Family1-Dad1',
      Mom: 'Family1-Mom1',
      Daughter: 'Family1-Daughter1',
      Son: 'Family1-Son1',
    };
    const others = {
      Man2: 'Family2-Man1',
      Lady2: 'Family2-Lady1',
      Man3: 'Family3-Man1',
      Lady3: 'Family3-Lady1',
    };
    const examples = Object.entries({ ...portrait, ...others }).map(([name, photo]): [string, string] => [
      name,
      `${photo}.jpg`,
    ]);
    return { folder: family!, examples, truth };
  }

  it('is named from one portrait each with the bundled models: nobody wrongly, nine in ten or more', async () => {
    const family = story();
    const sum = judged(family, (await tag(family, ['--detector', 'ssd', '--encoder', 'dlib'])).result);
    expect(sum.wrong).toEqual([]);
    const right = sum.sure + sum.ask;
    expect(right / (right + sum.missed.length)).toBeGreaterThanOrEqual(0.9);
  }, 120_000);

  it.skipIf(!existsSync(facenet ?? ''))(
    'is named from one portrait each with FaceNet and YuNet: everybody surely and rightly, no stranger, two asked about at most',
    async () => {
      const models = join(home, 'models');
      const env = { KITH_MODELS_DIR: models };
      const files = ['model.json', 'model.h5'].map((name) => join(shared!, 'models/facenet', name));
      expect((await run(['models', 'import', ...files], { env })).status).toBe(0);
      await writeFile(join(models, 'yunet.onnx'), readFileSync(join(shared!, 'models/yunet.onnx')));
      process.env.KITH_MODELS_DIR = models;
      try {
        const all = story();
        const { result } = await tag(all, ['--detector', 'yunet', '--encoder', 'facenet-512+dlib']);
        const sum = judged(all, result);
        expect(sum).toMatchObject({ missed: [], ask: 0 });
        const asked = sum.wrong.filter((one) => one.includes(': ask '));
        expect(sum.wrong.filter((one) => !asked.includes(one))).toEqual([]);
        expect(asked.length).toBeLessThanOrEqual(2);
        expect(sum.sure).toBeGreaterThan(20);
      } finally {
        delete process.env.KITH_MODELS_DIR;
      }
    },
    180_000,
  );
});

describe('kith tag, find, people, undo and journal', () => {
  const story = (): Story => ({
    folder: samples,
    examples: [
      ['Anna', 'sample1.jpg'],
      ['Ben', 'sample2.jpg'],
    ],
    truth: new Map(),
  });
  const models = ['--detector', 'ssd', '--encoder', 'dlib'];

  it('name the largest face of each example, and take it back', async () => {
    const { library, result } = await tag(story(), models);
    const examples = result.photos.flatMap(({ path, faces }) =>
      faces.filter(({ status }) => status === 'example').map(({ person }) => `${path} ${person}`),
    );
    expect(examples.sort()).toEqual(['sample1.jpg Anna', 'sample2.jpg Ben']);
    for (const { faces } of result.photos) {
      const names = faces.flatMap(({ person }) => person ?? []);
      expect(new Set(names).size).toBe(names.length);
    }
    const at = ['--library', library];
    expect((await run(['people', ...at])).stdout).toMatch(/Anna: \d+ face/);
    expect((await run(['journal', ...at])).stdout).toMatch(/tag: names Anna, Ben/);
    expect((await run(['undo', ...at])).stdout).toMatch(/Undone/);
    expect((await run(['people', ...at])).stdout).toMatch(/Nobody has a name/);
    expect((await run(['undo', ...at])).stdout).toMatch(/nothing to undo/);
    expect((await run(['undo', '--redo', ...at])).stdout).toMatch(/Done again/);
    expect(JSON.parse((await run(['people', '--json', ...at])).stdout)).toHaveLength(2);
  }, 60_000);

  it('ask as much as the settings of the library say', async () => {
    const examples = join(home, 'levels.csv');
    await writeFile(examples, 'name,photo\nBen,sample2.jpg\n');
    const library = join(home, 'levels.kith');
    const at = ['--json', '--library', library, ...models];
    const asked = async (levels: { sure: number; ask: number }) => {
      const app = await createApp({ libraryFile: library, detector: 'ssd', encoder: 'dlib' });
      await app.call('settings.set', levels);
      await app.close();
      const found = await run(['find', join(samples, 'sample2.jpg'), samples, ...at]);
      const tagged = await run(['tag', samples, '--examples', examples, ...at]);
      const { faces } = FoundPerson.parse(JSON.parse(found.stdout));
      const { photos } = TaggedFolder.parse(JSON.parse(tagged.stdout));
      const questions = (of: readonly { status: string }[]) =>
        of.filter(({ status }) => status === 'ask').length;
      return { find: questions(faces), tag: questions(photos.flatMap((photo) => photo.faces)) };
    };
    const eager = await asked({ sure: 0.9, ask: 0.01 });
    expect(eager).toEqual({ find: expect.any(Number), tag: eager.find });
    expect(eager.find).toBeGreaterThan(1);
    expect(await asked({ sure: 0.9999, ask: 0.9 })).toEqual({ find: 0, tag: 0 });
  }, 60_000);

  it('find one person without naming anybody', async () => {
    const library = join(home, 'find.kith');
    const at = ['--library', library, ...models];
    const { stdout, status } = await run(['find', join(samples, 'sample3.jpg'), samples, '--json', ...at]);
    expect(status).toBe(0);
    const { faces } = FoundPerson.parse(JSON.parse(stdout));
    expect(faces[0]).toMatchObject({ path: 'sample3.jpg', status: 'example', person: null });
    expect((await run(['people', '--library', library])).stdout).toMatch(/Nobody has a name/);
    expect((await run(['journal', '--library', library])).stdout).toMatch(/Nothing was done/);
  }, 60_000);

  it.each([
    ['name,photo\nAnna,none.jpg\n', /no such file: none\.jpg/],
    ['name,photo,x,y\nAnna,sample1.jpg,1,1\n', /No face was found/],
    ['name,photo,x,y\nAnna,sample1.jpg,left,1\n', /line 2: expected two numbers/],
    ['name,photo\n,sample1.jpg\n', /line 2: expected a name and a photo/],
    ['name,photo\n"Anna\n', /no CSV file/],
    // The first line need not name the columns.
    ['Anna,sample1.jpg,left,1\n', /line 1: expected two numbers/],
    ['Anna,none.jpg\n', /no such file: none\.jpg/],
    ['photo,name\nnone.jpg,Anna\n', /no such file: none\.jpg/],
  ])(
    'explain what is wrong with examples: %j',
    async (text, words) => {
      const path = join(home, 'bad.csv');
      await writeFile(path, text);
      const at = ['--library', join(home, 'bad.kith'), ...models];
      const { status, stderr } = await run(['tag', samples, '--examples', path, ...at]);
      expect(status).not.toBe(0);
      expect(stderr).toMatch(words);
    },
    60_000,
  );
});
