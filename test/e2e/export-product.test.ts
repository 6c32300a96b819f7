import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Params } from '../../electron/contract/api.ts';
import { CropPreset, fixedSize } from '../../electron/contract/crops.ts';
import type { PersonId } from '../../electron/contract/ids.ts';
import type { FaceCard } from '../../electron/contract/people.ts';
import type { App } from '../../electron/service/app/app.ts';
import { filesOf, listedIn } from '../fixtures/exports.ts';
import { scan } from '../fixtures/scan.ts';
import { facesOf, openApp } from './app.ts';
import { copySamples } from './cli.ts';

// What comes out of an export: real photos, real faces, and every file opened again.

let home: string;
let photos: string;
let app: App;
let faces: FaceCard[];
let anna: PersonId;
/** Name of the photo that the first three faces are on. */
let first: string;
let to: string;
let number = 0;

beforeAll(async () => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'kith-product-')));
  photos = join(home, 'photos');
  mkdirSync(photos);
  await copySamples(photos, [1, 2, 3, 4]);
  app = await openApp(join(home, 'library', 'library.kith'));
  expect(await scan(app, photos)).toMatchObject({ phase: 'done' });
  faces = await facesOf(app);
  const { items } = await app.call('photos.list', {});
  first = items.find(({ id }) => id === faces[0]!.photo)!.name;
  const named = await app.call('name', { faces: [faces[0]!.id], name: '=Anna' });
  if (named.kind !== 'named') throw new Error('Expected a new name');
  anna = named.ledger.person.id;
  await app.call('name', { faces: [faces[1]!.id], name: 'Ben' });
  await app.call('faces.mark', { faces: [faces[2]!.id], as: 'ignored' });
}, 120_000);
afterAll(async () => {
  await app.close();
  rmSync(home, { recursive: true });
});
beforeEach(() => {
  number += 1;
  to = join(home, `out-${number}`);
});

const write = (params: Partial<Params<'export.crops'>> = {}) =>
  app.call('export.crops', { all: true, folder: to, ...params });

interface Row {
  file: string;
  picture: [number, number];
  quality: number;
  box: [number, number, number, number];
}
const rowsOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')).faces as Row[];
const tableOf = (folder: string) =>
  parse(readFileSync(join(folder, 'manifest.csv')), { bom: true, columns: true }) as Record<string, string>[];

