import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UnitBox } from '../../electron/contract/geometry.ts';
import type { FaceId, GroupId } from '../../electron/contract/ids.ts';
import { annotatePhoto, annotatePhotos } from '../../electron/export/annotate.ts';
import { type CropFace, writeCrops } from '../../electron/export/crops.ts';
import { NameBook, safeName } from '../../electron/export/names.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kith-export-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const face = (id: number, photo: string, group: number | null): CropFace => ({
  id: id as FaceId,
  photo,
  box: [1, 2, 30, 40],
  score: 0.9,
  quality: 0.8,
  group: group as GroupId | null,
});

const load = (faces: CropFace[]) => faces.map(({ id }) => ({ bytes: Buffer.from(`crop of ${id}`) }));

/** All files but those in hidden folders. */
const filesUnder = async (path: string) =>
  (await readdir(path, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .filter((file) => !file.startsWith('.'))
    .sort();

describe('names of exported files', () => {
  it('are accepted by every system, whatever the photo is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (raw) => {
        const name = safeName(raw);
        expect(name).toMatch(/^[^\p{Cc}<>:"/\\|?*'`\s]/u);
        expect(name).not.toMatch(/[\p{Cc}<>:"/\\|?*'`]|[ .]$/u);
        expect(Buffer.byteLength(name)).toBeLessThan(200);
        expect(name).not.toMatch(/^(con|aux|nul|com1)(\.|$)/i);
      }),
    );
  });

  it('have no space or dot at the end where they are shortened, and are no device of Windows', () => {
    expect(safeName(`${'a'.repeat(159)} b`)).toBe('a'.repeat(159));
    expect(safeName(`${'a'.repeat(157)}...b`)).toBe('a'.repeat(157));
    expect(['CON', 'con.x', 'CON .x', 'Lpt¹'].map(safeName)).toEqual(['_CON', '_con.x', '_CON .x', '_Lpt¹']);
    expect(['Conny', 'con-1', 'CON x'].map(safeName)).toEqual(['Conny', 'con-1', 'CON x']);
  });

  it('keep the letters of every script', () => {
    expect(safeName('Großmutter Ζωή 祖母')).toBe('Großmutter Ζωή 祖母');
    expect(safeName('party 🎉 "1"\n')).toBe('party _ _1__');
  });

  it('are never given twice, not even with another case or another composition of letters', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 4 })), (stems) => {
        const book = new NameBook();
        const names = stems.map((stem) => book.take('alone', stem, '-1.jpg').normalize('NFD').toLowerCase());
        expect(new Set(names).size).toBe(names.length);
      }),
    );
  });
});

describe('crops', () => {
  it('lie in a folder for each group, those of people seen once in alone, and are listed in a manifest', async () => {
    const faces = [face(1, 'a.jpg', 1), face(2, 'sub/a.jpg', 1), face(3, 'a.jpg', null), face(4, 'b.jpg', 7)];
    expect(await writeCrops(folder, faces, load)).toEqual({ folder, files: 4, cancelled: false });
    expect(await filesUnder(folder)).toEqual([
      'alone/a-2.jpg',
      'alone/b-1.jpg',
      'group-001/a-1.jpg',
      'group-001/a_2-1.jpg',
      'manifest.csv',
      'manifest.json',
    ]);
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
    expect(manifest.faces[1]).toEqual({
      file: 'group-001/a_2-1.jpg',
      group: 1,
      person: null,
      face: 2,
      photo: 'sub/a.jpg',
      box: [1, 2, 30, 40],
      score: 0.9,
      quality: 0.8,
    });
    expect(await readFile(join(folder, 'group-001/a_2-1.jpg'), 'utf8')).toBe('crop of 2');
  });

  it('of an earlier run are replaced, and those that no longer belong are taken away', async () => {
    await writeCrops(folder, [face(1, 'a.jpg', 1), face(2, 'b.jpg', 1)], load);
    await writeCrops(folder, [face(1, 'a.jpg', null)], load);
    expect(await filesUnder(folder)).toEqual(['alone/a-1.jpg', 'manifest.csv', 'manifest.json']);
    expect(await readdir(folder)).not.toContain('group-001');
  });

  it("leave a person's own files in the folder as they are", async () => {
    await writeCrops(folder, [face(1, 'a.jpg', null)], load);
    await mkdir(join(folder, 'group-001'));
    await writeFile(join(folder, 'group-001', 'A-1.JPG'), 'mine');
    await writeCrops(folder, [face(1, 'a.jpg', 1), face(2, 'b.jpg', 1)], load);
    expect(await readFile(join(folder, 'group-001', 'A-1.JPG'), 'utf8')).toBe('mine');
    expect(await filesUnder(folder)).toContain('group-001/a_2-1.jpg');
  });

  it('are refused a folder that holds files of somebody else', async () => {
    await writeFile(join(folder, 'holiday.jpg'), 'mine');
    await expect(writeCrops(folder, [face(1, 'a.jpg', 1)], load)).rejects.toMatchObject({
      code: 'output-unwritable',
      detail: expect.stringContaining(folder),
    });
    expect(await readdir(folder)).toEqual(['holiday.jpg']);
  });

  it('do not follow a manifest that points outside its folder', async () => {
    const outside = join(folder, 'outside.jpg');
    await writeFile(outside, 'mine');
    const crops = join(folder, 'crops');
    await mkdir(crops);
    const manifest = { writtenBy: 'kith', version: 1, faces: [{ file: '../outside.jpg' }] };
    await writeFile(join(crops, 'manifest.json'), JSON.stringify(manifest));
    await expect(writeCrops(crops, [], load)).rejects.toMatchObject({ code: 'output-unwritable' });
    expect(await readFile(outside, 'utf8')).toBe('mine');
  });
});

