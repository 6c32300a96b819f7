import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Here } from './here.ts';
import { NO_PERL } from './perl.ts';
import { drawn, FACES, type Format, SIZE, seen } from './place.ts';

// Names as they are written, read back by ExifTool itself, and held against where the pixels of the stored picture are.

const NAMES = ['Anna', 'Zoë "Z" O\'Neil, | {x} [y]=z'];
const FORMATS: Format[] = ['jpg', 'png', 'tif', 'webp'];
const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8];

const here = new Here();

/** A rectangle of the numbers of a file, by the side of each form. */
interface Read {
  name: string;
  area: { x: number; y: number; width: number; height: number };
}

/** What ExifTool says of regions with `-struct`. */
interface Tags {
  'XMP-mwg-rs:RegionInfo'?: { RegionList: { Name: string; Area: Record<'X' | 'Y' | 'W' | 'H', number> }[] };
  'XMP-MP:RegionInfoMP'?: { Regions: { PersonDisplayName: string; Rectangle: string }[] };
  'XMP-iptcExt:ImageRegion'?: {
    Name: string;
    RegionBoundary: Record<'RbX' | 'RbY' | 'RbW' | 'RbH', number>;
  }[];
}

/** The regions of a file in the three forms, by ExifTool alone and without a line of Kith's. */
async function regionsOf(path: string): Promise<Record<string, Read[]>> {
  const { text } = await here.tool.run(['-json', '-struct', '-n', '-G1', '-XMP:all', path]);
  const [found] = JSON.parse(text) as [Tags];
  return {
    mwg: (found['XMP-mwg-rs:RegionInfo']?.RegionList ?? []).map(({ Name, Area: { X, Y, W, H } }) => ({
      name: Name,
      area: { x: X - W / 2, y: Y - H / 2, width: W, height: H },
    })),
    microsoft: (found['XMP-MP:RegionInfoMP']?.Regions ?? []).map(({ PersonDisplayName, Rectangle }) => {
      const [x, y, width, height] = Rectangle.split(', ').map(Number) as [number, number, number, number];
      return { name: PersonDisplayName, area: { x, y, width, height } };
    }),
    iptc: (found['XMP-iptcExt:ImageRegion'] ?? []).map(
      ({ Name, RegionBoundary: { RbX, RbY, RbW, RbH } }) => ({
        name: Name,
        area: { x: RbX, y: RbY, width: RbW, height: RbH },
      }),
    ),
  };
}

const wordsIn = (value: unknown) => (value as string[]).toSorted();

describe.skipIf(NO_PERL !== null)(`names are written where the faces are ${NO_PERL ?? ''}`, () => {
  for (const into of ['sidecar', 'file'] as const)
    test.each(FORMATS)(`of %s, into the ${into}, for all eight orientations`, async (format) => {
      const files = ORIENTATIONS.map((orientation) => `${orientation}.${format}`);
      for (const [at, name] of files.entries())
        writeFileSync(here.path(name), await drawn(format, ORIENTATIONS[at]));
      await here.place.record(
        await Promise.all(
          files.map(async (name) => ({
            name,
            people: await Promise.all(
              FACES.map(async ({ level }, face) => ({
                name: NAMES[face]!,
                box: await seen(here.path(name), level, true),
              })),
            ),
          })),
        ),
      );
      const outcome = await here.place.withApp((app) =>
        app.call('metadata.write', { path: here.place.folder, into }),
      );
      expect(outcome).toMatchObject({ photos: 8, failed: [], same: 0 });
      expect(outcome.create + outcome.change).toBe(8);
      for (const name of files) {
        const target = into === 'file' ? here.path(name) : here.path(`${name}.xmp`);
        for (const [form, regions] of Object.entries(await regionsOf(target))) {
          expect(regions.map((region) => region.name).toSorted(), `${form} of ${name}`).toEqual(
            NAMES.toSorted(),
          );
          for (const [face, { level }] of FACES.entries()) {
            const region = regions.find((one) => one.name === NAMES[face]);
            const stored = await seen(here.path(name), level, false);
            for (const side of ['x', 'y', 'width', 'height'] as const)
              expect(region!.area[side], `${form} of ${name}, ${side}`).toBeCloseTo(stored[side], 2);
          }
        }
        const words = await here.tool.read(target, [
          ...['XMP-mwg-rs:RegionInfo', 'XMP-iptcExt:PersonInImage', 'XMP-lr:HierarchicalSubject'],
          ...['XMP-digiKam:TagsList', 'XMP-dc:Subject'],
        ]);
        expect(words['XMP-mwg-rs:RegionInfo']).toMatchObject({
          AppliedToDimensions: { W: `${SIZE.width}`, H: `${SIZE.height}`, Unit: 'pixel' },
        });
        expect(wordsIn(words['XMP-iptcExt:PersonInImage'])).toEqual(NAMES.toSorted());
        expect(wordsIn(words['XMP-dc:Subject'])).toEqual(NAMES.toSorted());
        expect(wordsIn(words['XMP-digiKam:TagsList'])).toEqual(
          NAMES.map((one) => `People/${one}`).toSorted(),
        );
        expect(wordsIn(words['XMP-lr:HierarchicalSubject'])).toEqual(
          NAMES.map((one) => `People|${one.replaceAll('|', '/')}`).toSorted(),
        );
      }
    });

  test('each preset writes its forms and no other', async () => {
    writeFileSync(here.path('a.jpg'), await drawn('jpg'));
    await here.place.record([
      { name: 'a.jpg', people: [{ name: 'Anna', box: await seen(here.path('a.jpg'), 255, true) }] },
    ]);
    const tagsFor = async (
      forms: 'digikam' | 'lightroom' | 'immich' | 'everything' | ('mwg' | 'subject')[],
    ) => {
      await here.place.withApp((app) => app.call('metadata.write', { path: here.place.folder, forms }));
      const { text } = await here.tool.run(['-json', '-struct', '-G1', '-XMP:all', here.path('a.jpg.xmp')]);
      const [found] = JSON.parse(text);
      return Object.keys(found)
        .filter((tag) => tag.startsWith('XMP-') && tag !== 'XMP-x:XMPToolkit')
        .map((tag) => tag.replace('XMP-', ''))
        .toSorted();
    };
    const keywords = ['dc:Subject', 'digiKam:TagsList', 'lr:HierarchicalSubject'];
    const regions = ['MP:RegionInfoMP', 'mwg-rs:RegionInfo'];
    expect(await tagsFor('digikam')).toEqual([...keywords, ...regions].toSorted());
    expect(await tagsFor('lightroom')).toEqual(
      ['dc:Subject', 'lr:HierarchicalSubject', 'mwg-rs:RegionInfo'].toSorted(),
    );
    expect(await tagsFor('immich')).toEqual(['mwg-rs:RegionInfo']);
    expect(await tagsFor(['mwg', 'subject'])).toEqual(['dc:Subject', 'mwg-rs:RegionInfo']);
    expect(await tagsFor('everything')).toEqual(
      [...keywords, ...regions, 'iptcExt:ImageRegion', 'iptcExt:PersonInImage'].toSorted(),
    );
  });
});
