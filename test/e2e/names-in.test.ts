import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { iou, type UnitBox } from '../../electron/contract/geometry.ts';
import type { Orientation } from '../../electron/metadata/region.ts';
import type { ExifTool } from '../../electron/metadata/tool.ts';
import { SAMPLE_PHOTOS } from '../fixtures/sample-faces.ts';
import {
  acdsee,
  HAS_PERL,
  iptc,
  list,
  microsoft,
  mwg,
  picasaSection,
  type Tagged,
  tag,
  taggedFaces,
  writePhoto,
} from '../fixtures/tagged.ts';
import { facesOn, type TaggedFolder, taggedFolder } from './tagged-folder.ts';

// Photos with real faces, tagged as other programs do by their documentation, read by the real engine.

/** Where each name has to be, by the photo's path in the folder. */
const truth = new Map<string, Tagged[]>();
/** Overlap of a named face with its place. Source: bound; face-api's detector drew the places, on other pixels than Kith's. */
const RIGHT_PLACE = 0.75;

let tagged: TaggedFolder;

async function faceNames(path: string): Promise<{ name: string; box: UnitBox }[]> {
  const faces = await facesOn(tagged, path);
  return faces.flatMap(({ person, status, box }) =>
    person && status === 'confirmed' ? [{ name: person.name, box }] : [],
  );
}

beforeAll(async () => {
  if (HAS_PERL) tagged = await taggedFolder(fill);
}, 300_000);

afterAll(() => tagged?.close());

async function fill({ folder, tool }: { folder: string; tool: ExifTool }): Promise<void> {
  /** A photo with tags for its faces. */
  async function photo(
    path: string,
    sample: number,
    args: (faces: Tagged[], stored: { width: number; height: number }) => string[],
    options: { orientation?: Orientation; salt?: number; sidecar?: string; grow?: number } = {},
  ): Promise<Tagged[]> {
    const faces = await taggedFaces(
      SAMPLE_PHOTOS[sample]!,
      (at) => `${path.split('/')[0]} ${at}`,
      options.grow,
    );
    const stored = await writePhoto(SAMPLE_PHOTOS[sample]![0]!.path, join(folder, path), options);
    const to = options.sidecar === undefined ? path : join(dirname(path), options.sidecar);
    const words = args(faces, stored);
    if (words.length > 0) await tag(tool, join(folder, to), ...words);
    truth.set(path, await taggedFaces(SAMPLE_PHOTOS[sample]!, (at) => faces[at]!.name));
    return faces;
  }

  const names = (faces: Tagged[]) => faces.map(({ name }) => name);
  await photo('digiKam/a.jpg', 0, (faces, stored) => [
    mwg(faces, stored),
    microsoft(faces),
    ...list(
      'XMP-digiKam:TagsList',
      names(faces).map((name) => `People/${name}`),
    ),
    ...list(
      'XMP-lr:HierarchicalSubject',
      names(faces).map((name) => `People|${name}`),
    ),
    ...list('XMP-dc:Subject', names(faces)),
    ...list('IPTC:Keywords', names(faces)),
  ]);
  await photo('Lightroom/b.jpg', 1, (faces, stored) => [
    mwg(faces, stored, { more: ',Rotation=0.00000' }),
    ...list('XMP-dc:Subject', [...names(faces), 'beach']),
    ...list('XMP-lr:HierarchicalSubject', ['Places|Rome', ...names(faces)]),
  ]);
  const inPicasa = await photo('Picasa/c.jpg', 2, () => [], { grow: 1.15 });
  const contacts = ['8e62398ebda8c1a5', '1f', 'ab00000000000001'];
  await writeFile(
    join(folder, 'Picasa/.picasa.ini'),
    `[Picasa]\r\nname=Picasa\r\n${picasaSection(
      'c.jpg',
      inPicasa.map((face, at) => ({ ...face, contact: contacts[at]! })),
    )}[Contacts2]\r\n8e62398ebda8c1a5=Picasa 0;;\r\n000000000000001f=Picasa 1;;\r\n`,
  );
  await writeFile(
    join(folder, 'contacts.xml'),
    `<contacts><contact id="ab00000000000001" name="Picasa 2" modified_time="2012-01-01T00:00:00+01:00" local_contact="1"/></contacts>`,
  );
  await photo('ACDSee/d.jpg', 3, (faces, stored) => [acdsee(faces, stored)]);
  await photo('Windows/e.jpg', 4, (faces) => [
    microsoft(faces),
    ...list('XMP-microsoft:LastKeywordXMP', ['Holiday']),
  ]);
  await photo('Immich/f.jpg', 5, (faces, stored) => [mwg(faces, stored)], { sidecar: 'f.jpg.xmp' });
  await photo('IPTC/g.jpg', 3, (faces) => [iptc(faces)], { salt: 5, sidecar: 'g.xmp' });
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8] as const) {
    await photo(
      `Turned/${orientation}.jpg`,
      1,
      (faces, stored) => [mwg(faces, stored, { orientation }), microsoft(faces, orientation)],
      { orientation, salt: orientation * 2 },
    );
  }
}

describe.skipIf(!HAS_PERL)('names of other programs (needs perl)', () => {
  for (const path of [
    ...['digiKam/a.jpg', 'Lightroom/b.jpg', 'Picasa/c.jpg', 'ACDSee/d.jpg', 'Windows/e.jpg'],
    ...['Immich/f.jpg', 'IPTC/g.jpg'],
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((orientation) => `Turned/${orientation}.jpg`),
  ]) {
    it(`has every name of ${path} on its face`, async () => {
      const named = await faceNames(path);
      const wanted = truth.get(path)!;
      expect(named.map(({ name }) => name).sort()).toEqual(wanted.map(({ name }) => name).sort());
      for (const { name, box } of named) {
        const right = wanted.find((one) => one.name === name)!;
        expect(iou(box, right as unknown as UnitBox)).toBeGreaterThan(RIGHT_PLACE);
      }
    });
  }

  it('contradicts nothing, leaves no name over, and counts', () => {
    const { taken } = tagged;
    expect(taken.contradictions).toEqual([]);
    expect(taken.unplaced).toEqual([]);
    expect(taken.misplaced).toEqual([]);
    expect(taken.people.every(({ known }) => !known)).toBe(true);
  });

  it('changes nothing the second time, and is taken back as one', async () => {
    const { app, folder } = tagged;
    const again = await app.call('folder.names', { path: folder });
    expect(again).toMatchObject({ faces: 0, entry: null, contradictions: [] });
    expect(again.already).toBeGreaterThan(40);
    const undone = await app.call('journal.undo', {});
    expect(undone.blockers).toEqual([]);
    expect((await app.call('people.list', { limit: 200 })).total).toBe(0);
    const dry = await app.call('folder.names', { path: folder, dry: true });
    expect((await app.call('people.list', { limit: 200 })).total).toBe(0);
    expect(dry.people.length).toBeGreaterThan(20);
    await app.call('journal.redo', {});
    expect(await faceNames('digiKam/a.jpg')).toHaveLength(3);
  });
});