describe('annotated photos', () => {
  const box = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 } as UnitBox;
  const grey = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: '#808080' } });

  const pixel = async (path: string, left: number, top: number) => [
    ...(await sharp(path).extract({ left, top, width: 1, height: 1 }).raw().toBuffer()),
  ];

  it('are upright, of full size, with a line along the box and nothing inside it', async () => {
    const photo = join(folder, 'photo.jpg');
    await grey(800, 400).withMetadata({ orientation: 6 }).jpeg().toFile(photo);
    const target = join(folder, 'out', 'photo.png');
    await annotatePhoto(photo, [{ box, label: null }], target);
    const { width, height } = await sharp(target).metadata();
    expect([width, height]).toEqual([400, 800]);
    const [, onLine] = await pixel(target, 100, 400);
    expect(onLine).toBeGreaterThan(145);
    expect((await pixel(target, 200, 400))[1]).toBeCloseTo(128, -1);
  });

  it('may be drawn again over themselves, never over another file', async () => {
    const photo = join(folder, 'photo.jpg');
    await grey(300, 300).jpeg().toFile(photo);
    for (const name of ['out.jpg', 'out.png', 'out.webp']) {
      await annotatePhoto(photo, [{ box, label: 3 }], join(folder, name));
      await annotatePhoto(photo, [{ box, label: 12 }], join(folder, name));
    }
    const before = await readFile(photo);
    await expect(annotatePhoto(photo, [], photo)).rejects.toMatchObject({ code: 'output-unwritable' });
    expect(await readFile(photo)).toEqual(before);
    await expect(annotatePhoto(photo, [], join(folder, 'x.tga'))).rejects.toMatchObject({
      code: 'bad-request',
    });
  });

  it('are never written through a link, and what a killed run left goes', async () => {
    const photo = join(folder, 'photo.jpg');
    await grey(40, 40).jpeg().toFile(photo);
    const [out, outside] = [join(folder, 'out'), join(folder, 'outside')];
    await mkdir(join(out, 'real'), { recursive: true });
    await mkdir(outside);
    await symlink(outside, join(out, 'sub'));
    const drawn = (name: string) => annotatePhotos(out, [{ path: photo, name, marks: [] }]);
    await expect(drawn('sub/a.jpg')).rejects.toMatchObject({ code: 'output-unwritable' });
    expect(await readdir(outside)).toEqual([]);
    await annotatePhoto(photo, [], join(outside, 'signed.jpg'));
    await symlink(join(outside, 'signed.jpg'), join(out, 'a.jpg'));
    await expect(annotatePhoto(photo, [], join(out, 'a.jpg'))).rejects.toMatchObject({
      code: 'output-unwritable',
    });
    const [old, fresh] = ['0', '1'].map((digit) => join(out, 'real', `.${digit.repeat(12)}.kith-draft`));
    for (const draft of [old!, fresh!]) await writeFile(draft, 'half');
    await utimes(old!, new Date(), new Date(Date.now() - 3_600_000));
    await drawn('real/b.jpg');
    expect((await readdir(join(out, 'real'))).sort()).toEqual([`.${'1'.repeat(12)}.kith-draft`, 'b.jpg']);
  });

  it('of two photos that differ in extension alone become two files', async () => {
    await grey(40, 40).jpeg().toFile(join(folder, 'a.jpg'));
    await grey(50, 50).png().toFile(join(folder, 'a.png'));
    const out = join(folder, 'out');
    const photos = ['a.jpg', 'a.png', 'gone.jpg'].map((name) => ({
      path: join(folder, name),
      name,
      marks: [],
    }));
    const failed: string[] = [];
    const written = await annotatePhotos(out, photos, (photo, failure) => {
      if (failure !== null) failed.push(photo.name);
    });
    expect(written).toBe(2);
    expect(failed).toEqual(['gone.jpg']);
    expect(await filesUnder(out)).toEqual(['a.jpg', 'a_2.jpg']);
  });
});
