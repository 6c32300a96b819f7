import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExifTool } from '../../electron/metadata/tool.ts';
import { headOf, SAMPLE_PHOTOS } from '../fixtures/sample-faces.ts';
import { HAS_PERL, list, tag, takeout, writePhoto } from '../fixtures/tagged.ts';
import { facesOf, openApp } from './app.ts';
import { facesOn, type TaggedFolder, taggedFolder } from './tagged-folder.ts';

// Apple's exports and Google's Takeout say who is on a photo, and not where.

let tagged: TaggedFolder;

beforeAll(async () => {
  if (HAS_PERL) tagged = await taggedFolder(fill);
}, 300_000);

afterAll(() => tagged?.close());

const namesOn = async (path: string) =>
  (await facesOn(tagged, path)).map(({ person }) => person?.name ?? null);

async function fill({ home, folder, tool }: { home: string; folder: string; tool: ExifTool }): Promise<void> {
  /** A photo of each face of a sample by itself, with its name. */
  async function heads(program: 'Apple' | 'Google', sample: number): Promise<string[]> {
    const names = SAMPLE_PHOTOS[sample]!.map((_, at) => `${program} ${at}`);
    for (const [at, name] of names.entries()) {
      const path = join(folder, program, `IMG_000${at}.jpg`);
      await writePhoto(SAMPLE_PHOTOS[sample]![0]!.path, path, { side: 64 });
      await writeFile(path, await headOf(SAMPLE_PHOTOS[sample]![at]!, 640));
      if (program === 'Apple') {
        await tag(tool, path, ...list('XMP-iptcExt:PersonInImage', [name]), ...list('IPTC:Keywords', [name]));
      } else {
        await takeout(`${path}.${at % 2 ? '' : 'supplemental-metadata.'}json`, basename(path), [name]);
      }
    }
    return names;
  }

  const apple = await heads('Apple', 4);
  const all = join(folder, 'Apple/all.jpg');
  await writePhoto(SAMPLE_PHOTOS[4]![0]!.path, all, { salt: 7 });
  await tag(tool, all, ...list('XMP-iptcExt:PersonInImage', apple));
  const google = await heads('Google', 5);
  await writePhoto(SAMPLE_PHOTOS[5]![0]!.path, join(folder, 'Google/all.jpg'), { salt: 7 });
  await takeout(join(folder, 'Google/all.jpg.supplemental-metadata.json'), 'all.jpg', google);
  // None of these faces is known from another photo, so no name can be placed.
  const strangers = join(folder, 'Apple/strangers.jpg');
  await writePhoto(SAMPLE_PHOTOS[0]![0]!.path, strangers);
  await tag(tool, strangers, ...list('XMP-iptcExt:PersonInImage', ['Mia', 'Noah']));
  // A keyword is a name where the library has a person of that name.
  const words = join(home, 'words/words.jpg');
  await writePhoto(SAMPLE_PHOTOS[0]![0]!.path, words);
  await writeFile(words, await headOf(SAMPLE_PHOTOS[0]![0]!, 640));
  await tag(tool, words, ...list('XMP-dc:Subject', ['beach', 'Olga']));
  await writePhoto(SAMPLE_PHOTOS[3]![0]!.path, join(home, 'words/others.jpg'));
}

describe.skipIf(!HAS_PERL)('names without a place (needs perl)', () => {
  for (const [program, faces] of [
    ['Apple', 5],
    ['Google', 4],
  ] as const) {
    it(`gives ${program}'s names to the one face of a photo, and finds them on a photo of all`, async () => {
      for (let at = 0; at < faces; at++) {
        expect(await namesOn(`${program}/IMG_000${at}.jpg`)).toEqual([`${program} ${at}`]);
      }
      const found = await facesOn(tagged, `${program}/all.jpg`);
      const sorted = found.toSorted((a, b) => a.box.x - b.box.x).map(({ person }) => person?.name);
      const wanted = SAMPLE_PHOTOS[program === 'Apple' ? 4 : 5]!.map(({ rect: [left] }, at) => ({
        left,
        name: `${program} ${at}`,
      })).sort((a, b) => a.left - b.left);
      expect(sorted).toEqual(wanted.map(({ name }) => name));
    });
  }

  it('leaves names alone that may be of several faces, and lists them', async () => {
    const { taken } = tagged;
    expect(taken.unplaced).toMatchObject([
      { path: 'Apple/strangers.jpg', name: 'Mia' },
      { path: 'Apple/strangers.jpg', name: 'Noah' },
    ]);
    for (const name of await namesOn('Apple/strangers.jpg')) expect(['Mia', 'Noah']).not.toContain(name);
    expect(taken.contradictions).toEqual([]);
  });

  it('takes a keyword for a name once the library has a person of that name', async () => {
    const { home } = tagged;
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
