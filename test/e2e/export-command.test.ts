import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesOf, listedIn } from '../fixtures/exports.ts';
import { openApp } from './app.ts';
import { copySamples, ended, kith, scratch, start } from './cli.ts';

// `kith export`, as a script would use it.

let place: Awaited<ReturnType<typeof scratch>>;
let library: string;

beforeAll(async () => {
  place = await scratch();
  library = join(place.folder, 'library.kith');
  const photos = join(place.folder, 'photos');
  mkdirSync(photos);
  await copySamples(photos);
  const models = ['--detector', 'ssd', '--encoder', 'dlib'];
  expect((await kith(['group', photos, '--library', library, ...models])).status).toBe(0);
  const app = await openApp(library);
  const { items } = await app.call('photos.list', {});
  for (const [at, { id }] of items.entries()) {
    const { faces } = await app.call('photos.get', { id });
    await app.call('name', { faces: [faces[0]!.id], name: `Person ${at}` });
  }
  await app.close();
}, 120_000);
afterAll(() => place.remove());

const run = (name: string, ...words: string[]) =>
  kith(['export', join(place.folder, name), '--library', library, ...words]);

describe('kith export', () => {
  it('writes the faces of everybody with a name, by preset, format and pattern', async () => {
    const to = join(place.folder, 'faces');
    const { status, stdout } = await run(
      'faces',
      ...['--preset', 'passport', '--format', 'webp', '--pattern', '{person}_{number}', '--contact-sheet'],
    );
    expect(stdout).toContain(to);
    expect(status).toBe(0);
    expect(readdirSync(to).filter((name) => name.startsWith('Person'))).toHaveLength(6);
    expect(readdirSync(join(to, 'Person 0'))).toContain('contact sheet.pdf');
    const { width, height, format } = await sharp(join(to, 'Person 0', 'Person 0_1.webp')).metadata();
    expect({ width, height, format }).toEqual({ width: 413, height: 531, format: 'webp' });
  }, 60_000);

  it('hands out what Kith knows, instead of pictures', async () => {
    const { status, stdout } = await run('record', '--format', 'jsonl');
    expect(stdout).toContain('6 people and ');
    expect(status).toBe(0);
    const lines = (name: string) =>
      readFileSync(join(place.folder, 'record', name), 'utf8')
        .trimEnd()
        .split('\n');
    expect(lines('people.jsonl')).toHaveLength(6);
    const faces = lines('faces.jsonl').map((line) => JSON.parse(line));
    expect(faces.filter(({ label }) => label?.by === 'hand').map(({ label }) => label.name)).toContain(
      'Person 3',
    );
    const [header] = lines('embeddings.npy');
    expect(header).toContain(`'shape': (${lines('embeddings.jsonl').length}, 128)`);
  }, 60_000);

  it('writes only some, tells how many were left out, and answers programs in JSON', async () => {
    const some = await run('some', '--people', 'person 1, Person 2', '--json');
    expect(JSON.parse(some.stdout)).toMatchObject({ files: 2, left: 0, cancelled: false });
    const few = await run('few', '--min-size', '5000');
    expect(few.stdout).toMatch(/6 faces left out: too small/);
    const none = await run('none', '--people', 'Nobody');
    expect(none).toMatchObject({ status: 2, stdout: '' });
    expect(none.stderr).toContain('"Nobody"');
    expect(existsSync(join(place.folder, 'none'))).toBe(false);
  }, 60_000);

  it('hides everybody but one, and makes a training set', async () => {
    const hidden = await run('private', '--privacy', 'Person 1');
    expect(hidden.stdout).toMatch(/1 photo written.*\d faces hidden/);
    expect(filesOf(join(place.folder, 'private'))).toHaveLength(1);
    const set = await run('set', '--training-set', '1/1/1', '--preset', 'aligned-112', '--groups');
    expect(set.status).toBe(0);
    const sets = readdirSync(join(place.folder, 'set')).filter((name) => !/^\.|manifest/.test(name));
    expect(sets.every((name) => ['train', 'val', 'test'].includes(name))).toBe(true);
    expect(sets.length).toBeGreaterThan(1);
  }, 60_000);

  it.each([
    { words: ['--preset', 'round'], says: /round.*padded/ },
    { words: ['--size', '9'], says: /from 64 to 2048/ },
    { words: ['--pattern', '{who}'], says: /\{person\}/ },
    { words: ['--training-set', 'half'], says: /80\/10\/10/ },
    { words: ['--people', ','], says: /commas/ },
    { words: ['--size', '100.5'], says: /whole number/ },
    // What would write more than is asked for.
    { words: ['--format', 'jsonl', '--people', 'Person 1'], says: /--people .*--format jsonl/ },
    { words: ['--format', 'csv', '--confirmed'], says: /--confirmed .*--format csv/ },
    { words: ['--privacy', 'Person 1', '--people', 'Person 2'], says: /--privacy .*--people/ },
    { words: ['--privacy', 'Person 1', '--format', 'png'], says: /--privacy .*--format/ },
    { words: ['--training-set', '--contact-sheet'], says: /--training-set .*--contact-sheet/ },
  ])('ends with 2 and says why, for $words', async ({ words, says }) => {
    const { status, stderr } = await run('wrong', ...words);
    expect(status).toBe(2);
    expect(stderr).toMatch(says);
    expect(existsSync(join(place.folder, 'wrong'))).toBe(false);
  });

  it('says that nobody has a name, where nobody has', async () => {
    const nameless = join(place.folder, 'nameless.kith');
    await (await openApp(nameless)).close();
    const { status, stderr } = await kith(['export', join(place.folder, 'none'), '--library', nameless]);
    expect(stderr).toContain('Nobody has a name yet');
    expect(status).toBe(2);
  });

  it('names the photos that could not be had', async () => {
    const photo = join(place.folder, 'photos', 'sample1.jpg');
    renameSync(photo, `${photo}.away`);
    const [faces, hidden] = [await run('lacking'), await run('lacking private', '--privacy', 'Person 0')];
    renameSync(`${photo}.away`, photo);
    expect(faces.stdout).toContain('1 face from small pictures');
    expect(faces.stderr).toContain(photo);
    expect(faces.status).toBe(1);
    expect(hidden.status === 1).toBe(hidden.stderr.includes(photo));
  }, 60_000);

  it('ends at Ctrl-C after the file in hand, with whole files alone', async () => {
    const to = join(place.folder, 'stopped');
    const child = start([
      'export',
      to,
      '--library',
      library,
      '--groups',
      '--preset',
      'passport',
      '--format',
      'png',
    ]);
    const end = ended(child);
    while (!existsSync(join(to, '.kith-export', 'files'))) await wait(5);
    child.kill('SIGINT');
    const { status, stdout, stderr } = await end;
    expect(stderr).toContain('Ctrl-C again');
    expect(stdout).toContain('Stopped.');
    expect(status).toBe(1);
    expect(listedIn(to)).toEqual(filesOf(to));
    for (const file of filesOf(to))
      expect((await sharp(readFileSync(join(to, file))).metadata()).width).toBe(413);
  }, 60_000);
});