describe('Exported faces', () => {
  it('open in each preset with the promised size, and both manifests name exactly these', async () => {
    for (const preset of CropPreset.options) {
      const folder = join(to, preset);
      const { files, left } = await write({ preset, folder, size: 256, format: 'png' });
      expect(left).toBe(0);
      const rows = rowsOf(folder);
      expect(rows.map(({ file }) => file).toSorted()).toEqual(filesOf(folder));
      expect(rows).toHaveLength(files);
      expect(tableOf(folder).map(({ file }) => file)).toEqual(rows.map(({ file }) => file));
      for (const { file, picture } of rows) {
        const { width, height, format } = await sharp(join(folder, file)).metadata();
        expect([preset, width, height, format]).toEqual([preset, ...picture, 'png']);
        const promised = fixedSize(preset);
        if (promised) expect([preset, width, height]).toEqual([preset, promised.width, promised.height]);
        else expect(Math.max(width, height)).toBeLessThanOrEqual(256);
      }
    }
  }, 120_000);

  it('are called by a pattern, without a formula in the table for spreadsheets', async () => {
    await write({ pattern: '{date} {person} of {photo} #{number}', format: 'webp' });
    const files = filesOf(to);
    expect(files).toContain(`Anna (${anna})/2016-08-13 _Anna of ${first.replace('.jpg', '')} _1.webp`);
    expect(files).toContain(`Ben/2016-08-13 Ben of ${first.replace('.jpg', '')} _1.webp`);
    expect(tableOf(to).map(({ person }) => person)).toContain("'=Anna");
    await expect(write({ pattern: '{who}' })).rejects.toMatchObject({ code: 'bad-request' });
    await expect(write({ pattern: ' ' })).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('are left out below a size and a quality, and how many is said', async () => {
    const all = await write();
    const rows = rowsOf(to);
    const sides = rows
      .map(({ box: [, , width, height] }) => Math.min(width, height))
      .toSorted((a, b) => a - b);
    const minSize = Math.ceil(sides[2]! + 1);
    const large = await write({ minSize });
    expect(large.files + large.left).toBe(all.files);
    expect(large.left).toBe(sides.filter((side) => side < minSize).length);
    const minQuality = rows.map(({ quality }) => quality).toSorted()[3]!;
    const good = await write({ minQuality });
    expect(good.left).toBe(3);
    expect(rowsOf(to).every(({ quality }) => quality >= minQuality)).toBe(true);
    expect(await write({ minQuality: 1, minSize: 9000 })).toMatchObject({ files: 0, left: all.files });
  });

  it('come with a contact sheet for each folder, the same to the byte when it is made again', async () => {
    const { files } = await write({ sheets: true });
    const { sheets } = JSON.parse(readFileSync(join(to, 'manifest.json'), 'utf8')) as {
      sheets: { file: string; of: string }[];
    };
    const folders = new Set(listedIn(to).map((file) => file.split('/')[0]));
    expect(new Set(sheets.map(({ file }) => file.split('/')[0]))).toEqual(folders);
    expect(filesOf(to)).toHaveLength(files + sheets.length);
    const bytes = sheets.map(({ file }) => readFileSync(join(to, file)));
    for (const pdf of bytes) expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(sheets.map(({ of }) => of)).toContain('=Anna');
    await write({ sheets: true });
    expect(sheets.map(({ file }) => readFileSync(join(to, file)))).toEqual(bytes);
    await write();
    expect(filesOf(to)).toHaveLength(files);
  }, 60_000);

  it('make a training set of train, val and test, and no photo is in two of them', async () => {
    const training = { shares: [50, 25, 25] as [number, number, number], seed: 7 };
    const { files } = await write({ training, preset: 'aligned-112', pattern: '{photo}-{number}' });
    const list = filesOf(to);
    expect(list).toHaveLength(files);
    expect(listedIn(to)).toEqual(list);
    const setOf = new Map<string, Set<string>>();
    for (const file of list) {
      const [set, , name] = file.split('/') as [string, string, string];
      expect(['train', 'val', 'test']).toContain(set);
      const photo = name.replace(/-\d+\.jpg$/, '');
      setOf.set(photo, (setOf.get(photo) ?? new Set()).add(set));
    }
    for (const [photo, sets] of setOf) expect([photo, ...sets]).toHaveLength(2);
    const again = join(home, `again-${number}`);
    await write({ training, preset: 'aligned-112', pattern: '{photo}-{number}', folder: again });
    expect(filesOf(again)).toEqual(list);
    // Another kind of export is not mixed in.
    await expect(write()).rejects.toMatchObject({ code: 'output-unwritable' });
    expect(await write({ training: { shares: [1, 0, 0] } })).toMatchObject({ files });
    expect(filesOf(to).every((file) => file.startsWith('train/'))).toBe(true);
  }, 60_000);

  it('are whole, and in the manifests, when the export is cancelled with contact sheets and a large preset', async () => {
    const stop = app.on((event) => {
      if (event.kind === 'work') void app.call('export.cancel', {});
    });
    const { cancelled, files } = await write({ preset: 'passport', format: 'png', sheets: true }).finally(
      stop,
    );
    expect(cancelled).toBe(true);
    const list = filesOf(to);
    expect(list).toHaveLength(files);
    expect(listedIn(to)).toEqual(list);
    expect(
      tableOf(to)
        .map(({ file }) => file)
        .toSorted(),
    ).toEqual(list);
    for (const file of list) await sharp(join(to, file)).raw().toBuffer();
  });
});

describe('Copies for others', () => {
  it('show nobody but who is kept: also those who were ignored are hidden, and nothing tells their names', async () => {
    const { files, hidden, failed, cancelled } = await app.call('export.private', {
      keep: [anna],
      folder: to,
    });
    const on = faces.filter(({ photo }) => photo === faces[0]!.photo);
    expect({ files, failed, cancelled }).toEqual({ files: 1, failed: [], cancelled: false });
    expect(hidden).toBe(on.length - 1);
    expect(filesOf(to)).toEqual([first]);
    const [original, copy] = [join(photos, first), join(to, first)];
    const meta = await sharp(copy).metadata();
    expect([meta.exif, meta.xmp, meta.iptc]).toEqual([undefined, undefined, undefined]);
    const { width, height } = await sharp(original).metadata();
    expect([meta.width, meta.height]).toEqual([width, height]);
    const difference = async ({ box }: FaceCard) => {
      const region = {
        left: Math.round(box.x * width),
        top: Math.round(box.y * height),
        width: Math.round(box.width * width),
        height: Math.round(box.height * height),
      };
      const [a, b] = await Promise.all(
        [original, copy].map((path) => sharp(path).extract(region).raw().toBuffer()),
      );
      return a!.reduce((sum, value, i) => sum + Math.abs(value - b![i]!), 0) / a!.length;
    };
    expect(await difference(faces[0]!)).toBeLessThan(3);
    for (const face of on.slice(1)) {
      expect(await difference(face)).toBeGreaterThan(8);
    }
    const manifest = readFileSync(join(to, 'manifest.json'), 'utf8');
    const account = readFileSync(join(to, '.kith-export', 'files'), 'utf8');
    for (const text of [manifest, account]) {
      expect(text).not.toContain('Ben');
      expect(text).not.toContain(home);
    }
  }, 60_000);

  it('keep who is kept where a box that was drawn around them was taken back', async () => {
    const { photo, box } = faces[0]!;
    await app.call('faces.draw', { photo, box });
    await app.call('journal.undo', {});
    await app.call('export.private', { keep: [anna], folder: to });
    const [a, b] = await Promise.all(
      [join(photos, first), join(to, first)].map(async (path) => {
        const { width, height } = await sharp(path).metadata();
        const region = {
          left: Math.round(box.x * width),
          top: Math.round(box.y * height),
          width: Math.round(box.width * width),
          height: Math.round(box.height * height),
        };
        return sharp(path).extract(region).raw().toBuffer();
      }),
    );
    expect(a!.reduce((sum, value, i) => sum + Math.abs(value - b![i]!), 0) / a!.length).toBeLessThan(3);
  }, 60_000);

  it('hide everybody where nobody is kept, and end where they are cancelled', async () => {
    const stop = app.on((event) => {
      if (event.kind === 'work') void app.call('export.cancel', {});
    });
    const some = await app.call('export.private', { keep: [], folder: to }).finally(stop);
    expect(some.cancelled).toBe(true);
    expect(filesOf(to)).toHaveLength(some.files);
    const all = await app.call('export.private', { keep: [], folder: to });
    expect(all).toMatchObject({ cancelled: false, files: 4 });
    expect(all.hidden).toBeGreaterThanOrEqual(faces.length);
    expect(filesOf(to)).toEqual(['sample1.jpg', 'sample2.jpg', 'sample3.jpg', 'sample4.jpg']);
  }, 60_000);
});
