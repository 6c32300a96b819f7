import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { FaceId, PhotoId } from '../../electron/contract/ids.ts';
import { openLibrary } from '../../electron/library/open.ts';
import type { App } from '../../electron/service/app/app.ts';
import { fromMetadata, planFor } from '../../electron/service/app/names-in.ts';
import { readNames } from '../../electron/service/names/read.ts';
import { Here } from './here.ts';
import { NO_PERL } from './perl.ts';

// Names of people who are on a photo without a face: written as names without a region, and known again when they are read.

const here = new Here();

const WORDS = [
  'XMP-iptcExt:PersonInImage',
  'XMP-lr:HierarchicalSubject',
  'XMP-digiKam:TagsList',
  'XMP-dc:Subject',
];

/** What the lists of words of a photo's sidecar hold. */
async function words(photo: string): Promise<unknown[]> {
  const tags = await here.tool.read(here.path(`${photo}.xmp`), WORDS);
  return WORDS.map((tag) => tags[tag]);
}

const photoOf = (path: string) =>
  here.place.withLibrary((library) => {
    const files = library.files.list(library.files.folder(here.place.folder));
    return files.find((file) => file.path === path)!.photoId as PhotoId;
  });

const put = (path: string, name: string) => {
  const id = photoOf(path);
  return here.place.withApp((app) => app.call('photos.putPerson', { id, name }));
};

/** What reading the names in all files again would come to. */
async function read() {
  const library = openLibrary(here.place.file);
  const folder = { id: library.files.folder(here.place.folder), path: here.place.folder };
  await readNames({ library, folder, signal: new AbortController().signal });
  const { give, draw, unplaced, contradictions, misplaced } = planFor(library, fromMetadata(null)).plan;
  library.close();
  return {
    give: give.map(({ name, path }) => [path, name]),
    unplaced: unplaced.map(({ name, path }) => [path, name]),
    others: [...draw, ...contradictions, ...misplaced],
  };
}

