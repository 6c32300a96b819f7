import { describe, expect, it } from 'vitest';
import { nameOf } from '../../electron/metadata/in/found.ts';
import { flatKeywords, namesInHierarchies } from '../../electron/metadata/in/keywords.ts';
import { parseContactsXml, parsePicasaIni } from '../../electron/metadata/in/picasa.ts';
import {
  acdseeRegions,
  iptcRegions,
  isSameImage,
  microsoftRegions,
  mwgRegions,
} from '../../electron/metadata/in/regions.ts';
import { namesInTags } from '../../electron/metadata/in/tags.ts';
import { parseTakeout, takeoutNames } from '../../electron/metadata/in/takeout.ts';

const STORED = { width: 1000, height: 500 };
const rounded = ({ x, y, width, height }: { x: number; y: number; width: number; height: number }) =>
  [x, y, width, height].map((value) => Math.round(value * 1e6) / 1e6);
const areas = ({ regions }: { regions: { area: Parameters<typeof rounded>[0] }[] }) =>
  regions.map(({ area }) => rounded(area));

describe('regions of other programs', () => {
  const mwg = (region: object, dimensions: object | undefined = { W: 1000, H: 500, Unit: 'pixel' }) =>
    mwgRegions(
      { AppliedToDimensions: dimensions, RegionList: [{ Name: 'Anna', Type: 'Face', ...region }] },
      STORED,
    );

  it('reads a rectangle of the Metadata Working Group by its centre, as numbers or as text', () => {
    const area = { X: '0.5', Y: 0.4, W: '0.1', H: 0.2, Unit: 'normalized' };
    expect(areas(mwg({ Area: area }))).toEqual([[0.45, 0.3, 0.1, 0.2]]);
    expect(mwg({ Area: area }).appliedTo).toEqual(STORED);
  });

  it('reads pixels, as of the dimensions that stand beside them', () => {
    const area = { X: 1000, Y: 400, W: 200, H: 200, Unit: 'pixel' };
    expect(areas(mwg({ Area: area }, { W: 2000, H: 1000 }))).toEqual([[0.45, 0.3, 0.1, 0.2]]);
  });

  it('reads a circle as the square around it', () => {
    const area = { X: 0.5, Y: 0.5, D: 0.2, Unit: 'normalized' };
    expect(areas(mwg({ Area: area }))).toEqual([[0.45, 0.4, 0.1, 0.2]]);
  });

  it('reads a rectangle that is turned by a quarter as one of exchanged sides', () => {
    const area = { X: 0.5, Y: 0.5, W: 0.2, H: 0.2, Unit: 'normalized' };
    const [turned] = mwg({ Area: area, Rotation: -Math.PI / 2 }).regions;
    expect(rounded(turned!.area)).toEqual([0.45, 0.3, 0.1, 0.4]);
  });

  it('passes over pets, regions without a name, and places that are none', () => {
    const area = { X: 0.5, Y: 0.4, W: 0.1, H: 0.2 };
    expect(mwg({ Area: area, Type: 'Pet' }).regions).toEqual([]);
    expect(mwg({ Area: area, Name: ' ' }).regions).toEqual([]);
    expect(mwg({ Area: area, Name: undefined }).regions).toEqual([]);
    expect(mwg({ Area: { ...area, W: 0 } }).regions).toEqual([]);
    expect(mwg({ Area: { ...area, X: 7 } }).regions).toEqual([]);
    expect(mwg({ Area: { ...area, X: 'Infinity' } }).regions).toEqual([]);
    expect(mwgRegions('nonsense', STORED).regions).toEqual([]);
  });

  it("reads Microsoft's by their corner", () => {
    const info = {
      Regions: [
        { PersonDisplayName: 'Anna', Rectangle: '0.1, 0.2, 0.3, 0.4' },
        { Rectangle: '0.1, 0.2, 0.3, 0.4' },
        { PersonDisplayName: 'Ben', Rectangle: '0.1, 0.2' },
      ],
    };
    expect(areas(microsoftRegions(info))).toEqual([[0.1, 0.2, 0.3, 0.4]]);
  });

  it("reads IPTC's rectangles, circles and polygons, relative and in pixels", () => {
    const of = (boundary: object) =>
      areas(iptcRegions([{ Name: { 'x-default': 'Anna' }, RegionBoundary: boundary }], STORED));
    const box = [[0.1, 0.2, 0.3, 0.4]];
    expect(of({ RbShape: 'rectangle', RbUnit: 'relative', RbX: 0.1, RbY: 0.2, RbW: 0.3, RbH: 0.4 })).toEqual(
      box,
    );
    expect(of({ RbShape: 'rectangle', RbUnit: 'pixel', RbX: 100, RbY: 100, RbW: 300, RbH: 200 })).toEqual(
      box,
    );
    const circle = [[0.1, 0.1, 0.4, 0.8]];
    expect(of({ RbShape: 'circle', RbUnit: 'relative', RbX: 0.3, RbY: 0.5, RbRx: 0.2 })).toEqual(circle);
    expect(of({ RbShape: 'circle', RbUnit: 'pixel', RbX: 300, RbY: 250, RbRx: 200 })).toEqual(circle);
    const vertices = [
      { RbX: 0.1, RbY: 0.6 },
      { RbX: 0.4, RbY: 0.2 },
      { RbX: 0.2, RbY: 0.3 },
    ];
    expect(of({ RbShape: 'polygon', RbUnit: 'relative', RbVertices: vertices })).toEqual(box);
    expect(of({ RbShape: 'polygon', RbUnit: 'relative', RbVertices: vertices.slice(0, 1) })).toEqual([]);
  });

  it("reads ACDSee's by their centre, the detector's before the one that is shown", () => {
    const info = {
      AppliedToDimensions: { W: 1000, H: 500 },
      RegionList: [
        {
          Name: 'Anna',
          ALGArea: { X: 0.5, Y: 0.4, W: 0.1, H: 0.2 },
          DLYArea: { X: 0.5, Y: 0.4, W: 0.2, H: 0.4 },
        },
        { Name: 'Ben', DLYArea: { X: 0.2, Y: 0.4, W: 0.2, H: 0.4 } },
      ],
    };
    expect(areas(acdseeRegions(info))).toEqual([
      [0.45, 0.3, 0.1, 0.2],
      [0.1, 0.2, 0.2, 0.4],
    ]);
  });

  it('believes regions of a smaller copy, and none of a photo that was cropped or rotated since', () => {
    expect(isSameImage({ width: 500, height: 251 }, STORED)).toBe(true);
    expect(isSameImage({ width: 500, height: 1000 }, STORED)).toBe(false);
    expect(isSameImage({ width: 1000, height: 480 }, STORED)).toBe(false);
  });
});

