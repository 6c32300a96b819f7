import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DetectorId, FaceId } from '../../electron/contract/ids.ts';
import { openLibrary } from '../../electron/library/open.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { sixPhotos } from '../fixtures/sample-faces.ts';
import { scanAll } from '../fixtures/scan.ts';

// Real photos, real networks, a real SQLite file: another detector looks at everything anew.

let home: string;
let libraryFile: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'kith-names-'));
  libraryFile = join(home, 'library.kith');
});
afterAll(() => rm(home, { recursive: true }));

/** Opens the application with a detector, scans the sample photos, and does something. */
async function withDetector<T>(
  detector: DetectorId,
  work: (app: Awaited<ReturnType<typeof createApp>>) => Promise<T>,
): Promise<T> {
  const app = await createApp({ libraryFile, detector, encoder: 'dlib' });
  try {
    await scanAll(app, await sixPhotos(home));
    return await work(app);
  } finally {
    await app.close();
  }
}

/** What a hand has said, and which faces have a vector by which Kith goes by it. */
function said() {
  const library = openLibrary(libraryFile);
  try {
    return {
      labels: library.labels.all().filter(({ by }) => by !== 'sure'),
      refusals: library.labels.refusals(),
      faces: new Set(library.embeddings.all('dlib').faceIds),
    };
  } finally {
    library.close();
  }
}

it('keeps names, verdicts and refusals when Haar’s cascade looks instead of SSD, and when SSD looks again', async () => {
  const unseen = await withDetector('ssd', async (app) => {
    const [group] = (await app.call('groups.list', {})).items;
    await app.call('name', { groups: [group!.id], name: 'Anna' });
    const { items } = await app.call('groups.alone', {});
    const faces = items.map(({ id }) => id);
    expect(faces.length).toBeGreaterThan(6);
    // Every face is spoken of, so that those that Haar does not see are among them.
    for (const [at, id] of faces.slice(3).entries())
      await app.call('name', { faces: [id], name: `Person ${at}` });
    await app.call('faces.mark', { faces: faces.slice(0, 1), as: 'ignored' });
    const [anna] = await app.call('people.search', { text: 'Anna' });
    await app.call('faces.refuse', { faces: faces.slice(1, 3), person: anna!.id });
    return faces.slice(1, 3);
  });
  const before = said();
  expect(before.labels.length).toBeGreaterThan(15);
  expect(before.refusals.map(({ face }) => face)).toEqual(unseen.toSorted((a, b) => a - b));
  for (const detector of ['haar', 'ssd'] as const) {
    await withDetector(detector, async (app) => {
      // The photos were looked at anew.
      const { items } = await app.call('photos.list', {});
      const photos = await Promise.all(items.map(({ id }) => app.call('photos.get', { id })));
      const ids = photos.flatMap(({ faces }) => faces.map(({ id }) => id));
      for (const { face } of before.labels) expect(ids).toContain(face);
      for (const { faces } of photos) {
        const names = faces.flatMap(({ person, status }) =>
          person && status !== 'ask' ? [person.name] : [],
        );
        expect(new Set(names).size).toBe(names.length);
      }
    });
    const now = said();
    expect(now.labels).toEqual(before.labels);
    expect(now.refusals).toEqual(before.refusals);
    const lost = before.labels.filter(
      ({ face, verdict }) => verdict === 'person' && !now.faces.has(face as FaceId),
    );
    expect(lost).toEqual([]);
  }
}, 300_000);
