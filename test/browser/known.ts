import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import type { FaceId } from '../../electron/contract/ids.ts';
import { sixPhotos } from '../fixtures/sample-faces.ts';
import { makeAlbum, scan } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

/** A library in which some people are known already, to look at every screen. */
export interface Known {
  kith: Kith;
  /** Who has the most faces to check. */
  person: number;
  /** Nobody's yet. */
  group: number;
  photo: number;
  /** Two faces of one person. */
  pair: [FaceId, FaceId];
}

const NAMES = ['Anna', 'Bella', 'Clara', 'Dora', 'Elena', 'Fay'];

/** The sample photos first, so that ids are the same every time, then the album made of them. */
async function getToKnow(folder: string): Promise<Known> {
  const kith = await openKith(await settle(folder));
  const wire = await kith.wire();
  await scan(wire, await sixPhotos(folder));
  const album = await makeAlbum(join(folder, 'photos', 'Team days'));
  await writeFile(join(album, 'broken.jpg'), 'not a photo');
  await scan(wire, album);
  for (const name of NAMES) {
    const [group] = (await wire.call('groups.list', {})).items;
    await wire.call('name', { groups: [group!.id], name });
  }
  await wire.call('library.backup', { path: null });
  const people = (await wire.call('people.list', {})).items;
  const [group] = (await wire.call('groups.list', {})).items;
  const asked = people.reduce((most, person) => (person.ask > most.ask ? person : most));
  if (asked.ask === 0) throw new Error('Expected faces to check but there are none');
  const faces = (await wire.call('people.faces', { id: asked.id, status: 'confirmed' })).items;
  wire.socket.close();
  return {
    kith,
    person: asked.id,
    group: group!.id,
    photo: faces[0]!.photo,
    pair: [faces[0]!.id, faces[1]!.id],
  };
}

/** Tests that only look; the library is made once for all of them. */
export const test = base.extend<object, { known: Known }>({
  known: [
    // biome-ignore lint/correctness/noEmptyPattern: what Playwright reads the fixtures from that this one wants
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'kith screens '));
      const known = await getToKnow(folder);
      await use(known);
      await known.kith.stop();
      await rm(folder, { recursive: true });
    },
    { scope: 'worker', timeout: 300_000 },
  ],
});
