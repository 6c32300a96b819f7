import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NamesTaken } from '../../electron/contract/names-in.ts';
import type { FaceCard } from '../../electron/contract/people.ts';
import { type ExifTool, startExifTool } from '../../electron/metadata/tool.ts';
import type { App } from '../../electron/service/app/app.ts';
import { headOf, SAMPLE_FACES } from '../fixtures/sample-faces.ts';
import { HAS_PERL, list, tag, takeout, writePhoto } from '../fixtures/tagged.ts';
import { facesOf, openApp } from './app.ts';

// Apple's exports and Google's Takeout say who is on a photo, and not where.

const samples = [...Map.groupBy(SAMPLE_FACES, ({ path }) => path).values()];

let home: string;
let folder: string;
let app: App;
let tool: ExifTool;
let taken: NamesTaken;

async function facesOn(path: string): Promise<FaceCard[]> {
  const { items } = await app.call('photos.list', { limit: 200 });
  const details = await Promise.all(items.map(({ id }) => app.call('photos.get', { id })));
  return details.find(({ files }) => files.includes(join(folder, path)))!.faces;
}

const namesOn = async (path: string) => (await facesOn(path)).map(({ person }) => person?.name ?? null);

/** A photo of each face of a sample by itself, with its name. */
async function heads(program: 'Apple' | 'Google', sample: number): Promise<string[]> {
  const names = samples[sample]!.map((_, at) => `${program} ${at}`);
  for (const [at, name] of names.entries()) {
    const path = join(folder, program, `IMG_000${at}.jpg`);
    await writePhoto(samples[sample]![0]!.path, path, { side: 64 });
    await writeFile(path, await headOf(samples[sample]![at]!, 640));
    if (program === 'Apple') {
      await tag(tool, path, ...list('XMP-iptcExt:PersonInImage', [name]), ...list('IPTC:Keywords', [name]));
    } else {
      await takeout(`${path}.${at % 2 ? '' : 'supplemental-metadata.'}json`, basename(path), [name]);
    }
  }
  return names;
}

beforeAll(async () => {
  if (!HAS_PERL) return;
  home = await mkdtemp(join(tmpdir(), 'kith-names-'));
  folder = join(home, 'photos');
  tool = startExifTool();
  const apple = await heads('Apple', 4);
  const all = join(folder, 'Apple/all.jpg');
  await writePhoto(samples[4]![0]!.path, all, { salt: 7 });
  await tag(tool, all, ...list('XMP-iptcExt:PersonInImage', apple));
  const google = await heads('Google', 5);
  await writePhoto(samples[5]![0]!.path, join(folder, 'Google/all.jpg'), { salt: 7 });
  await takeout(join(folder, 'Google/all.jpg.supplemental-metadata.json'), 'all.jpg', google);
  // Nobody knows any face of this one, so nobody can say which is whose.
  const strangers = join(folder, 'Apple/strangers.jpg');
  await writePhoto(samples[0]![0]!.path, strangers);
  await tag(tool, strangers, ...list('XMP-iptcExt:PersonInImage', ['Mia', 'Noah']));
  // A keyword is a name where somebody is known by it.
  const words = join(home, 'words/words.jpg');
  await writePhoto(samples[0]![0]!.path, words);
  await writeFile(words, await headOf(samples[0]![0]!, 640));
  await tag(tool, words, ...list('XMP-dc:Subject', ['beach', 'Olga']));
  await writePhoto(samples[3]![0]!.path, join(home, 'words/others.jpg'));
  await tool.end();
  app = await openApp(join(home, 'library.kith'));
  taken = await app.call('folder.names', { path: folder });
}, 300_000);

afterAll(async () => {
  await app?.close();
  if (home) await rm(home, { recursive: true });
});

describe.skipIf(!HAS_PERL)('names without a place (needs perl)', () => {
  for (const [program, faces] of [
    ['Apple', 5],
    ['Google', 4],
  ] as const) {
    it(`gives ${program}'s names to the one face of a photo, and finds them on a photo of all`, async () => {
      for (let at = 0; at < faces; at++) {
        expect(await namesOn(`${program}/IMG_000${at}.jpg`)).toEqual([`${program} ${at}`]);
      }
      const found = await facesOn(`${program}/all.jpg`);
      const sorted = found.toSorted((a, b) => a.box.x - b.box.x).map(({ person }) => person?.name);
      const wanted = samples[program === 'Apple' ? 4 : 5]!.map(({ rect: [left] }, at) => ({
        left,
        name: `${program} ${at}`,
      })).sort((a, b) => a.left - b.left);
      expect(sorted).toEqual(wanted.map(({ name }) => name));
    });
  }

  it('leaves names alone that nobody can place, and says so', async () => {
    expect(taken.unplaced).toMatchObject([
      { path: 'Apple/strangers.jpg', name: 'Mia' },
      { path: 'Apple/strangers.jpg', name: 'Noah' },
    ]);
    for (const name of await namesOn('Apple/strangers.jpg')) expect(['Mia', 'Noah']).not.toContain(name);
    expect(taken.contradictions).toEqual([]);
  });

  it('takes a keyword for a name once somebody is known by it', async () => {
    const other = await openApp(join(home, 'words.kith'));
    try {
      const work = { path: join(home, 'words') };
      expect(await other.call('folder.names', work)).toMatchObject({ faces: 0, unplaced: [], entry: null });
      const [stranger] = await facesOf(other);
      await other.call('name', { faces: [stranger!.id], name: 'olga' });
      const { people } = await other.call('folder.names', work);
      expect(people).toEqual([{ name: 'Olga', faces: 1, known: true }]);
      expect((await other.call('people.list', {})).items).toMatchObject([{ name: 'olga', confirmed: 2 }]);
    } finally {
      await other.close();
    }
  });
});
