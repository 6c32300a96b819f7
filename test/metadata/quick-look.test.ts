import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mayHaveNames } from '../../electron/metadata/in/quick-look.ts';
import { startExifTool } from '../../electron/metadata/tool.ts';
import { HAS_PERL, list, tag } from '../fixtures/tagged.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'kith-look-'));
});
afterAll(() => rm(home, { recursive: true }));

const picture = () => sharp({ create: { width: 40, height: 30, channels: 3, background: '#777' } });

async function file(name: string, bytes: Buffer | string): Promise<string> {
  const path = join(home, name);
  await writeFile(path, bytes);
  return path;
}

it('passes over JPEGs without names, also with a long header, and over what is no picture', async () => {
  const plain = await picture()
    .withExif({ IFD0: { Make: 'Kith' } })
    .jpeg()
    .toBuffer();
  expect(await mayHaveNames(await file('plain.jpg', plain))).toBe(false);
  const long = Buffer.alloc(65_535, 1);
  long.writeUInt16BE(0xffe5, 0);
  long.writeUInt16BE(65_533, 2);
  const padded = Buffer.concat([
    plain.subarray(0, 2),
    ...Array.from({ length: 9 }, () => long),
    plain.subarray(2),
  ]);
  expect(await mayHaveNames(await file('long.jpg', padded))).toBe(false);
  expect(await mayHaveNames(await file('text.jpg', 'no picture'))).toBe(false);
});

it('leaves to ExifTool what it can’t tell: other formats, and JPEGs that are cut short', async () => {
  const jpeg = await picture().jpeg().toBuffer();
  expect(await mayHaveNames(await file('short.jpg', jpeg.subarray(0, 30)))).toBe(true);
  expect(await mayHaveNames(await file('a.png', await picture().png().toBuffer()))).toBe(true);
  expect(await mayHaveNames(await file('a.tiff', await picture().tiff().toBuffer()))).toBe(true);
});

it('passes over AVIFs and HEICs without XMP', async () => {
  expect(await mayHaveNames(await file('a.avif', await picture().avif().toBuffer()))).toBe(false);
});

it.skipIf(!HAS_PERL)('sees each form of a name, alone (needs perl)', async () => {
  const tool = startExifTool();
  const region =
    '[{Name=Anna,RegionBoundary={RbShape=rectangle,RbUnit=relative,RbX=0.1,RbY=0.1,RbW=0.1,RbH=0.1}}]';
  const area = 'Area={X=0.5,Y=0.5,W=0.1,H=0.1,Unit=normalized}';
  try {
    for (const [at, args] of [
      [`-XMP-mwg-rs:RegionInfo={RegionList=[{Name=Anna,Type=Face,${area}}]}`],
      ['-XMP-MP:RegionInfoMP={Regions=[{PersonDisplayName=Anna,Rectangle=0.1|, 0.1|, 0.2|, 0.2}]}'],
      [`-XMP-iptcExt:ImageRegion=${region}`],
      list('XMP-iptcExt:PersonInImage', ['Anna']),
      list('XMP-lr:HierarchicalSubject', ['People|Anna']),
      list('XMP-digiKam:TagsList', ['People/Anna']),
      list('XMP-microsoft:LastKeywordXMP', ['People/Anna']),
      list('XMP-mediapro:CatalogSets', ['People|Anna']),
      list('XMP-dc:Subject', ['Anna']),
      list('IPTC:Keywords', ['Anna']),
      ['-XMP-acdsee-rs:RegionInfoACDSee={RegionList=[{Name=Anna,ALGArea={x=0.5,y=0.5,w=0.1,h=0.1}}]}'],
    ].entries()) {
      for (const format of ['jpeg', 'avif'] as const) {
        const path = await file(`${at}.${format}`, await picture().toFormat(format).toBuffer());
        if (format === 'avif' && args[0]!.startsWith('-IPTC')) continue;
        await tag(tool, path, ...args);
        expect(await mayHaveNames(path), `${format}: ${args[0]}`).toBe(true);
      }
    }
  } finally {
    await tool.end();
  }
});
