import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaggedFolder } from '../../electron/contract/results.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { kith as run } from './cli.ts';

// A brother and a sister of four, their mother and their father, by every choice of one portrait each.

const shared = process.env.KITH_SHARED;
const family = join(shared ?? '', 'photos/family');
const facenet = join(shared ?? '', 'models/facenet/model.json');

const PORTRAITS = { Dad: 3, Mom: 2, Daughter: 3, Son: 2 };

/** Each way to choose one portrait of everybody. */
function choices(): { name: string; photo: string }[][] {
  return Object.entries(PORTRAITS).reduce<{ name: string; photo: string }[][]>(
    (all, [name, count]) =>
      all.flatMap((chosen) =>
        Array.from({ length: count }, (_, at) => [
          ...chosen,
          { name, photo: `Family1-${name}${at + 1}.jpg` },
        ]),
      ),
    [[]],
  );
}

/** Who is on each photo. */
function truth(): Map<string, string[]> {
  const rows = readFileSync(join(family, 'people.csv'), 'utf8').trim().split(/\r?\n/).slice(1);
  return new Map(
    rows.map((row) => {
      const [photo = '', people = ''] = row.split(',');
      return [photo, people.split(';')] as const;
    }),
  );
}

/** Names that Kith gave by itself. */
const surely = ({ photos }: TaggedFolder) =>
  photos.flatMap(({ path, faces }) =>
    faces.flatMap(({ id, person, status }) => (status === 'sure' ? [{ path, id, person: person! }] : [])),
  );

/** Tags the folder by each choice, each taken back before the next. */
async function tagEach(app: App) {
  const people = truth();
  const names = new Map<number, Set<string>>();
  const wrong: string[] = [];
  let sure = 0;
  for (const chosen of choices()) {
    const examples = chosen.map((one) => ({ ...one, point: null }));
    const result = await app.call('folder.tag', { path: family, examples });
    for (const { path, id, person } of surely(result)) {
      sure++;
      names.set(id, (names.get(id) ?? new Set()).add(person));
      if (!people.get(path)!.includes(person))
        wrong.push(`${chosen.map(({ photo }) => photo)}: ${path} ${person}`);
    }
    expect((await app.call('journal.undo', {})).entry?.action).toBe('tag');
    expect((await app.call('people.list', {})).items).toEqual([]);
  }
  return { sure, wrong, torn: [...names].filter(([, all]) => all.size > 1) };
}

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'kith-siblings-'));
});
afterAll(() => rm(home, { recursive: true }));

describe.skipIf(!existsSync(family))(
  'Daughter, Son, Mom and Dad, from one portrait each (KITH_SHARED)',
  () => {
    it('are never surely taken for each other by the bundled models, whichever the portraits', async () => {
      const app = await createApp({
        detector: 'ssd',
        encoder: 'dlib',
        libraryFile: join(home, 'dlib.kith'),
      });
      try {
        const { sure, wrong, torn } = await tagEach(app);
        expect({ wrong, torn }).toEqual({ wrong: [], torn: [] });
        expect(sure / choices().length).toBeGreaterThan(9);
      } finally {
        await app.close();
      }
    }, 120_000);

    it.skipIf(!existsSync(facenet))(
      'nor by FaceNet, which surely finds nearly all of them',
      async () => {
        const models = join(home, 'models');
        await mkdir(models);
        const files = ['model.json', 'model.h5'].map((name) => join(shared!, 'models/facenet', name));
        expect((await run(['models', 'import', ...files], { env: { KITH_MODELS_DIR: models } })).status).toBe(
          0,
        );
        await copyFile(join(shared!, 'models/yunet.onnx'), join(models, 'yunet.onnx'));
        const libraryFile = join(home, 'facenet.kith');
        const former = process.env.KITH_MODELS_DIR;
        process.env.KITH_MODELS_DIR = models;
        const app = await createApp({ detector: 'yunet', encoder: 'facenet-512+dlib', libraryFile });
        try {
          const { sure, wrong, torn } = await tagEach(app);
          expect({ wrong, torn }).toEqual({ wrong: [], torn: [] });
          // There are thirteen or fourteen faces besides the examples.
          expect(sure / choices().length).toBeGreaterThan(9);
        } finally {
          await app.close();
          if (former === undefined) delete process.env.KITH_MODELS_DIR;
          else process.env.KITH_MODELS_DIR = former;
        }
      },
      180_000,
    );
  },
);
