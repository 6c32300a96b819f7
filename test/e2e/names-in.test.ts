import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { iou, type UnitBox } from '../../electron/contract/geometry.ts';
import type { NamesTaken } from '../../electron/contract/names-in.ts';
import type { Orientation } from '../../electron/metadata/region.ts';
import { type ExifTool, startExifTool } from '../../electron/metadata/tool.ts';
import type { App } from '../../electron/service/app/app.ts';
import { SAMPLE_FACES } from '../fixtures/sample-faces.ts';
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
import { openApp } from './app.ts';

// Photos with real faces, tagged as other programs do by their documentation, read by the real engine.

/** Where each name has to be, by the photo's path in the folder. */
const truth = new Map<string, Tagged[]>();
/** Overlap of a named face with its place. Source: bound; face-api's detector drew the places, on other pixels than Kith's. */
const RIGHT_PLACE = 0.75;

const samples = [...Map.groupBy(SAMPLE_FACES, ({ path }) => path).values()];

let home: string;
let folder: string;
let app: App;
let tool: ExifTool;
let taken: NamesTaken;

async function faceNames(path: string): Promise<{ name: string; box: UnitBox }[]> {
  const { items } = await app.call('photos.list', { limit: 200 });
  for (const { id, name } of items) {
    if (name !== basename(path)) continue;
    const { faces, files } = await app.call('photos.get', { id });
    if (!files.includes(join(folder, path))) continue;
    return faces.flatMap(({ person, status, box }) =>
      person && status === 'confirmed' ? [{ name: person.name, box }] : [],
    );
  }
  throw new Error(`${path} is not in the library`);
}

/** A photo with tags for its faces. */
async function photo(
  path: string,
  sample: number,
  args: (faces: Tagged[], stored: { width: number; height: number }) => string[],
  options: { orientation?: Orientation; salt?: number; sidecar?: string; grow?: number } = {},
): Promise<Tagged[]> {
  const faces = await taggedFaces(samples[sample]!, (at) => `${path.split('/')[0]} ${at}`, options.grow);
  const stored = await writePhoto(samples[sample]![0]!.path, join(folder, path), options);
  const to = options.sidecar === undefined ? path : join(dirname(path), options.sidecar);
  const words = args(faces, stored);
  if (words.length > 0) await tag(tool, join(folder, to), ...words);
  truth.set(path, await taggedFaces(samples[sample]!, (at) => faces[at]!.name));
  return faces;
}

beforeAll(async () => {
  if (!HAS_PERL) return;
  home = await mkdtemp(join(tmpdir(), 'kith-names-'));
  folder = join(home, 'photos');
  tool = startExifTool();
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
  await tool.end();
  app = await openApp(join(home, 'library.kith'));
  taken = await app.call('folder.names', { path: folder });
}, 300_000);

afterAll(async () => {
  await app?.close();
  if (home) await rm(home, { recursive: true });
});

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
    expect(taken.contradictions).toEqual([]);
    expect(taken.unplaced).toEqual([]);
    expect(taken.misplaced).toEqual([]);
    expect(taken.people.every(({ known }) => !known)).toBe(true);
  });

  it('changes nothing the second time, and is taken back as one', async () => {
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
