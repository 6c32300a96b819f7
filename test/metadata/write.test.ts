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
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ExifTool, startExifTool } from '../../electron/metadata/tool.ts';
import { scanAll } from '../fixtures/scan.ts';
import { contents } from '../service/support/record.ts';
import { NO_PERL } from './perl.ts';
import { drawn, FACES, MetadataPlace, pixelsOf, seen } from './place.ts';

// What a writing leaves alone, what it carries out, and how it is taken back; through the application's one door.

let place: MetadataPlace;
let tool: ExifTool;
beforeAll(() => {
  if (NO_PERL === null) tool = startExifTool();
});
beforeEach(() => {
  place = new MetadataPlace();
});
afterEach(() => place.remove());
afterAll(() => tool?.end());

/** Draws and records photos, each with these people on its two faces. */
async function photos(named: Record<string, string[]>): Promise<void> {
  for (const [at, name] of Object.keys(named).entries()) {
    // No two photos are one content.
    const faces = FACES.map((face) => ({ ...face, left: face.left + at }));
    writeFileSync(place.path(name), await drawn('jpg', 1, faces));
  }
  await recordAll(named);
}

async function recordAll(named: Record<string, string[]>): Promise<void> {
  const boxes = async (name: string) =>
    Promise.all(FACES.map(({ level }) => seen(place.path(name), level, true)));
  await place.record(
    await Promise.all(
      Object.entries(named).map(async ([name, people]) => {
        const found = await boxes(name);
        return { name, people: people.map((person, face) => ({ name: person, box: found[face]! })) };
      }),
    ),
  );
}

const write = (into: 'sidecar' | 'file' = 'sidecar') =>
  place.withApp((app) => app.call('metadata.write', { path: place.folder, into }));
const undo = () => place.withApp((app) => app.call('metadata.undo', {}));
const all = () => contents(place.folder);

/** Everything that ExifTool finds in a file but what is of the file system's, or of ExifTool itself. */
async function dump(path: string): Promise<Record<string, unknown>> {
  const { text } = await tool.run(['-json', '-struct', '-a', '-G1', '-e', '-All:All', path]);
  const [found] = JSON.parse(text);
  const foreign = Object.entries(found).filter(
    ([tag]) => !/^(System|File|ExifTool):|^SourceFile|XMPToolkit/.test(tag),
  );
  return Object.fromEntries(foreign);
}

const names = async (path: string): Promise<string[]> => {
  const { 'XMP-mwg-rs:RegionInfo': info } = (await tool.read(path, ['XMP-mwg-rs:RegionInfo'])) as {
    'XMP-mwg-rs:RegionInfo'?: { RegionList: { Name: string }[] };
  };
  return (info?.RegionList ?? []).map(({ Name }) => Name);
};

/** Metadata as other programs leave it. */
const FOREIGN = [
  '-EXIF:Artist=Somebody',
  '-GPSLatitude=47.5',
  '-GPSLatitudeRef=N',
  '-IPTC:Keywords=holiday',
  '-XMP-dc:Subject=holiday',
  '-XMP-lr:HierarchicalSubject=Places|Vienna',
  '-XMP-dc:Title=A title',
  '-XMP-mwg-rs:RegionInfo={AppliedToDimensions={W=400,H=240,Unit=pixel},RegionList=[{Name=Rex,Type=Pet,Area={X=0.50,Y=0.1,W=0.050,H=0.05,Unit=normalized}},{Name=Old name,Type=Face,Rotation=0.25,Area={X=0.21,Y=0.20,W=0.22,H=0.2,Unit=normalized}},{Name=Aunt,Type=Face,Area={X=0.9,Y=0.9,W=0.05,H=0.05,Unit=normalized}}]}',
];

