import {
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmdirSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Here } from './here.ts';
import { NO_PERL } from './perl.ts';

// What is taken back, and what stays.

const here = new Here();

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

describe.skipIf(NO_PERL !== null)(`names taken back ${NO_PERL ?? ''}`, () => {
  test('leaves alone what other programs wrote, and undo brings every byte back', async () => {
    await here.photos({ 'a.jpg': ['Anna', 'Ben'], 'b.jpg': ['Anna', 'Ben'] });
    await here.tool.run(['-overwrite_original', ...FOREIGN, here.path('a.jpg')]);
    await here.tool.run([...FOREIGN.filter((tag) => tag.startsWith('-XMP')), here.path('b.xmp')]);
    await here.record({ 'a.jpg': ['Anna', 'Ben'], 'b.jpg': ['Anna', 'Ben'] });
    const before = here.all();
    for (const into of ['file', 'sidecar'] as const) {
      await here.write(into);
      const [a, b] = [into === 'file' ? 'a.jpg' : 'a.jpg.xmp', into === 'file' ? 'b.jpg' : 'b.xmp'];
      // The face that was "Old name" is Anna now, and there is no second region on it. What a sidecar hides of the
      // photo's own is in it too.
      expect(await here.names(here.path(a))).toEqual(['Rex', 'Anna', 'Aunt', 'Ben']);
      if (into === 'sidecar') expect(await here.names(here.path(b))).toEqual(['Rex', 'Anna', 'Aunt', 'Ben']);
      const { 'XMP-lr:HierarchicalSubject': words } = await here.tool.read(here.path(a), [
        'XMP-lr:HierarchicalSubject',
      ]);
      expect(words).toEqual(['Places|Vienna', 'People|Anna', 'People|Ben']);
      expect(await here.undo()).toMatchObject({ failed: [], blockers: [] });
      expect(here.all()).toEqual(before);
    }
  });

  test('is taken back from a file that another program has changed since, and nothing else is', async () => {
    await here.photos({ 'a.jpg': ['Anna', 'Ben'], 'b.jpg': ['Ben', 'Carl'] });
    await here.tool.run(['-overwrite_original', ...FOREIGN, here.path('a.jpg')]);
    await here.record({ 'a.jpg': ['Anna', 'Ben'], 'b.jpg': ['Ben', 'Carl'] });
    for (const into of ['file', 'sidecar'] as const) {
      const [a, b] = into === 'file' ? ['a.jpg', 'b.jpg'] : ['a.jpg.xmp', 'b.jpg.xmp'];
      const word = `later, in a ${into}`;
      const late = ['-XMP-dc:Description=Said later', `-XMP-dc:Subject+=${word}`];
      const wished = into === 'file' ? await here.dump(here.path(a)) : null;
      await here.write(into);
      for (const name of [a, b]) await here.tool.run(['-overwrite_original', ...late, here.path(name)]);
      expect(await here.undo()).toMatchObject({ failed: [] });
      if (wished !== null)
        expect(await here.dump(here.path(a))).toEqual({
          ...wished,
          'XMP-dc:Description': 'Said later',
          'XMP-dc:Subject': ['holiday', word],
        });
      expect(await here.dump(here.path(b))).toMatchObject({
        'XMP-dc:Description': 'Said later',
        'XMP-dc:Subject': [word],
      });
      expect(await here.names(here.path(b))).toEqual([]);
    }
  });

  test('brings the very file back, with its times and its other names', async () => {
    await here.photos({ 'a.jpg': ['Anna'] });
    linkSync(here.path('a.jpg'), `${here.place.root}/other.jpg`);
    utimesSync(here.path('a.jpg'), 981_173_106.123_456, 981_173_106.123_456);
    await here.record({ 'a.jpg': ['Anna'] });
    const look = () => {
      const { ino, nlink, mtimeNs } = statSync(here.path('a.jpg'), { bigint: true });
      return { ino, nlink, mtimeNs };
    };
    const before = look();
    await here.write('file');
    expect(look().ino).not.toBe(before.ino);
    await here.undo();
    expect(look()).toEqual(before);
  });

  test('leaves an original of another program alone, and takes only names away', async () => {
    await here.photos({ 'a.jpg': ['Anna'] });
    writeFileSync(here.path('a.jpg_original'), 'of another program');
    const [before, wished] = [here.all(), await here.dump(here.path('a.jpg'))];
    await here.write('file');
    expect(await here.names(here.path('a.jpg'))).toEqual(['Anna']);
    expect(await here.undo()).toMatchObject({ change: 1, failed: [] });
    expect(here.all()['a.jpg_original']).toBe(before['a.jpg_original']);
    expect(await here.dump(here.path('a.jpg'))).toEqual(wished);
  });

  test.each(['missing', 'empty'])('waits for a disk that is away, whose folder is %s', async (how) => {
    await here.photos({ 'a.jpg': ['Anna'] });
    const before = here.all();
    await here.write();
    const away = `${here.place.root}/away`;
    renameSync(here.place.folder, away);
    if (how === 'empty') mkdirSync(here.place.folder);
    expect((await here.undo()).failed).toMatchObject([{ photo: here.path('a.jpg'), why: 'vanished' }]);
    if (how === 'empty') rmdirSync(here.place.folder);
    renameSync(away, here.place.folder);
    expect(await here.undo()).toMatchObject({ remove: 1, failed: [] });
    expect(here.all()).toEqual(before);
  });

  test('of another entry writes nothing of a writing that was cancelled', async () => {
    await here.photos({ 'a.jpg': ['Anna'] });
    const before = here.all();
    await here.place.withApp(async (app) => {
      const path = here.place.folder;
      const cancelled = await app.call('metadata.write', { path }, { signal: AbortSignal.abort() });
      expect(cancelled).toMatchObject({ cancelled: true, create: 0 });
      const { items } = await app.call('people.list', {});
      await app.call('people.rename', { id: items[0]!.id, name: 'Hanna' });
      expect((await app.call('journal.undo', {})).entry).toMatchObject({ action: 'rename' });
    });
    expect(here.all()).toEqual(before);
    expect(await here.undo()).toMatchObject({ entry: { action: 'metadata' }, changes: [] });
  });

  test('is undone and done again by the history, and the files follow', async () => {
    await here.photos({ 'a.jpg': ['Anna'] });
    await here.write();
    const written = here.all();
    await here.place.withApp((app) => app.call('journal.undo', {}));
    expect(existsSync(here.path('a.jpg.xmp'))).toBe(false);
    await here.place.withApp((app) => app.call('journal.redo', {}));
    expect(here.all()).toEqual(written);
  });

  test('an undo that was stopped is finished by the next, which takes no other writing back', async () => {
    await here.photos({ 'a.jpg': ['Anna'] });
    await here.place.withApp((app) =>
      app.call('metadata.write', { path: here.place.folder, forms: 'immich' }),
    );
    const first = await here.dump(here.path('a.jpg.xmp'));
    await here.write();
    // A process that undoes it ends before the first file.
    here.place.withLibrary((library) => library.journal.undo({ entry: library.journal.lastOf('metadata')! }));
    expect(await here.undo()).toMatchObject({ entry: null, change: 1 });
    expect(await here.dump(here.path('a.jpg.xmp'))).toEqual(first);
    expect(await here.undo()).toMatchObject({ entry: { action: 'metadata' }, remove: 1 });
    expect(await here.undo()).toMatchObject({ entry: null, changes: [] });
  });

  test('from sidecars into files moves the names', async () => {
    await here.photos({ 'a.jpg': ['Anna'] });
    const before = here.all();
    await here.write('sidecar');
    expect(await here.write('file')).toMatchObject({ change: 1, remove: 1 });
    expect(existsSync(here.path('a.jpg.xmp'))).toBe(false);
    expect(await here.names(here.path('a.jpg'))).toEqual(['Anna']);
    await here.undo();
    expect(existsSync(here.path('a.jpg.xmp'))).toBe(true);
    await here.undo();
    expect(here.all()).toEqual(before);
  });
});
