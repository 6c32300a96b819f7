import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FolderId, PhotoId } from '../../electron/contract/ids.ts';
import { type Orientation, storedSides, toStored } from '../../electron/metadata/region.ts';
import { FolderNames } from '../../electron/metadata/target.ts';
import { carryOut, look, type Names } from '../../electron/metadata/write.ts';
import { wantedOf } from '../../electron/service/wanted.ts';
import { decode, openPhoto } from '../../electron/vision/decode.ts';
import { Here } from './here.ts';
import { NO_PERL } from './perl.ts';
import { drawn, seen } from './place.ts';

// Formats that are not drawn for all orientations: HEIC and AVIF, into which ExifTool writes too, and RAW.

const shared = process.env.KITH_SHARED;
const heic = shared === undefined ? null : join(shared, 'photos/formats/iphone_7.heic');
const why = NO_PERL ?? (heic === null ? 'skipped: KITH_SHARED names no folder with a HEIC' : '');

const BOX = { x: 0.2, y: 0.1, width: 0.25, height: 0.3 };

const here = new Here();

/** The one MWG region of a file, and the sides that it is of. */
async function regionOf(path: string) {
  const { text } = await here.tool.run(['-json', '-struct', '-n', '-G1', '-XMP-mwg-rs:RegionInfo', path]);
  const { RegionList: list, AppliedToDimensions: sides } = JSON.parse(text)[0]['XMP-mwg-rs:RegionInfo'];
  expect(list).toHaveLength(1);
  const { X, Y, W, H } = list[0].Area;
  return {
    name: list[0].Name,
    area: { x: X - W / 2, y: Y - H / 2, width: W, height: H },
    width: sides.W,
    height: sides.H,
  };
}

describe.skipIf(NO_PERL !== null)(`formats ${NO_PERL ?? ''}`, () => {
  test.each(['sidecar', 'file'] as const)('of AVIF, into the %s', async (into) => {
    writeFileSync(here.path('a.avif'), await drawn('avif'));
    const box = await seen(here.path('a.avif'), 255, true);
    await here.place.record([{ name: 'a.avif', people: [{ name: 'Anna', box }] }]);
    const before = readFileSync(here.path('a.avif'));
    const outcome = await here.place.withApp((app) =>
      app.call('metadata.write', { path: here.place.folder, into }),
    );
    expect(outcome.failed).toEqual([]);
    const { name, area } = await regionOf(here.path(into === 'file' ? 'a.avif' : 'a.avif.xmp'));
    expect(name).toBe('Anna');
    for (const side of ['x', 'y', 'width', 'height'] as const) expect(area[side]).toBeCloseTo(box[side], 3);
    expect(await seen(here.path('a.avif'), 255, true)).toEqual(box);
    await here.place.withApp((app) => app.call('metadata.undo', {}));
    expect(readFileSync(here.path('a.avif')).equals(before)).toBe(true);
  });

  test.skipIf(heic === null)(
    `of HEIC, for all orientations that EXIF can add, in file and sidecar ${why}`,
    async () => {
      const orientations: Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];
      const names = orientations.map((orientation) => `${orientation}.heic`);
      for (const [at, name] of names.entries()) {
        copyFileSync(heic!, here.path(name));
        await here.tool.run([
          '-overwrite_original',
          '-n',
          `-IFD0:Orientation=${orientations[at]}`,
          here.path(name),
        ]);
      }
      const { fullWidth, fullHeight, data } = await decode(await openPhoto(here.path('1.heic')), 200);
      const sides = { width: fullWidth, height: fullHeight };
      await here.place.record(names.map((name) => ({ name, people: [{ name: 'Anna', box: BOX }], sides })));
      for (const into of ['sidecar', 'file'] as const) {
        const outcome = await here.place.withApp((app) =>
          app.call('metadata.write', { path: here.place.folder, into }),
        );
        expect(outcome.failed).toEqual([]);
        for (const [at, name] of names.entries()) {
          const { area, ...found } = await regionOf(here.path(into === 'file' ? name : `${name}.xmp`));
          // Programs turn a region by EXIF's orientation, whatever the container says: [Note: HEIC] in region.ts.
          const stored = toStored(BOX, orientations[at]!);
          for (const side of ['x', 'y', 'width', 'height'] as const)
            expect(area[side], name).toBeCloseTo(stored[side], 4);
          expect(found).toEqual({ name: 'Anna', ...storedSides(sides, orientations[at]!) });
        }
      }
      const after = await decode(await openPhoto(here.path('1.heic')), 200);
      expect(Buffer.compare(after.data, data)).toBe(0);
    },
  );

  test('of RAW: a sidecar, and never the file', async () => {
    const raw = here.path('a.dng');
    const given = shared === undefined ? null : join(shared, 'photos/formats/canon_eos_6d.dng');
    if (given !== null && existsSync(given)) copyFileSync(given, raw);
    else {
      writeFileSync(raw, await drawn('tif', 6));
      await here.tool.run([
        '-overwrite_original',
        '-n',
        '-IFD0:DNGVersion=1 4 0 0',
        '-IFD0:Orientation=6',
        raw,
      ]);
    }
    const bytes = readFileSync(raw);
    const { 'IFD0:Orientation': turned } = await here.tool.read(raw, ['IFD0:Orientation']);
    const orientation = Number(turned) as Orientation;
    const file = {
      folder: 1 as FolderId,
      path: 'a.dng',
      photo: 1 as PhotoId,
      width: 3000,
      height: 2000,
      people: [],
    };
    const wanted = JSON.parse(
      wantedOf({ ...file, faces: [{ name: 'Anna', ...BOX }] }, { into: 'file', forms: ['mwg'] })!,
    );
    expect(wanted.place).toBe('sidecar');
    const names: Names = {
      ...{
        photo: raw,
        place: 'sidecar',
        former: null,
        faces: [{ name: 'Anna', box: BOX }],
        people: [],
        forms: ['mwg'],
        width: 3000,
        height: 2000,
      },
    };
    const change = await look(here.tool, names, null, new FolderNames());
    await carryOut(here.tool, change, 'sidecar', null, { onDraft: () => {}, onReady: () => {} });
    expect(readFileSync(raw).equals(bytes)).toBe(true);
    const { area } = await regionOf(`${raw}.xmp`);
    const stored = toStored(BOX, orientation);
    for (const side of ['x', 'y', 'width', 'height'] as const)
      expect(area[side]).toBeCloseTo(stored[side], 5);
  });
});