describe('tags of a file and its sidecars', () => {
  const region = (name: string) => ({
    AppliedToDimensions: { W: 500, H: 1000 },
    RegionList: [{ Name: name, Area: { X: 0.25, Y: 0.1, W: 0.1, H: 0.1 } }],
  });

  it('turns regions by the orientation of the file, of which the sides are exchanged', () => {
    const tags = { 'XMP-mwg-rs:RegionInfo': region('Anna'), 'IFD0:Orientation': '6' };
    const { regions } = namesInTags(tags, [], STORED);
    expect(regions.map(({ name, box, from }) => [name, rounded(box), from])).toEqual([
      ['Anna', [0.85, 0.2, 0.1, 0.1], 'mwg'],
    ]);
  });

  it('says which names it does not believe', () => {
    const { regions, misplaced } = namesInTags({ 'XMP-mwg-rs:RegionInfo': region('Anna') }, [], STORED);
    expect([regions, misplaced]).toEqual([[], [{ name: 'Anna', from: 'mwg' }]]);
  });

  it('lets a sidecar stand above the file, for what the sidecar speaks of', () => {
    const file = {
      'XMP-mwg-rs:RegionInfo': region('Old'),
      'XMP-iptcExt:PersonInImage': 'Old',
      'IPTC:Keywords': ['beach'],
      'IFD0:Orientation': 6,
    };
    const sidecars = [{ 'XMP-mwg-rs:RegionInfo': region('New') }, { 'XMP-iptcExt:PersonInImage': ['Newer'] }];
    const found = namesInTags(file, sidecars, STORED);
    expect(found.regions.map(({ name }) => name)).toEqual(['New']);
    expect(found.people).toEqual([{ name: 'Newer', from: 'person' }]);
    expect(found.keywords).toEqual(['beach']);
  });
});

