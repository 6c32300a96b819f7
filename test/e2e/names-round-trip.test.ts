import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { iou, type UnitBox } from '../../electron/contract/geometry.ts';
import { NamesTaken } from '../../electron/contract/names-in.ts';
import type { App } from '../../electron/service/app/app.ts';
import { SAMPLE_FACES } from '../fixtures/sample-faces.ts';
import { HAS_PERL, writePhoto } from '../fixtures/tagged.ts';
import { openApp } from './app.ts';
import { kith } from './cli.ts';

// Names that Kith wrote come back into a new library, each on its face, also those of faces that were drawn by hand.

const sample = SAMPLE_FACES[0]!.path;
/** Overlap with the box that was written. Source: what the project promises. */
const RIGHT_PLACE = 0.8;

let home: string;
const folderOf = (into: 'sidecar' | 'file') => join(home, into);

type Named = Map<string, { name: string; box: UnitBox }[]>;

async function namesIn(app: App, folder: string): Promise<Named> {
  const { items } = await app.call('photos.list', { limit: 200 });
  const photos = await Promise.all(items.map(({ id }) => app.call('photos.get', { id })));
  return new Map(
    photos
      .filter(({ files }) => files.some((file) => file.startsWith(folder)))
      .map(({ name, faces }) => [
        name,
        faces
          .flatMap(({ person, box, status }) =>
            person && status === 'confirmed' ? [{ name: person.name, box }] : [],
          )
          .sort((a, b) => (a.name < b.name ? -1 : 1)),
      ]),
  );
}

const written: Record<'sidecar' | 'file', Named> = { sidecar: new Map(), file: new Map() };

beforeAll(async () => {
  if (!HAS_PERL) return;
  home = await mkdtemp(join(tmpdir(), 'kith-round-trip-'));
  for (const into of ['sidecar', 'file'] as const) {
    const folder = folderOf(into);
    for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8] as const) {
      await writePhoto(sample, join(folder, `${orientation}.jpg`), {
        orientation,
        side: 1280,
        salt: orientation,
      });
    }
    for (const format of ['png', 'webp', 'tiff'] as const) {
      await sharp(join(folder, '6.jpg'))
        .modulate({ brightness: 1.2 })
        .withMetadata({ orientation: 6 })
        .toFormat(format)
        .toFile(join(folder, `6.${format}`));
    }
    const app = await openApp(join(home, `${into}.kith`));
    try {
      await app.call('folder.group', { path: folder });
      for (const { id, name } of (await app.call('photos.list', { limit: 200 })).items) {
        const box = { x: 0.02, y: 0.7, width: 0.11, height: 0.21 } as UnitBox;
        await app.call('faces.draw', { photo: id, box });
        const { faces } = await app.call('photos.get', { id });
        for (const [at, face] of faces.entries()) {
          await app.call('name', { faces: [face.id], name: `${name} ${at}` });
        }
      }
      const done = await app.call('metadata.write', { path: folder, into });
      expect(done.failed).toEqual([]);
      written[into] = await namesIn(app, folder);
    } finally {
      await app.close();
    }
  }
}, 300_000);

afterAll(async () => {
  if (home) await rm(home, { recursive: true });
});

describe.skipIf(!HAS_PERL)('names that Kith wrote (needs perl)', () => {
  it.each(['sidecar', 'file'] as const)(
    'come back from a %s into a new library, each on its face',
    async (into) => {
      const folder = folderOf(into);
      const library = join(home, `${into} again.kith`);
      const words = [folder, '--library', library, '--json', '--detector', 'ssd', '--encoder', 'dlib'];
      const dry = await kith(['metadata', 'read', ...words, '--dry-run']);
      expect(dry.status, dry.stderr).toBe(0);
      const planned = NamesTaken.parse(JSON.parse(dry.stdout));
      const end =
        into === 'sidecar'
          ? await kith(['metadata', 'read', ...words])
          : await kith(['group', ...words, '--names-from-metadata']);
      expect(end.status, end.stderr).toBe(0);
      const said = JSON.parse(end.stdout) as { names?: unknown };
      const taken = NamesTaken.parse(said.names ?? said);
      expect(taken).toMatchObject({ contradictions: [], unplaced: [], misplaced: [] });
      expect(taken).toEqual({ ...planned, entry: taken.entry });

      const app = await openApp(library);
      try {
        const read = await namesIn(app, folder);
        expect([...read.keys()].sort()).toEqual([...written[into].keys()].sort());
        let faces = 0;
        for (const [photo, wanted] of written[into]) {
          const found = read.get(photo)!;
          expect(found.map(({ name }) => name)).toEqual(wanted.map(({ name }) => name));
          for (const [at, { box }] of found.entries()) {
            expect(iou(box, wanted[at]!.box), `${photo} ${at}`).toBeGreaterThanOrEqual(RIGHT_PLACE);
            faces++;
          }
        }
        expect(faces).toBe(taken.faces);
        // An undo withdraws the faces that were drawn; they come back, and are not drawn twice.
        const count = async () => (await app.call('library.overview', {})).faces;
        const all = await count();
        await app.call('journal.undo', {});
        expect(await count()).toBe(all - taken.drawn);
        expect(taken.drawn).toBeGreaterThan(0);
        await app.call('folder.names', { path: folder });
        expect(await count()).toBe(all);
        expect(await namesIn(app, folder)).toEqual(read);
        expect(faces).toBeGreaterThanOrEqual(11 * 4);
      } finally {
        await app.close();
      }
    },
  );
});
