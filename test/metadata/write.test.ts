import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, test } from 'vitest';
import { scanAll } from '../fixtures/scan.ts';
import { Here } from './here.ts';
import { NO_PERL } from './perl.ts';
import { drawn, FACES, pixelsOf } from './place.ts';

// What a writing leaves alone, and what it carries out; through the application's one door.

const here = new Here();

describe.skipIf(NO_PERL !== null)(`writing names ${NO_PERL ?? ''}`, () => {
  test('into sidecars leaves every photo as it is, and a second time changes nothing', async () => {
    await here.photos({ 'a.jpg': ['Anna', 'Ben'], 'b.jpg': ['Anna'], 'c.jpg': [] });
    const before = here.all();
    const plan = await here.place.withApp((app) => app.call('metadata.plan', { path: here.place.folder }));
    expect(here.all()).toEqual(before);
    expect(plan).toMatchObject({ photos: 3, create: 2, change: 0, remove: 0, same: 1, failed: [] });
    expect(plan.changes).toEqual([
      {
        photo: here.path('a.jpg'),
        target: here.path('a.jpg.xmp'),
        what: 'create',
        adds: ['Anna', 'Ben'],
        removes: [],
      },
      {
        photo: here.path('b.jpg'),
        target: here.path('b.jpg.xmp'),
        what: 'create',
        adds: ['Anna'],
        removes: [],
      },
    ]);
    const done = await here.write();
    expect({ ...done, entry: null, cancelled: false }).toEqual({ ...plan, entry: null, cancelled: false });
    expect(done.entry).not.toBeNull();
    expect(here.all()).toMatchObject(before);
    expect(readdirSync(here.place.folder).toSorted()).toEqual([
      'a.jpg',
      'a.jpg.xmp',
      'b.jpg',
      'b.jpg.xmp',
      'c.jpg',
    ]);
    const stamps = () =>
      readdirSync(here.place.folder).map((name) => {
        const { ino, mtimeNs, ctimeNs } = statSync(here.path(name), { bigint: true });
        return [name, ino, mtimeNs, ctimeNs];
      });
    const written = stamps();
    expect(await here.write()).toMatchObject({ create: 0, change: 0, remove: 0, same: 3, entry: null });
    expect(stamps()).toEqual(written);
  });

  test('into files keeps originals and times, and the next scan finds nothing new', async () => {
    await here.photos({ 'a.jpg': ['Anna', 'Ben'], 'b.jpg': [] });
    const at = new Date('2001-02-03T04:05:06Z');
    for (const name of ['a.jpg', 'b.jpg']) utimesSync(here.path(name), at, at);
    await here.record({ 'a.jpg': ['Anna', 'Ben'], 'b.jpg': [] });
    const [before, pixels] = [here.all(), await pixelsOf(here.path('a.jpg'))];
    expect(await here.write('file')).toMatchObject({ create: 0, change: 1, same: 1, failed: [] });
    expect(readdirSync(here.place.folder).toSorted()).toEqual(['a.jpg', 'a.jpg_original', 'b.jpg']);
    expect(here.all()['a.jpg_original']).toBe(before['a.jpg']);
    expect(here.place.unknown()).toEqual([]);
    expect(here.all()['b.jpg']).toBe(before['b.jpg']);
    expect(statSync(here.path('a.jpg')).mtime).toEqual(at);
    expect(await pixelsOf(here.path('a.jpg'))).toBe(pixels);
    await here.place.withApp(async (app) => {
      await scanAll(app, here.place.folder);
      expect([...here.place.pool.analysed, ...here.place.pool.hashed]).toEqual([]);
    });
    const people = here.place.withLibrary((library) => library.people.all().map(({ name }) => name));
    expect(people).toEqual(['Anna', 'Ben']);
    expect(await here.undo()).toMatchObject({ change: 1, failed: [], blockers: [] });
    expect(here.all()).toEqual(before);
    expect(here.place.unknown()).toEqual([]);
    expect(statSync(here.path('a.jpg')).mtime).toEqual(at);
  });

  test('into the files of a photo that lies there twice, the two stay one photo', async () => {
    await here.photos({ 'a.jpg': ['Anna'], 'b.jpg': [] });
    writeFileSync(here.path('copy.jpg'), readFileSync(here.path('a.jpg')));
    await here.record({ 'a.jpg': ['Anna'], 'b.jpg': [], 'copy.jpg': ['Anna'] });
    const before = here.all();
    const photosNow = () => here.place.withLibrary((library) => library.cards.photos.counts().photos);
    const count = photosNow();
    expect(await here.write('file')).toMatchObject({ change: 2, failed: [] });
    const look = () =>
      here.place.withApp(async (app) => {
        await scanAll(app, here.place.folder);
        expect([...here.place.pool.analysed, ...here.place.pool.hashed]).toEqual([]);
      });
    await look();
    await here.undo();
    expect(here.all()).toEqual(before);
    await look();
    expect(photosNow()).toBe(count);
  });

  test('carries out a rename, a merge and a name taken back', async () => {
    await here.photos({ 'a.jpg': ['Anna', 'Ben'], 'b.jpg': ['Benny'], 'c.jpg': ['Carl'] });
    await here.write();
    await here.place.withApp(async (app) => {
      const { items } = await app.call('people.list', {});
      const id = (name: string) => items.find((person) => person.name === name)!.id;
      await app.call('people.rename', { id: id('Anna'), name: 'Hanna' });
      await app.call('people.merge', { from: [id('Benny')], into: id('Ben') });
      await app.call('people.remove', { ids: [id('Carl')] });
      const outcome = await app.call('metadata.write', { path: here.place.folder });
      expect(outcome).toMatchObject({ create: 0, change: 2, remove: 1, failed: [] });
      expect(outcome.changes[0]).toMatchObject({ adds: ['Hanna'], removes: ['Anna'] });
    });
    expect(await here.names(here.path('a.jpg.xmp'))).toEqual(['Hanna', 'Ben']);
    expect(await here.dump(here.path('a.jpg.xmp'))).toMatchObject({ 'XMP-dc:Subject': ['Hanna', 'Ben'] });
    expect(await here.names(here.path('b.jpg.xmp'))).toEqual(['Ben']);
    expect(existsSync(here.path('c.jpg.xmp'))).toBe(false);
    // Each writing is an entry: the second is taken back, then the first.
    await here.undo();
    expect(await here.names(here.path('a.jpg.xmp'))).toEqual(['Anna', 'Ben']);
    expect(await here.names(here.path('c.jpg.xmp'))).toEqual(['Carl']);
    await here.undo();
    expect(readdirSync(here.place.folder).toSorted()).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
  });

  test('mends a sidecar that another program emptied, or that was deleted', async () => {
    await here.photos({ 'a.jpg': ['Anna'], 'b.jpg': ['Ben'] });
    await here.write();
    await here.tool.run(['-overwrite_original', '-XMP-mwg-rs:RegionInfo=', here.path('a.jpg.xmp')]);
    unlinkSync(here.path('b.jpg.xmp'));
    expect(await here.write()).toMatchObject({ create: 1, change: 1, entry: null });
    expect(await here.names(here.path('a.jpg.xmp'))).toEqual(['Anna']);
    expect(await here.names(here.path('b.jpg.xmp'))).toEqual(['Ben']);
  });

  test('leaves a photo that changed and was not looked at again as it is', async () => {
    await here.photos({ 'a.jpg': ['Anna'] });
    await here.write();
    const written = here.all()['a.jpg.xmp'];
    writeFileSync(here.path('a.jpg'), await drawn('jpg', 1, [FACES[1]!]));
    const { size, mtimeNs } = statSync(here.path('a.jpg'), { bigint: true });
    const seenAgain = [{ path: 'a.jpg', size: Number(size), mtimeNs }];
    here.place.withLibrary(({ files }) =>
      files.reconcile(files.folder(here.place.folder), seenAgain, [], 'ssd'),
    );
    expect(await here.write()).toMatchObject({ create: 0, change: 0, remove: 0, entry: null });
    expect(here.all()['a.jpg.xmp']).toBe(written);
  });

  test('goes on where one photo is damaged, gone, or may not be written', async () => {
    await here.photos({ 'a.jpg': ['Anna'], 'b.jpg': ['Ben'], 'c.jpg': ['Carl'] });
    writeFileSync(here.path('a.jpg'), readFileSync(here.path('a.jpg')).subarray(0, 300));
    renameSync(here.path('b.jpg'), `${here.place.root}/b.jpg`);
    const outcome = await here.write('file');
    expect(outcome).toMatchObject({ change: 1 });
    expect(outcome.failed.map(({ photo, why }) => [photo, why])).toEqual([
      [here.path('a.jpg'), 'unreadable'],
      [here.path('b.jpg'), 'vanished'],
    ]);
    renameSync(`${here.place.root}/b.jpg`, here.path('b.jpg'));
    expect((await here.write('file')).failed.map(({ photo }) => photo)).toEqual([here.path('a.jpg')]);
    expect(await here.names(here.path('b.jpg'))).toEqual(['Ben']);
    expect(readdirSync(here.place.folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test.skipIf(process.getuid?.() === 0)(
    'says where it may not write (not as root, who may write everywhere)',
    async () => {
      await here.photos({ 'a.jpg': ['Anna'] });
      chmodSync(here.place.folder, 0o500);
      try {
        expect((await here.write()).failed).toMatchObject([
          { photo: here.path('a.jpg'), why: 'no-permission' },
        ]);
      } finally {
        chmodSync(here.place.folder, 0o700);
      }
    },
  );

  test('refuses a folder that Kith does not know', async () => {
    await here.photos({ 'a.jpg': ['Anna'] });
    await expect(
      here.place.withApp((app) => app.call('metadata.write', { path: here.place.root })),
    ).rejects.toMatchObject({
      code: 'bad-request',
    });
  });
});

test('without Perl nothing is written or noted, and the error says what to install', async () => {
  await here.photos({ 'a.jpg': ['Anna'] });
  const { PATH } = process.env;
  process.env.PATH = '/nowhere';
  try {
    await expect(here.write()).rejects.toMatchObject({ code: 'perl-missing' });
    await expect(here.undo()).rejects.toMatchObject({ code: 'perl-missing' });
  } finally {
    process.env.PATH = PATH;
  }
  const entries = here.place.withLibrary((library) =>
    library.journal.list(0, 10).items.map(({ action }) => action),
  );
  expect(entries).not.toContain('metadata');
});
