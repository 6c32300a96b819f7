import { readdirSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServiceEvent } from '../../electron/contract/events.ts';
import type { UnitBox } from '../../electron/contract/geometry.ts';
import type { FaceId, GroupId } from '../../electron/contract/ids.ts';
import type { App } from '../../electron/service/app/app.ts';
import { sixPhotos } from '../fixtures/sample-faces.ts';
import { scan } from '../fixtures/scan.ts';
import { facesOf, openApp, openOnSamples } from './app.ts';

// The whole application behind its one door: real SQLite, real networks, the six photos that come with a package.

let home: string;
let app: App;
const events: ServiceEvent[] = [];
const open = () => openApp(join(home, 'library.kith'));

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'kith-app-'));
  app = await openOnSamples(join(home, 'library.kith'), (event) => events.push(event));
}, 120_000);
afterAll(async () => {
  await app.close();
  await rm(home, { recursive: true });
});

const groups = async () => (await app.call('groups.list', {})).items;
const everyFace = () => facesOf(app);

describe('The application', () => {
  it('tells of faces while it finds them, and knows afterwards how many there are', async () => {
    const found = events.flatMap((event) => (event.kind === 'found' ? event.faces : []));
    const overview = await app.call('library.overview', {});
    expect(overview).toMatchObject({
      photos: 6,
      faces: 22,
      people: 0,
      unnamed: 22,
      unreadable: 0,
      folders: 1,
    });
    expect(new Set(found).size).toBe(22);
    for (const group of await groups()) expect(group.size).toBeGreaterThan(1);
    // Two dozen pairs of people, no more alike than others: the catalog's calibration holds.
    const calibration = await app.call('calibration.get', {});
    expect(calibration).toMatchObject({ encoder: 'dlib', state: 'noise', pairs: { burst: 0, hand: 0 } });
    expect(calibration.pairs.photo).toBeGreaterThan(20);
  });

  it('draws by the scan what the crop of a face shows badly, and nothing more when it is shown', async () => {
    const rows = () => {
      const record = new DatabaseSync(join(home, 'library.kith'), { readOnly: true });
      const drawn = record.prepare('SELECT face_id, edition FROM portraits ORDER BY face_id').all();
      record.close();
      return drawn.map((row) => ({ ...row }));
    };
    const byScan = rows();
    const shown = await Promise.all(
      (await everyFace()).map(async ({ id }) => {
        const { edition, bytes } = (await app.picture('face', id))!;
        const crop = (await app.picture('crop', id))!;
        return { face_id: id, edition, isDrawn: !Buffer.from(bytes!).equals(crop.bytes!) };
      }),
    );
    const drawn = shown
      .filter(({ isDrawn }) => isDrawn)
      .map(({ face_id, edition }) => ({ face_id, edition }));
    expect(drawn.length).toBeGreaterThan(0);
    expect(byScan).toEqual(drawn.toSorted((a, b) => a.face_id - b.face_id));
    expect(rows()).toEqual(byScan);
  });

  it('names a group, brings the ledger, takes it back and gives it again', async () => {
    const [group] = await groups();
    const before = await everyFace();
    const named = await app.call('name', { groups: [group!.id], name: 'Anna' });
    if (named.kind !== 'named') throw new Error('Expected a ledger');
    expect(named.ledger).toMatchObject({ examples: group!.size, person: { name: 'Anna' } });
    // Two faces of one photo are never one person, so there is a photo for each.
    expect(named.ledger.photos).toBe(group!.size + named.ledger.sure);
    expect((await app.call('people.list', {})).items[0]).toMatchObject({
      name: 'Anna',
      confirmed: group!.size,
    });
    expect((await groups()).map(({ id }) => id)).not.toContain(group!.id);
    // The same name again is asked about first.
    const [other] = await groups();
    const target = other
      ? { groups: [other.id] }
      : { faces: [before.find(({ group: id }) => id === null)!.id] };
    expect(await app.call('name', { ...target, name: ' anna ' })).toMatchObject({ kind: 'exists' });
    const { entry } = await app.call('journal.undo', {});
    expect(entry).toMatchObject({ action: 'name', state: 'undone' });
    expect(await everyFace()).toEqual(before);
    await app.call('journal.redo', {});
    expect((await app.call('people.search', { text: 'ann' })).map(({ name }) => name)).toEqual(['Anna']);
  });

  it('says how many photos were taken in which month, in the order in which it lists them', async () => {
    const [anna] = await app.call('people.search', { text: 'Anna' });
    for (const which of [{}, { person: anna!.id }]) {
      const { items } = await app.call('photos.list', which);
      const months = await app.call('photos.months', which);
      const taken = months.flatMap(({ month, photos }) => Array.from({ length: photos }, () => month));
      expect(taken).toEqual(items.map(({ takenAt }) => takenAt?.slice(0, 7) ?? null));
      expect(new Set(months.map(({ month }) => month)).size).toBe(months.length);
    }
    const faces = await app.call('people.faces', { id: anna!.id, status: 'confirmed' });
    expect(await app.call('groups.get', { id: faces.items[0]!.group! })).toBeNull();
  });

  it('never again takes a refused face for that person, and keeps everything when it is started again', async () => {
    const [anna] = await app.call('people.search', { text: 'Anna' });
    const faces = await app.call('people.faces', { id: anna!.id, status: 'confirmed' });
    const refused = faces.items[0]!.id;
    await app.call('faces.refuse', { faces: [refused], person: anna!.id });
    const stranger = (await everyFace()).find(({ status, id }) => status === 'none' && id !== refused)!;
    await app.call('faces.mark', { faces: [stranger.id], as: 'ignored' });
    await app.close();
    app = await open();
    const after = new Map((await everyFace()).map((face) => [face.id, face]));
    expect(after.get(refused)!.person?.name).not.toBe('Anna');
    expect(after.get(stranger.id)!.status).toBe('ignored');
    expect(await scan(app, await sixPhotos(home))).toMatchObject({ phase: 'done' });
    expect((await app.call('faces.get', { ids: [refused] }))[0]!.person?.name).not.toBe('Anna');
    await app.call('journal.undo', {});
    await app.call('journal.undo', {});
    expect((await app.call('faces.get', { ids: [refused] }))[0]).toMatchObject({ status: 'confirmed' });
  });

  it('finds a face that somebody draws, shows the photo, and compares two faces', async () => {
    const [photo] = (await app.call('photos.list', {})).items;
    const { faces, next, previous } = await app.call('photos.get', { id: photo!.id });
    expect(next !== null || previous !== null).toBe(true);
    expect(await app.call('photos.shot', { id: photo!.id })).toHaveProperty('camera');
    const { x, y, width, height } = faces[0]!.box;
    const box = { x: x + 0.01, y: y + 0.01, width, height } as UnitBox;
    const drawn = await app.call('faces.draw', { photo: photo!.id, box });
    expect((await app.call('photos.get', { id: photo!.id })).faces).toHaveLength(faces.length + 1);
    const comparing = await app.call('compare.faces', { a: faces[0]!.id, b: drawn.face.id });
    expect(comparing).toMatchObject({ same: true, encoder: 'dlib' });
    expect(comparing.distribution!.genuine.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
    await app.call('journal.undo', {});
    expect((await app.call('photos.get', { id: photo!.id })).faces).toHaveLength(faces.length);
    await app.call('photos.several', { id: photo!.id, several: true });
    expect((await app.call('photos.get', { id: photo!.id })).several).toBe(true);
    await app.call('journal.undo', {});
    expect((await app.call('photos.get', { id: photo!.id })).several).toBe(false);
    const picture = await app.picture('photo', photo!.id, { size: 300 });
    const { width: wide, height: high } = await sharp(picture!.bytes!).metadata();
    expect(Math.max(wide, high)).toBe(300);
    expect((await app.picture('face', faces[0]!.id))!.type).toBe('image/jpeg');
    expect(await app.picture('photo', 9999)).toBeNull();
    expect(await app.picture('face', 9999)).toBeNull();
  }, 60_000);

  it('moves, merges, hides and regroups, each undone in one step', async () => {
    const before = await everyFace();
    const loose = before.filter(({ status }) => status === 'none').slice(0, 3);
    await app.call('groups.move', { faces: loose.map(({ id }) => id), to: null });
    const moved = await app.call('faces.get', { ids: loose.map(({ id }) => id) });
    expect(new Set(moved.map(({ group }) => group)).size).toBe(1);
    const group = moved[0]!.group as GroupId;
    expect(await app.call('groups.get', { id: group })).toEqual(
      (await groups()).find(({ id }) => id === group),
    );
    await app.call('groups.hide', { groups: [group], hidden: true });
    expect((await groups()).map(({ id }) => id)).not.toContain(group);
    expect(await app.call('groups.get', { id: group })).toMatchObject({ size: 3, hidden: true });
    expect((await app.call('groups.plan', {})).moved).toBeGreaterThan(0);
    await app.call('groups.regroup', {});
    for (let step = 0; step < 3; step++) await app.call('journal.undo', {});
    expect(await everyFace()).toEqual(before);
  });

  it('writes the crops of everybody into a folder each, at the size asked for', async () => {
    const folder = join(home, 'crops');
    const written = await app.call('export.crops', { all: true, folder, size: 200 });
    expect(written.failed).toEqual([]);
    const [anna] = await app.call('people.search', { text: 'Anna' });
    const files = readdirSync(join(folder, 'Anna'));
    expect(files).toHaveLength(anna!.confirmed + anna!.sure);
    const { width, height } = await sharp(join(folder, 'Anna', files[0]!)).metadata();
    expect(Math.max(width, height)).toBeLessThanOrEqual(200);
    rmSync(folder, { recursive: true });
  }, 60_000);
});

it('asks one question after another, never the same twice, and every answer counts', async () => {
  // Levels at which much is asked.
  await app.call('settings.set', { ask: 0.01 });
  const faces = (await everyFace()).filter(({ status }) => status === 'none');
  await app.call('name', { faces: [faces[0]!.id], name: 'Ben' });
  // Pairs of faces of different photos, so that there is something to ask.
  for (const at of [1, 3]) {
    const pair = faces.slice(at, at + 2);
    await app.call('groups.move', { faces: pair.map(({ id }) => id), to: null });
  }
  const asked = new Set<string>();
  const pairs = new Set<string>();
  const before = (await app.call('review.next', {})).progress.settled;
  for (;;) {
    const { question, progress } = await app.call('review.next', {});
    if (question === null) break;
    expect(asked.has(question.id)).toBe(false);
    asked.add(question.id);
    const kind = (['no', 'skip', 'ignore'] as const)[asked.size % 3]!;
    const people =
      question.kind === 'is' ? [question.person] : question.kind === 'either' ? question.people : [];
    for (const { id } of kind === 'no' ? people : []) {
      expect(pairs.has(`${question.face.id} ${id}`)).toBe(false);
      pairs.add(`${question.face.id} ${id}`);
    }
    const answer =
      question.kind === 'who' && kind === 'no'
        ? { kind: 'other' as const, name: `Who ${asked.size}` }
        : { kind };
    const answered = await app.call('review.answer', { question: question.id, answer });
    expect(answered.next?.id).not.toBe(question.id);
    if (answer.kind === 'ignore' || answer.kind === 'other') {
      expect(answered.progress.settled).toBeGreaterThanOrEqual(progress.settled + 1 + question.mates.length);
    }
    expect(asked.size).toBeLessThan(100);
  }
  expect(asked.size).toBeGreaterThan(0);
  expect((await app.call('review.next', {})).progress.settled).toBeGreaterThanOrEqual(before);
  const ids = [...asked].map((id) => Number(id.split(':')[0]) as FaceId);
  expect(await app.call('faces.get', { ids })).toHaveLength(ids.length);
});
