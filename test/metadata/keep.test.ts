import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import type { FaceId, PersonId } from '../../electron/contract/ids.ts';
import type { KeepState, MetadataChoices } from '../../electron/contract/metadata.ts';
import type { App } from '../../electron/service/app/app.ts';
import type { KeepPace } from '../../electron/service/app/keep-pace.ts';
import { Here } from './here.ts';
import { NO_PERL } from './perl.ts';

// Metadata that is kept up to date, by itself.

const here = new Here();

/** Sidecars, in the forms of Immich. */
const CHOICES: MetadataChoices = { into: 'sidecar', forms: 'immich', sure: false };

/** Soon, and never while Kith is closed: what is written then is another test. */
const PACE: KeepPace = { quiet: 50, closing: 0 };

const open = <T>(work: (app: App) => Promise<T>, pace: Partial<KeepPace> = {}) =>
  here.place.withApp(work, { ...PACE, ...pace });

const keep = (app: App, choices: MetadataChoices | null = CHOICES) =>
  app.call('metadata.keep', { path: here.place.folder, choices });

async function stateOf(app: App): Promise<KeepState | null> {
  return (await app.call('metadata.kept', {})).folders[0]!.keeps?.state ?? null;
}

/** Waits until nothing is left to be written. */
async function upToDate(app: App): Promise<void> {
  await expect
    .poll(() => stateOf(app), { timeout: 20_000 })
    .toMatchObject({ phase: 'up-to-date', failed: null });
}