describe.skipIf(NO_PERL !== null)(`writing names ${NO_PERL ?? ''}`, () => {
  test('into sidecars leaves every photo as it is, and a second time changes nothing', async () => {
    await photos({ 'a.jpg': ['Anna', 'Ben'], 'b.jpg': ['Anna'], 'c.jpg': [] });
    const before = all();
    const plan = await place.withApp((app) => app.call('metadata.plan', { path: place.folder }));
    expect(all()).toEqual(before);
    expect(plan).toMatchObject({ photos: 3, create: 2, change: 0, remove: 0, same: 1, failed: [] });
    expect(plan.changes).toEqual([
      {
        photo: place.path('a.jpg'),
        target: place.path('a.jpg.xmp'),
        what: 'create',
        adds: ['Anna', 'Ben'],
        removes: [],
      },
      {
        photo: place.path('b.jpg'),
        target: place.path('b.jpg.xmp'),
        what: 'create',
        adds: ['Anna'],
        removes: [],
      },
    ]);
    const done = await write();
    expect({ ...done, entry: null, cancelled: false }).toEqual({ ...plan, entry: null, cancelled: false });
    expect(done.entry).not.toBeNull();
    expect(all()).toMatchObject(before);
    expect(readdirSync(place.folder).toSorted()).toEqual([
      'a.jpg',
      'a.jpg.xmp',
      'b.jpg',
      'b.jpg.xmp',
      'c.jpg',
    ]);
    const stamps = () =>
      readdirSync(place.folder).map((name) => {
        const { ino, mtimeNs, ctimeNs } = statSync(place.path(name), { bigint: true });
        return [name, ino, mtimeNs, ctimeNs];
      });
    const written = stamps();
    expect(await write()).toMatchObject({ create: 0, change: 0, remove: 0, same: 3, entry: null });
    expect(stamps()).toEqual(written);
  });

  test('into files keeps originals and times, and the next scan finds nothing new', async () => {
    await photos({ 'a.jpg': ['Anna', 'Ben'], 'b.jpg': [] });
    const at = new Date('2001-02-03T04:05:06Z');
    for (const name of ['a.jpg', 'b.jpg']) utimesSync(place.path(name), at, at);
    await recordAll({ 'a.jpg': ['Anna', 'Ben'], 'b.jpg': [] });
    const [before, pixels] = [all(), await pixelsOf(place.path('a.jpg'))];
    expect(await write('file')).toMatchObject({ create: 0, change: 1, same: 1, failed: [] });
    expect(readdirSync(place.folder).toSorted()).toEqual(['a.jpg', 'a.jpg_original', 'b.jpg']);
    expect(all()['a.jpg_original']).toBe(before['a.jpg']);
    expect(place.unknown()).toEqual([]);
    expect(all()['b.jpg']).toBe(before['b.jpg']);
    expect(statSync(place.path('a.jpg')).mtime).toEqual(at);
    expect(await pixelsOf(place.path('a.jpg'))).toBe(pixels);
    await place.withApp(async (app) => {
      await scanAll(app, place.folder);
      expect([...place.pool.analysed, ...place.pool.hashed]).toEqual([]);
    });
    const people = place.withLibrary((library) => library.people.all().map(({ name }) => name));
    expect(people).toEqual(['Anna', 'Ben']);
    expect(await undo()).toMatchObject({ change: 1, failed: [], blockers: [] });
    expect(all()).toEqual(before);
    expect(place.unknown()).toEqual([]);
    expect(statSync(place.path('a.jpg')).mtime).toEqual(at);
  });

  test('into the files of a photo that lies there twice, the two stay one photo', async () => {
    await photos({ 'a.jpg': ['Anna'], 'b.jpg': [] });
    writeFileSync(place.path('copy.jpg'), readFileSync(place.path('a.jpg')));
    await recordAll({ 'a.jpg': ['Anna'], 'b.jpg': [], 'copy.jpg': ['Anna'] });
    const before = all();
    const photosNow = () => place.withLibrary((library) => library.cards.photos.counts().photos);
    const count = photosNow();
    expect(await write('file')).toMatchObject({ change: 2, failed: [] });
    const look = () =>
      place.withApp(async (app) => {
        await scanAll(app, place.folder);
        expect([...place.pool.analysed, ...place.pool.hashed]).toEqual([]);
      });
    await look();
    await undo();
    expect(all()).toEqual(before);
    await look();
    expect(photosNow()).toBe(count);
  });

  test('leaves alone what other programs wrote, and undo brings every byte back', async () => {
    await photos({ 'a.jpg': ['Anna', 'Ben'] });
    await tool.run(['-overwrite_original', ...FOREIGN, place.path('a.jpg')]);
    writeFileSync(
      place.path('b.jpg'),
      await drawn(
        'jpg',
        1,
        FACES.map((face) => ({ ...face, left: face.left + 1 })),
      ),
    );
    await tool
      .run(['-o', place.path('b.xmp'), '-tagsfromfile', place.path('a.jpg'), '-XMP:all', place.path('a.jpg')])
      .catch(() => null);
    await tool.run([...FOREIGN.filter((tag) => tag.startsWith('-XMP')), place.path('b.xmp')]);
    for (const name of readdirSync(place.folder))
      if (name.endsWith('_original')) unlinkSync(place.path(name));
    await recordAll({ 'a.jpg': ['Anna', 'Ben'], 'b.jpg': ['Anna', 'Ben'] });
    const before = all();
    for (const into of ['file', 'sidecar'] as const) {
      await write(into);
      const [a, b] = [into === 'file' ? 'a.jpg' : 'a.jpg.xmp', into === 'file' ? 'b.jpg' : 'b.xmp'];
      // The face that was "Old name" is Anna now, and there is no second region on it. What a sidecar hides of the
      // photo's own is in it too.
      expect(await names(place.path(a))).toEqual(['Rex', 'Anna', 'Aunt', 'Ben']);
      if (into === 'sidecar') expect(await names(place.path(b))).toEqual(['Rex', 'Anna', 'Aunt', 'Ben']);
      const { 'XMP-lr:HierarchicalSubject': words } = await tool.read(place.path(a), [
        'XMP-lr:HierarchicalSubject',
      ]);
      expect(words).toEqual(['Places|Vienna', 'People|Anna', 'People|Ben']);
      expect(await undo()).toMatchObject({ failed: [], blockers: [] });
      expect(all()).toEqual(before);
    }
  });

  test('is taken back from a file that another program has changed since, and nothing else is', async () => {
    await photos({ 'a.jpg': ['Anna', 'Ben'], 'b.jpg': ['Ben', 'Carl'] });
    await tool.run(['-overwrite_original', ...FOREIGN, place.path('a.jpg')]);
    await recordAll({ 'a.jpg': ['Anna', 'Ben'], 'b.jpg': ['Ben', 'Carl'] });
    for (const into of ['file', 'sidecar'] as const) {
      const [a, b] = into === 'file' ? ['a.jpg', 'b.jpg'] : ['a.jpg.xmp', 'b.jpg.xmp'];
      const word = `later, in a ${into}`;
      const late = ['-XMP-dc:Description=Said later', `-XMP-dc:Subject+=${word}`];
      const wished = into === 'file' ? await dump(place.path(a)) : null;
      await write(into);
      for (const name of [a, b]) await tool.run(['-overwrite_original', ...late, place.path(name)]);
      expect(await undo()).toMatchObject({ failed: [] });
      if (wished !== null)
        expect(await dump(place.path(a))).toEqual({
          ...wished,
          'XMP-dc:Description': 'Said later',
          'XMP-dc:Subject': ['holiday', word],
        });
      expect(await dump(place.path(b))).toMatchObject({
        'XMP-dc:Description': 'Said later',
        'XMP-dc:Subject': [word],
      });
      expect(await names(place.path(b))).toEqual([]);
    }
  });

  test('carries out a rename, a merge and a name taken back', async () => {
    await photos({ 'a.jpg': ['Anna', 'Ben'], 'b.jpg': ['Benny'], 'c.jpg': ['Carl'] });
    await write();
    await place.withApp(async (app) => {
      const { items } = await app.call('people.list', {});
      const id = (name: string) => items.find((person) => person.name === name)!.id;
      await app.call('people.rename', { id: id('Anna'), name: 'Hanna' });
      await app.call('people.merge', { from: [id('Benny')], into: id('Ben') });
      await app.call('people.remove', { ids: [id('Carl')] });
      const outcome = await app.call('metadata.write', { path: place.folder });
      expect(outcome).toMatchObject({ create: 0, change: 2, remove: 1, failed: [] });
      expect(outcome.changes[0]).toMatchObject({ adds: ['Hanna'], removes: ['Anna'] });
    });
    expect(await names(place.path('a.jpg.xmp'))).toEqual(['Hanna', 'Ben']);
    expect(await dump(place.path('a.jpg.xmp'))).toMatchObject({ 'XMP-dc:Subject': ['Hanna', 'Ben'] });
    expect(await names(place.path('b.jpg.xmp'))).toEqual(['Ben']);
    expect(existsSync(place.path('c.jpg.xmp'))).toBe(false);
    // Each writing is an entry: the second is taken back, then the first.
    await undo();
    expect(await names(place.path('a.jpg.xmp'))).toEqual(['Anna', 'Ben']);
    expect(await names(place.path('c.jpg.xmp'))).toEqual(['Carl']);
    await undo();
    expect(readdirSync(place.folder).toSorted()).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
  });

  test('is undone and done again by the history, and the files follow', async () => {
    await photos({ 'a.jpg': ['Anna'] });
    await write();
    const written = all();
    await place.withApp((app) => app.call('journal.undo', {}));
    expect(existsSync(place.path('a.jpg.xmp'))).toBe(false);
    await place.withApp((app) => app.call('journal.redo', {}));
    expect(all()).toEqual(written);
  });

  test('an undo that was stopped is finished by the next, which takes no other writing back', async () => {
    await photos({ 'a.jpg': ['Anna'] });
    await place.withApp((app) => app.call('metadata.write', { path: place.folder, forms: 'immich' }));
    const first = await dump(place.path('a.jpg.xmp'));
    await write();
    // A process that undoes it ends before the first file.
    place.withLibrary((library) => library.journal.undo({ entry: library.journal.lastOf('metadata')! }));
    expect(await undo()).toMatchObject({ entry: null, change: 1 });
    expect(await dump(place.path('a.jpg.xmp'))).toEqual(first);
    expect(await undo()).toMatchObject({ entry: { action: 'metadata' }, remove: 1 });
    expect(await undo()).toMatchObject({ entry: null, changes: [] });
  });

  test('from sidecars into files moves the names', async () => {
    await photos({ 'a.jpg': ['Anna'] });
    const before = all();
    await write('sidecar');
    expect(await write('file')).toMatchObject({ change: 1, remove: 1 });
    expect(existsSync(place.path('a.jpg.xmp'))).toBe(false);
    expect(await names(place.path('a.jpg'))).toEqual(['Anna']);
    await undo();
    expect(existsSync(place.path('a.jpg.xmp'))).toBe(true);
    await undo();
    expect(all()).toEqual(before);
  });

  test('mends a sidecar that another program emptied, or that was deleted', async () => {
    await photos({ 'a.jpg': ['Anna'], 'b.jpg': ['Ben'] });
    await write();
    await tool.run(['-overwrite_original', '-XMP-mwg-rs:RegionInfo=', place.path('a.jpg.xmp')]);
    unlinkSync(place.path('b.jpg.xmp'));
    expect(await write()).toMatchObject({ create: 1, change: 1, entry: null });
    expect(await names(place.path('a.jpg.xmp'))).toEqual(['Anna']);
    expect(await names(place.path('b.jpg.xmp'))).toEqual(['Ben']);
  });

  test('leaves a photo that changed and was not looked at again as it is', async () => {
    await photos({ 'a.jpg': ['Anna'] });
    await write();
    const written = all()['a.jpg.xmp'];
    writeFileSync(place.path('a.jpg'), await drawn('jpg', 1, [FACES[1]!]));
    const { size, mtimeNs } = statSync(place.path('a.jpg'), { bigint: true });
    const seenAgain = [{ path: 'a.jpg', size: Number(size), mtimeNs }];
    place.withLibrary(({ files }) => files.reconcile(files.folder(place.folder), seenAgain, [], 'ssd'));
    expect(await write()).toMatchObject({ create: 0, change: 0, remove: 0, entry: null });
    expect(all()['a.jpg.xmp']).toBe(written);
  });

  test('uses photo.xmp where the folder has it, unless it is that of a RAW', async () => {
    await photos({ 'a.jpg': ['Anna'], 'b.jpg': ['Ben'] });
    for (const name of ['a.xmp', 'b.xmp']) await tool.run(['-XMP-dc:Title=Title', place.path(name)]);
    writeFileSync(place.path('b.dng'), 'a RAW');
    await write();
    expect(
      readdirSync(place.folder)
        .filter((name) => name.endsWith('.xmp'))
        .toSorted(),
    ).toEqual(['a.xmp', 'b.jpg.xmp', 'b.xmp']);
    expect(await dump(place.path('a.xmp'))).toMatchObject({
      'XMP-dc:Title': 'Title',
      'XMP-dc:Subject': ['Anna'],
    });
  });

  test('goes on where one photo is damaged, gone, or may not be written', async () => {
    await photos({ 'a.jpg': ['Anna'], 'b.jpg': ['Ben'], 'c.jpg': ['Carl'] });
    writeFileSync(place.path('a.jpg'), readFileSync(place.path('a.jpg')).subarray(0, 300));
    renameSync(place.path('b.jpg'), `${place.root}/b.jpg`);
    const outcome = await write('file');
    expect(outcome).toMatchObject({ change: 1 });
    expect(outcome.failed.map(({ photo, why }) => [photo, why])).toEqual([
      [place.path('a.jpg'), 'unreadable'],
      [place.path('b.jpg'), 'vanished'],
    ]);
    renameSync(`${place.root}/b.jpg`, place.path('b.jpg'));
    expect((await write('file')).failed.map(({ photo }) => photo)).toEqual([place.path('a.jpg')]);
    expect(await names(place.path('b.jpg'))).toEqual(['Ben']);
    expect(readdirSync(place.folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test.skipIf(process.getuid?.() === 0)('says where it may not write', async () => {
    await photos({ 'a.jpg': ['Anna'] });
    chmodSync(place.folder, 0o500);
    try {
      expect((await write()).failed).toMatchObject([{ photo: place.path('a.jpg'), why: 'no-permission' }]);
    } finally {
      chmodSync(place.folder, 0o700);
    }
  });

  test('refuses a folder that Kith does not know', async () => {
    await photos({ 'a.jpg': ['Anna'] });
    await expect(
      place.withApp((app) => app.call('metadata.write', { path: place.root })),
    ).rejects.toMatchObject({
      code: 'bad-request',
    });
  });
});

test('without Perl nothing is written or noted, and the error says what to install', async () => {
  await photos({ 'a.jpg': ['Anna'] });
  const { PATH } = process.env;
  process.env.PATH = '/nowhere';
  try {
    await expect(write()).rejects.toMatchObject({ code: 'perl-missing' });
    await expect(undo()).rejects.toMatchObject({ code: 'perl-missing' });
  } finally {
    process.env.PATH = PATH;
  }
  const entries = place.withLibrary((library) =>
    library.journal.list(0, 10).items.map(({ action }) => action),
  );
  expect(entries).not.toContain('metadata');
});