describe('names', () => {
  it('takes no word for "nobody" as a name, and tidies the others', () => {
    for (const word of ['', ' ', 'Unknown', 'UNBEKANNT', '?', '---', 'null', 'x'.repeat(201)]) {
      expect(nameOf(word)).toBeNull();
    }
    expect(nameOf('  Anna \n Maria ')).toBe('Anna Maria');
    expect(nameOf('Zoe\u0308')).toBe('Zoë');
    expect(nameOf('王芳')).toBe('王芳');
  });

  it('reads keywords under "People", the last part, and no folder of people', () => {
    expect(
      namesInHierarchies(
        ['People|Anna', 'People|Family|Ben', 'People|Family', 'Places|Rome', 'People', 'People|Unknown'],
        'Personen/Zoë',
      ),
    ).toEqual(['Anna', 'Ben', 'Zoë']);
    expect(flatKeywords(['Anna', 'People|Anna', 'beach'], 'Anna')).toEqual(['Anna', 'beach']);
  });

  it("reads Picasa's lists, and nobody for an unknown contact", () => {
    const ini = parsePicasaIni(
      [
        '\uFEFF[Picasa]',
        'name=Holiday',
        '[IMG_1.JPG]',
        'faces=rect64(3f845bcb59418507),8e62398ebda8c1a5;rect64(400080008000c000),ffffffffffffffff;rect64(80008000),1f',
        'backuphash=1',
        '[Contacts2]',
        '8e62398ebda8c1a5=Anna Schmidt;;',
        '000000000000001f=Ben;ben@example.org;',
      ].join('\r\n'),
    );
    const faces = ini.faces.get('img_1.jpg')!;
    expect(faces.map(({ contact }) => ini.contacts.get(contact))).toEqual(['Anna Schmidt', 'Ben']);
    expect(rounded(faces[0]!.area)).toEqual([0.248108, 0.358566, 0.10054, 0.161072]);
    // Zeros at the beginning are left out.
    expect(rounded(faces[1]!.area)).toEqual([0, 0, 0.5, 0.5]);
  });

  it("reads Picasa's contacts.xml", () => {
    const xml = `<?xml version="1.0"?><contacts>
      <contact id="8e62398ebda8c1a5" name="Anna &amp; &#66;en" modified_time="x"/>
      <contact id="1f" display='Zoë'></contact><contact id="2"/></contacts>`;
    expect([...parseContactsXml(xml)]).toEqual([
      ['8e62398ebda8c1a5', 'Anna & Ben'],
      ['000000000000001f', 'Zoë'],
    ]);
  });

  it("finds Google Takeout's JSON by its several names", () => {
    expect(takeoutNames('IMG_1.jpg')).toEqual(
      expect.arrayContaining(['img_1.jpg.json', 'img_1.jpg.supplemental-metadata.json', 'img_1.json']),
    );
    expect(takeoutNames('IMG_1(2).jpg')).toEqual(
      expect.arrayContaining(['img_1.jpg(2).json', 'img_1.jpg.supplemental-metadata(2).json']),
    );
    expect(takeoutNames('IMG_1-edited.jpg')).toContain('img_1.jpg.json');
    // 46 characters before `.json`.
    expect(takeoutNames('Screenshot_20240101-120000_Photos.jpg')).toContain(
      'screenshot_20240101-120000_photos.jpg.suppleme.json',
    );
    expect(takeoutNames(`${'a'.repeat(50)}.jpg`)).toContain(`${'a'.repeat(46)}.json`);
  });

  it("reads the people in Google Takeout's JSON, and no other JSON", () => {
    expect(
      parseTakeout(JSON.stringify({ title: 'a.jpg', people: [{ name: 'Anna' }, { name: '' }] })),
    ).toEqual(['Anna']);
    expect(parseTakeout('{"people": "many"}')).toEqual([]);
    expect(parseTakeout('{')).toEqual([]);
  });
});
