import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Here } from './here.ts';
import { NO_PERL } from './perl.ts';

// Which file is written for a photo: beside links, other pictures of its name, and after a move.

const here = new Here();

describe.skipIf(NO_PERL !== null)(`the files that names go into ${NO_PERL ?? ''}`, () => {
  test('uses photo.xmp where the folder has it, unless it is that of a RAW', async () => {
    await here.photos({ 'a.jpg': ['Anna'], 'b.jpg': ['Ben'] });
    for (const name of ['a.xmp', 'b.xmp']) await here.tool.run(['-XMP-dc:Title=Title', here.path(name)]);
    writeFileSync(here.path('b.dng'), 'a RAW');
    await here.write();
    expect(
      readdirSync(here.place.folder)
        .filter((name) => name.endsWith('.xmp'))
        .toSorted(),
    ).toEqual(['a.xmp', 'b.jpg.xmp', 'b.xmp']);
    expect(await here.dump(here.path('a.xmp'))).toMatchObject({
      'XMP-dc:Title': 'Title',
      'XMP-dc:Subject': ['Anna'],
    });
  });

  test('goes on with the sidecar that it wrote, whatever pictures come into the folder', async () => {
    await here.photos({ 'a.jpg': ['Anna'] });
    await here.tool.run(['-XMP-dc:Title=Title', here.path('a.xmp')]);
    const before = here.all();
    await here.write();
    writeFileSync(here.path('a.png'), 'another picture');
    expect(await here.write()).toMatchObject({ create: 0, change: 0, same: 1 });
    expect(await here.undo()).toMatchObject({ change: 1, failed: [] });
    expect(here.all()).toMatchObject(before);
  });

  test('writes what a link leads to, and never the link', async () => {
    await here.photos({ 'a.jpg': ['Anna'] });
    const store = `${here.place.root}/store.xmp`;
    await here.tool.run(['-XMP-dc:Title=Title', store]);
    const before = readFileSync(store);
    symlinkSync(store, here.path('a.jpg.xmp'));
    await here.write();
    expect(await here.names(store)).toEqual(['Anna']);
    expect(lstatSync(here.path('a.jpg.xmp')).isSymbolicLink()).toBe(true);
    await here.undo();
    expect(readFileSync(store).equals(before)).toBe(true);
    expect(lstatSync(here.path('a.jpg.xmp')).isSymbolicLink()).toBe(true);
  });

  test('keeps photos apart of which only the case of the names differs (where the disk does)', async () => {
    await here.photos({ 'a.JPG': ['Anna'], 'a.jpg': ['Ben'] });
    if (readdirSync(here.place.folder).length < 2) return;
    await here.write();
    await rename('Ben', 'Benny');
    expect(await here.write()).toMatchObject({ create: 0, change: 1 });
    expect(await here.names(here.path('a.JPG.xmp'))).toEqual(['Anna']);
    expect(await here.names(here.path('a.jpg.xmp'))).toEqual(['Benny']);
  });

  test.each(['sidecar', 'file'] as const)('knows what it wrote after a move, in the %s', async (into) => {
    await here.photos({ 'a.jpg': ['Anna'] });
    await here.write(into);
    mkdirSync(here.path('sub'));
    for (const name of readdirSync(here.place.folder).filter((name) => name.startsWith('a.')))
      renameSync(here.path(name), here.path(`sub/b${name.slice(1)}`));
    await here.record({ 'sub/b.jpg': ['Anna'] });
    await rename('Anna', 'Hanna');
    expect(await here.write(into)).toMatchObject({ create: 0, change: 1, failed: [] });
    const target = here.path(into === 'file' ? 'sub/b.jpg' : 'sub/b.jpg.xmp');
    expect(await here.names(target)).toEqual(['Hanna']);
    expect(await here.dump(target)).toMatchObject({ 'XMP-dc:Subject': ['Hanna'] });
  });

  test('forgets a photo that was deleted after names were written into it', async () => {
    await here.photos({ 'a.jpg': ['Anna'], 'b.jpg': ['Ben'] });
    await here.write('file');
    for (const name of ['a.jpg', 'a.jpg_original']) unlinkSync(here.path(name));
    await here.record({ 'b.jpg': ['Ben'] });
    expect(await here.write('file')).toMatchObject({ photos: 1, same: 1, failed: [] });
  });

  test('says which photo has a line break in its path, and writes the others', async () => {
    mkdirSync(here.path('line\nbreak'));
    await here.photos({ 'a.jpg': ['Anna'], 'line\nbreak/b.jpg': ['Ben'] });
    expect(await here.write()).toMatchObject({
      create: 1,
      failed: [{ photo: here.path('line\nbreak/b.jpg'), why: 'line-break' }],
    });
    expect(readdirSync(here.path('line\nbreak'))).toEqual(['b.jpg']);
  });
});

async function rename(from: string, to: string): Promise<void> {
  await here.place.withApp(async (app) => {
    const { items } = await app.call('people.list', {});
    await app.call('people.rename', { id: items.find(({ name }) => name === from)!.id, name: to });
  });
}