/** Which files of the folder have changed, by what they hold. */
function changed(before: Record<string, string>): string[] {
  const now = here.all();
  return [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((name) => before[name] !== now[name])
    .toSorted();
}

const faces = (name: string) =>
  here.place.withLibrary((library) => {
    const file = library.files
      .list(library.files.folder(here.place.folder))
      .find(({ path }) => path === name)!;
    return library.faces
      .ofPhoto(file.photoId!)
      .map(({ id }) => id)
      .toSorted((a, b) => a - b) as FaceId[];
  });

const history = async (app: App) => (await app.call('journal.list', {})).items.map(({ action }) => action);

async function person(app: App, name: string): Promise<PersonId> {
  return (await app.call('people.search', { text: name }))[0]!.id;
}

const names = (photo: string) => here.names(here.path(`${photo}.xmp`));

describe.skipIf(NO_PERL !== null)(`metadata kept up to date ${NO_PERL ?? ''}`, () => {
  test('is off until it is turned on, and then writes whoever has a name, without an entry of the history', async () => {
    await here.photos({ 'a.jpg': ['Anna', 'Ben'], 'b.jpg': ['Ben'], 'c.jpg': [] });
    const before = here.all();
    await open(async (app) => {
      expect(await app.call('metadata.kept', {})).toMatchObject({ perl: true, folders: [{ keeps: null }] });
      await wait(300);
      expect(here.all()).toEqual(before);
      const did = await history(app);
      await keep(app);
      await upToDate(app);
      expect(changed(before)).toEqual(['a.jpg.xmp', 'b.jpg.xmp']);
      expect(await names('a.jpg')).toEqual(['Anna', 'Ben']);
      expect(await history(app)).toEqual(did);
    });
  });

  test('writes one name more into that file alone, and an undo takes it out again', async () => {
    await here.photos({ 'a.jpg': ['Anna', 'Ben'], 'b.jpg': ['Ben'], 'c.jpg': ['Ben'] });
    const [second] = faces('c.jpg').slice(-1);
    await open(async (app) => {
      await keep(app);
      await upToDate(app);
      const written = here.all();
      await app.call('faces.refuse', { faces: [second!], person: await person(app, 'Ben') });
      await upToDate(app);
      expect(changed(written)).toEqual(['c.jpg.xmp']);
      expect(existsSync(here.path('c.jpg.xmp'))).toBe(false);

      await app.call('name', { faces: [second!], name: 'Carla' });
      await upToDate(app);
      expect(changed(written)).toEqual(['c.jpg.xmp']);
      expect(await names('c.jpg')).toEqual(['Carla']);

      // What is undone is the naming: nothing that Kith wrote by itself stands before it.
      expect((await app.call('journal.undo', {})).entry).toMatchObject({ action: 'name' });
      await upToDate(app);
      expect(existsSync(here.path('c.jpg.xmp'))).toBe(false);
      expect((await app.call('journal.redo', {})).entry).toMatchObject({ action: 'name' });
      await upToDate(app);
      expect(await names('c.jpg')).toEqual(['Carla']);
    });
  });

  test('follows a new name and a merge', async () => {
    await here.photos({ 'a.jpg': ['Anna', 'Ben'], 'b.jpg': ['Bert'] });
    await open(async (app) => {
      await keep(app);
      await upToDate(app);
      const written = here.all();
      await app.call('people.rename', { id: await person(app, 'Anna'), name: 'Hanna' });
      await upToDate(app);
      expect(changed(written)).toEqual(['a.jpg.xmp']);
      expect(await names('a.jpg')).toEqual(['Hanna', 'Ben']);
      await app.call('people.merge', {
        from: [await person(app, 'Bert')],
        into: await person(app, 'Ben'),
      });
      await upToDate(app);
      expect(await names('b.jpg')).toEqual(['Ben']);
    });
  });

  test('follows a scan: a copy that came has the names too', async () => {
    await here.photos({ 'a.jpg': ['Anna'] });
    await open(async (app) => {
      await keep(app);
      await upToDate(app);
      const written = here.all();
      copyFileSync(here.path('a.jpg'), here.path('copy.jpg'));
      await app.call('scan.start', { path: here.place.folder });
      await expect
        .poll(async () => (await app.call('scan.state', {}))?.phase, { timeout: 20_000 })
        .toBe('done');
      await expect.poll(() => changed(written), { timeout: 20_000 }).toEqual(['copy.jpg', 'copy.jpg.xmp']);
      expect(await names('copy.jpg')).toEqual(['Anna']);
    });
  });

  test('leaves every byte of other programs alone, in sidecars and in photos', async () => {
    await here.photos({ 'a.jpg': ['Anna'], 'b.jpg': ['Anna'] });
    const foreign = [
      '-XMP-dc:Title=A title',
      '-XMP-dc:Subject=holiday',
      '-XMP-lr:HierarchicalSubject=Places|Vienna',
    ];
    await here.tool.run([...foreign, here.path('a.xmp')]);
    await here.tool.run(['-overwrite_original', ...foreign, '-EXIF:Artist=Somebody', here.path('b.jpg')]);
    await here.record({ 'a.jpg': ['Anna'], 'b.jpg': ['Anna'] });
    const before = here.all();
    for (const into of ['sidecar', 'file'] as const) {
      await open(async (app) => {
        const dump = await here.dump(here.path('b.jpg'));
        await keep(app, { into, forms: 'everything', sure: false });
        await upToDate(app);
        const kept = await here.dump(here.path(into === 'sidecar' ? 'a.xmp' : 'b.jpg'));
        expect(kept).toMatchObject({ 'XMP-dc:Title': 'A title' });
        expect(kept['XMP-dc:Subject']).toEqual(['holiday', 'Anna']);
        if (into === 'sidecar') expect(await here.dump(here.path('b.jpg'))).toEqual(dump);
        await app.call('people.rename', { id: await person(app, 'Anna'), name: 'Hanna' });
        await upToDate(app);
        await app.call('journal.undo', {});
        await upToDate(app);
        const { entry } = await keep(app, null);
        await app.call('journal.undo', { entry: entry! });
        await expect.poll(() => here.all(), { timeout: 20_000 }).toEqual(before);
      });
    }
  });

  test('goes on after Kith was closed in the midst of it, and writes nothing twice', async () => {
    const all = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`${at}.jpg`, ['Anna']]));
    await here.photos(all);
    const sidecars = () => Object.keys(all).filter((name) => existsSync(here.path(`${name}.xmp`)));
    await open(async (app) => {
      await keep(app);
      await expect.poll(() => sidecars().length, { timeout: 20_000, interval: 5 }).toBeGreaterThan(2);
    });
    const first = sidecars();
    expect(first.length).toBeLessThan(30);
    const inodes = first.map((name) => statSync(here.path(`${name}.xmp`)).ino);
    await open(upToDate);
    expect(sidecars()).toHaveLength(30);
    expect(first.map((name) => statSync(here.path(`${name}.xmp`)).ino)).toEqual(inodes);
  });

  test('writes what was changed last before Kith is closed', async () => {
    await here.photos({ 'a.jpg': ['Anna'] });
    await open(async (app) => {
      await keep(app);
      await upToDate(app);
    });
    const pace = { quiet: 600_000, closing: 10_000 };
    await open(async (app) => {
      await app.call('people.rename', { id: await person(app, 'Anna'), name: 'Hanna' });
      expect(await names('a.jpg')).toEqual(['Anna']);
    }, pace);
    expect(await names('a.jpg')).toEqual(['Hanna']);
  });

  test('waits until the user has been quiet', async () => {
    await here.photos({ 'a.jpg': ['Anna'] });
    await open(
      async (app) => {
        await keep(app);
        await upToDate(app);
        const written = here.all();
        for (let at = 0; at < 5; at++) {
          await app.call('people.rename', { id: await person(app, 'Anna'), name: `Anna${at}` });
          await wait(200);
          expect(await stateOf(app)).toMatchObject({ phase: 'waiting' });
        }
        expect(here.all()).toEqual(written);
        await upToDate(app);
        expect(await names('a.jpg')).toEqual(['Anna4']);
      },
      { quiet: 800 },
    );
  });

  test('stops when it is turned off: the names stay, and an undo takes them out', async () => {
    await here.photos({ 'a.jpg': ['Anna'], 'b.jpg': ['Ben'] });
    const before = here.all();
    await open(async (app) => {
      await keep(app);
      await upToDate(app);
      const written = here.all();
      const { folder, entry } = await keep(app, null);
      expect(folder.keeps).toBeNull();
      expect(entry).not.toBeNull();
      await app.call('people.rename', { id: await person(app, 'Anna'), name: 'Hanna' });
      await wait(500);
      expect(here.all()).toEqual(written);
      expect(await app.call('metadata.undo', {})).toMatchObject({ remove: 2, failed: [], blockers: [] });
      expect(here.all()).toEqual(before);
      // Never on again, never off again.
      expect((await keep(app, null)).entry).toBeNull();
    });
  });

  test('is not contradicted by a writing, or an undo, by hand', async () => {
    await here.photos({ 'a.jpg': ['Anna'], 'b.jpg': ['Ben'] });
    const before = here.all();
    const path = here.place.folder;
    await open(async (app) => {
      const first = await app.call('metadata.write', { path, forms: 'everything' });
      await keep(app);
      await upToDate(app);
      const kept = here.all();
      for (const other of [{ into: 'file' }, { forms: 'everything' }, { sure: true }] as const)
        await expect(app.call('metadata.write', { path, ...CHOICES, ...other })).rejects.toMatchObject({
          code: 'folder-kept',
          detail: path,
        });
      await expect(app.call('metadata.undo', {})).rejects.toMatchObject({ code: 'folder-kept' });
      expect(await app.call('metadata.write', { path, ...CHOICES })).toMatchObject({ entry: null, same: 2 });
      // The history may forget the former writing; the files go on as they are kept.
      await app.call('journal.undo', { entry: first.entry! });
      await upToDate(app);
      expect(here.all()).toEqual(kept);
      await keep(app, null);
      await app.call('metadata.undo', {});
      expect(here.all()).toEqual(before);
    });
  });

  test('writes at once what is outstanding where the user asks for the same by hand', async () => {
    await here.photos({ 'a.jpg': ['Anna'] });
    await open(
      async (app) => {
        await keep(app);
        await upToDate(app);
        await app.call('people.rename', { id: await person(app, 'Anna'), name: 'Hanna' });
        const path = here.place.folder;
        expect(await app.call('metadata.write', { path, ...CHOICES })).toMatchObject({
          entry: null,
          change: 1,
        });
        expect(await names('a.jpg')).toEqual(['Hanna']);
      },
      { quiet: 600_000 },
    );
  });

  test.each(['missing', 'empty'])('waits for a disk that is away, whose folder is %s', async (how) => {
    await here.photos({ 'a.jpg': ['Anna'] });
    const away = `${here.place.root}/away`;
    await open(async (app) => {
      await keep(app);
      await upToDate(app);
      renameSync(here.place.folder, away);
      if (how === 'empty') mkdirSync(here.place.folder);
      await app.call('people.rename', { id: await person(app, 'Anna'), name: 'Hanna' });
      await expect.poll(() => stateOf(app)).toEqual({ phase: 'away', done: 0, total: 0, failed: null });
      if (how === 'empty') rmdirSync(here.place.folder);
      expect(existsSync(here.place.folder)).toBe(false);
      renameSync(away, here.place.folder);
      expect(await names('a.jpg')).toEqual(['Anna']);
    });
    await open(upToDate);
    expect(await names('a.jpg')).toEqual(['Hanna']);
  });

  test('does not touch what it knows nothing of: files that no scan has seen since they came back', async () => {
    await here.photos({ 'a.jpg': ['Anna'] });
    await open(async (app) => {
      await keep(app);
      await upToDate(app);
    });
    const written = here.all();
    // A scan found an empty folder in the place of a disk.
    here.place.withLibrary((library) =>
      library.files.reconcile(library.files.folder(here.place.folder), [], [], 'ssd'),
    );
    await open(upToDate);
    expect(here.all()).toEqual(written);
  });

  test.skipIf(process.getuid?.() === 0)(
    'says once what can’t be written, and tries it again later',
    async () => {
      await here.photos({ 'a.jpg': ['Anna'], 'b.jpg': ['Ben'] });
      chmodSync(here.place.folder, 0o555);
      try {
        await open(async (app) => {
          await keep(app);
          await expect
            .poll(() => stateOf(app), { timeout: 20_000 })
            .toMatchObject({ phase: 'waiting', failed: { photos: 2, first: { why: 'no-permission' } } });
          // A change elsewhere does not try them again.
          await app.call('people.rename', { id: await person(app, 'Ben'), name: 'Bert' });
        });
      } finally {
        chmodSync(here.place.folder, 0o755);
      }
      await open(upToDate);
      expect(await names('b.jpg')).toEqual(['Bert']);
    },
  );

  test('a photo that can’t be written stops no other, and waits', async () => {
    await here.photos({ 'a.jpg': ['Anna'], 'b.jpg': ['Ben'] });
    // Neither a sidecar nor anything that ExifTool could write into.
    mkdirSync(here.path('a.jpg.xmp'));
    writeFileSync(here.path('a.jpg.xmp/note.txt'), 'a folder');
    await open(async (app) => {
      await keep(app);
      await expect
        .poll(() => stateOf(app), { timeout: 20_000 })
        .toMatchObject({ phase: 'waiting', failed: { photos: 1, first: { photo: here.path('a.jpg') } } });
      expect(await names('b.jpg')).toEqual(['Ben']);
      rmSync(here.path('a.jpg.xmp'), { recursive: true });
      // What failed is not tried again with each change.
      await app.call('people.rename', { id: await person(app, 'Ben'), name: 'Bert' });
      await expect.poll(() => names('b.jpg'), { timeout: 20_000 }).toEqual(['Bert']);
      await expect.poll(() => stateOf(app)).toMatchObject({ phase: 'waiting', failed: { photos: 1 } });
      expect(existsSync(here.path('a.jpg.xmp'))).toBe(false);
      // But where who is on it has changed.
      await app.call('people.rename', { id: await person(app, 'Anna'), name: 'Hanna' });
      await upToDate(app);
      expect(await names('a.jpg')).toEqual(['Hanna']);
    });
  });

  test('gives a folder up for now where one photo after the other can’t be written', async () => {
    const all = Object.fromEntries(Array.from({ length: 22 }, (_, at) => [`${at}.jpg`, ['Anna']]));
    await here.photos(all);
    for (const name of Object.keys(all)) mkdirSync(here.path(`${name}.xmp`));
    await open(async (app) => {
      await keep(app);
      await expect
        .poll(() => stateOf(app), { timeout: 20_000 })
        .toMatchObject({ phase: 'waiting', failed: { photos: 22 } });
    });
    for (const name of Object.keys(all)) rmdirSync(here.path(`${name}.xmp`));
    await open(upToDate);
    expect(await names('21.jpg')).toEqual(['Anna']);
  });

  test('needs Perl to be turned on, and not to be turned off', async () => {
    await here.photos({ 'a.jpg': ['Anna'] });
    await open(async (app) => {
      await keep(app);
      await upToDate(app);
      vi.stubEnv('PATH', here.place.root);
      try {
        expect(await app.call('metadata.kept', {})).toMatchObject({ perl: false });
        await expect(keep(app)).rejects.toMatchObject({ code: 'perl-missing' });
        await app.call('people.rename', { id: await person(app, 'Anna'), name: 'Hanna' });
        await expect.poll(() => stateOf(app)).toMatchObject({ phase: 'no-perl' });
        expect((await keep(app, null)).folder.keeps).toBeNull();
      } finally {
        vi.unstubAllEnvs();
      }
    });
  });

  test('of folders within each other keeps one: they have the same files', async () => {
    await here.photos({ 'a.jpg': ['Anna'] });
    mkdirSync(here.path('within'));
    here.place.withLibrary((library) => library.files.folder(here.path('within')));
    await open(async (app) => {
      await keep(app);
      const within = app.call('metadata.keep', { path: here.path('within'), choices: CHOICES });
      await expect(within).rejects.toMatchObject({ code: 'folder-kept', detail: here.place.folder });
    });
  });
});
