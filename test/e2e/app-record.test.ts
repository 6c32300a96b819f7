import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Params, RequestName } from '../../electron/contract/api.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { replyTo } from '../../electron/service/app/door.ts';
import { sixPhotos } from '../fixtures/sample-faces.ts';
import { facesOf, openOnSamples } from './app.ts';

// The record, the settings and the door itself: real SQLite, real networks, the six photos that come with a package.

let home: string;
let app: App;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'kith-app-'));
  app = await openOnSamples(join(home, 'library.kith'));
}, 120_000);
afterAll(async () => {
  await app.close();
  await rm(home, { recursive: true });
});

describe('The application', () => {
  it('knows a photo by the name and size of its file', async () => {
    const photo = await app.call('photos.get', { id: (await app.call('photos.list', {})).items[0]!.id });
    const file = { name: photo.name, bytes: photo.bytes };
    expect(await app.call('photos.find', file)).toEqual([photo.id]);
    expect(await app.call('photos.find', { ...file, bytes: photo.bytes + 1 })).toEqual([]);
    expect(await app.call('photos.find', { ...file, name: 'other.jpg' })).toEqual([]);
  });

  it('backs the record up, erases it and brings it back', async () => {
    const [group] = (await app.call('groups.list', {})).items;
    await app.call('name', { groups: [group!.id], name: 'Anna' });
    const before = await facesOf(app);
    const path = join(home, 'backup.kith');
    await app.call('library.backup', { path });
    await app.call('library.erase', { sure: true });
    expect((await app.call('library.overview', {})).faces).toBe(0);
    await app.call('library.restore', { path });
    expect(await facesOf(app)).toEqual(before);
    const nothing = { ok: false, failure: { code: 'library-not-a-library' } };
    expect(await replyTo(app, 'library.restore', { path: new URL(import.meta.url).pathname })).toMatchObject(
      nothing,
    );
    expect(await facesOf(app)).toEqual(before);
  });

  it.each<[string, unknown, RegExp]>([
    ['no.such', {}, /request of the contract/],
    ['faces.mark', { faces: [], as: 'ignored' }, /faces/],
    ['faces.mark', { faces: [1], as: 'king' }, /as/],
    ['people.list', { cursor: '../..' }, /cursor/],
    ['name', { faces: [1], name: '   ' }, /name/],
    ['review.answer', { question: 'x', answer: { kind: 'yes' } }, /question/],
    ['settings.set', { sure: 2 }, /sure/],
    ['__proto__', {}, /request of the contract/],
  ])('refuses %s %j with a reason', async (name, params, reason) => {
    const reply = await replyTo(app, name, params);
    expect(reply).toMatchObject({ ok: false, failure: { code: 'bad-request' } });
    if (!reply.ok) expect(reply.failure.detail).toMatch(reason);
  });

  it('looks around only where a person keeps photos', async () => {
    const places = await app.call('folders.browse', { path: null });
    expect(places.entries.length).toBeGreaterThan(0);
    expect(await replyTo(app, 'folders.browse', { path: '/etc' })).toMatchObject({
      failure: { code: 'folder-out-of-reach' },
    });
    expect(await replyTo(app, 'scan.start', { path: join(home, 'none') })).toMatchObject({
      failure: { code: 'folder-missing' },
    });
  });

  it('changes settings, and lists models with what is in use', async () => {
    const request: [RequestName, Params<'settings.set'>] = ['settings.set', { theme: 'dark' }];
    expect(await app.call(...(request as ['settings.set', Params<'settings.set'>]))).toMatchObject({
      theme: 'dark',
    });
    expect(await app.call('settings.get', {})).toMatchObject({ theme: 'dark', sure: 0.999 });
    const models = await app.call('models.list', {});
    expect(models.find(({ id }) => id === 'dlib')).toMatchObject({ state: 'installed', bundled: true });
    expect(models.find(({ id }) => id === 'facenet-512')!.accuracy).toMatch(/LFW/);
  });
});

it('answers all the same where the encoder in use is not calibrated, and says so before a scan', async () => {
  const libraryFile = join(home, 'uncalibrated.kith');
  const other = await createApp({ libraryFile, detector: 'ssd', encoder: 'arcface-512' });
  try {
    expect(await other.call('people.list', {})).toMatchObject({ items: [] });
    expect(await other.call('library.overview', {})).toMatchObject({ encoder: 'arcface-512', photos: 0 });
    const path = await sixPhotos(home);
    await expect(other.call('scan.start', { path })).rejects.toMatchObject({
      code: 'encoder-unmeasured',
      detail: expect.stringContaining('eval -- calibrate ssd/arcface-512'),
    });
    expect(await other.call('scan.state', {})).toBeNull();
  } finally {
    await other.close();
  }
});