describe.skipIf(NO_PERL !== null)(`names of people without a face ${NO_PERL ?? ''}`, () => {
  test('stand in the lists of words, beside those with a region, and go again', async () => {
    await here.photos({ 'a.jpg': ['Anna'], 'b.jpg': [] });
    const before = here.all();
    await put('a.jpg', 'Ben|Bo');
    const alone = await put('b.jpg', 'Anna');
    const done = await here.write();
    expect(done).toMatchObject({ create: 2, failed: [] });
    expect(done.changes.map(({ adds }) => adds)).toEqual([['Anna', 'Ben|Bo'], ['Anna']]);
    expect(await words('a.jpg')).toEqual([
      ['Anna', 'Ben|Bo'],
      ['People|Anna', 'People|Ben/Bo'],
      ['People/Anna', 'People/Ben|Bo'],
      ['Anna', 'Ben|Bo'],
    ]);
    expect(await here.names(here.path('a.jpg.xmp'))).toEqual(['Anna']);
    expect((await words('b.jpg')).flat()).toEqual(['Anna', 'People|Anna', 'People/Anna', 'Anna']);
    expect(await here.names(here.path('b.jpg.xmp'))).toEqual([]);
    const written = here.all();
    expect(await here.write()).toMatchObject({ create: 0, change: 0, remove: 0, entry: null });
    expect(here.all()).toEqual(written);

    await here.place.withApp((app) =>
      app.call('photos.takePerson', { id: photoOf('b.jpg'), person: alone.person.id }),
    );
    expect(await here.write()).toMatchObject({ remove: 1, change: 0 });
    expect(existsSync(here.path('b.jpg.xmp'))).toBe(false);
    await here.undo();
    expect(here.all()).toEqual(written);
    await here.undo();
    expect(here.all()).toEqual(before);
  });

  test('go into the photo itself too, whose picture stays the same', async () => {
    await here.photos({ 'a.jpg': ['Anna'] });
    await put('a.jpg', 'Ben');
    expect(await here.write('file')).toMatchObject({ change: 1, failed: [] });
    const tags = await here.tool.read(here.path('a.jpg'), WORDS);
    expect(tags['XMP-dc:Subject']).toEqual(['Anna', 'Ben']);
  });

  test('are written where Kith alone gave a face the name, and its names are not written', async () => {
    await here.photos({ 'a.jpg': ['Anna', 'Cleo'] });
    const { person } = await put('a.jpg', 'Ben');
    const photo = photoOf('a.jpg');
    here.place.withLibrary((library) => {
      const [face] = library.faces.ofPhoto(photo).slice(-1);
      library.journal.act({ action: 'made', detail: {}, by: 'kith' }, (entry) => {
        library.labels.clear([face!.id]);
        library.labels.putSure([{ face: face!.id, person: person.id, probability: 0.9999 }], entry);
      });
    });
    await here.write();
    expect((await words('a.jpg'))[3]).toEqual(['Anna', 'Ben']);
    expect(await here.names(here.path('a.jpg.xmp'))).toEqual(['Anna']);
    const { folder } = here.place;
    await here.place.withApp((app) => app.call('metadata.write', { path: folder, sure: true }));
    expect((await words('a.jpg'))[3]).toEqual(['Anna', 'Ben']);
    expect(await here.names(here.path('a.jpg.xmp'))).toEqual(['Anna', 'Ben']);
  });

  test('are in no file where only regions are written, and such a folder is up to date', async () => {
    await here.photos({ 'a.jpg': ['Anna'], 'b.jpg': [] });
    await put('a.jpg', 'Ben');
    await put('b.jpg', 'Ben');
    const phase = async (app: App) =>
      (await app.call('metadata.kept', {})).folders[0]!.keeps?.state.phase ?? null;
    await here.place.withApp(
      async (app) => {
        const choices = { into: 'sidecar', forms: 'immich', sure: false } as const;
        await app.call('metadata.keep', { path: here.place.folder, choices });
        await expect.poll(() => phase(app), { timeout: 20_000 }).toBe('up-to-date');
      },
      { quiet: 50, closing: 0 },
    );
    expect(existsSync(here.path('b.jpg.xmp'))).toBe(false);
    expect(await words('a.jpg')).toEqual([undefined, undefined, undefined, undefined]);
    expect(await here.names(here.path('a.jpg.xmp'))).toEqual(['Anna']);
  });

  test('are kept up to date: they come when somebody is put on a photo, and go with an undo', async () => {
    await here.photos({ 'a.jpg': ['Anna'] });
    const id = photoOf('a.jpg');
    const subject = async () => (await words('a.jpg'))[3];
    await here.place.withApp(
      async (app) => {
        const choices = { into: 'sidecar', forms: 'everything', sure: false } as const;
        await app.call('metadata.keep', { path: here.place.folder, choices });
        await app.call('photos.putPerson', { id, name: 'Ben' });
        await expect.poll(subject, { timeout: 20_000 }).toEqual(['Anna', 'Ben']);
        await app.call('journal.undo', {});
        await expect.poll(subject, { timeout: 20_000 }).toEqual(['Anna']);
      },
      { quiet: 50, closing: 0 },
    );
  });

  test('are known again when the files are read: no loose name, no contradiction, and no face gets them', async () => {
    await here.photos({ 'a.jpg': ['Anna', 'Cleo'], 'b.jpg': ['Anna', 'Dora'] });
    await put('a.jpg', 'Ben');
    await put('b.jpg', 'Ben');
    await here.write();
    // A face without a name, which a name without a region would go to.
    const photo = photoOf('b.jpg');
    here.place.withLibrary((library) => {
      const faces = library.faces.ofPhoto(photo).map(({ id }) => id) as FaceId[];
      library.journal.act({ action: 'clear', detail: {}, by: 'hand' }, () =>
        library.labels.clear(faces.slice(-1)),
      );
    });
    // Dora's region stands in the file still.
    expect(await read()).toEqual({ give: [['b.jpg', 'Dora']], unplaced: [], others: [] });
    await here.place.withApp((app) => app.call('people.rename', { id: 4 as never, name: 'Bernd' }));
    expect(await read()).toEqual({ give: [['b.jpg', 'Dora']], unplaced: [], others: [] });
  });
});
