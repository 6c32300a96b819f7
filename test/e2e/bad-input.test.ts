import { spawnSync } from 'node:child_process';
import {
  chmod,
  copyFile,
  cp,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureBundled } from '../../models/make.ts';
import { openStore } from '../../models/store.ts';
import { samples } from '../golden/models-reference.ts';
import { copySamples, ended, entry, group, kith, scratch, start } from './cli.ts';

const sample = samples[0]!;

let place: Awaited<ReturnType<typeof scratch>>;
let number = 0;
let photos: string;
let library: string;

beforeAll(async () => {
  place = await scratch();
  await ensureBundled();
});
afterAll(() => place.remove());
beforeEach(async () => {
  number += 1;
  photos = join(place.folder, `photos-${number}`);
  library = join(place.folder, `${number}.kith`);
  await mkdir(photos);
});

/** The record is whole: SQLite finds nothing wrong in it, and Kith can go on with it. */
async function expectWholeRecord(): Promise<void> {
  const database = new DatabaseSync(library, { readOnly: true });
  const [row] = database.prepare('PRAGMA integrity_check').all();
  const broken = database.prepare('PRAGMA foreign_key_check').all();
  database.close();
  expect(row).toEqual({ integrity_check: 'ok' });
  expect(broken).toEqual([]);
}

const drawn = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#678' } });

describe('a folder that can not be grouped', () => {
  it.each([
    { what: 'no such folder', name: 'nowhere', says: /no such folder: .*nowhere/ },
    { what: 'a file instead of a folder', name: 'file.jpg', says: /a file, not a folder: .*file\.jpg/ },
  ])('$what ends with 2 and a sentence that names it', async ({ name, says }) => {
    await copyFile(sample.path, join(photos, 'file.jpg'));
    const { status, stdout, stderr } = await kith([
      'group',
      join(photos, name),
      '--library',
      library,
      '--json',
    ]);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(says);
    expect(stderr.trimEnd()).toMatch(/\.$/);
  });

  it('an empty one gives an empty answer, and a sentence that names it', async () => {
    const { status, result } = await group(photos, library);
    expect(status).toBe(0);
    expect(result).toMatchObject({ photos: [], groups: [] });
    expect((await kith(['group', photos, '--library', library])).stdout).toContain(`No photos in ${photos}`);
    await expectWholeRecord();
  });
});

// Root may read everything, so as root the test becomes nobody; that fails where nobody may enter the project.
const root = process.getuid?.() === 0;
const nobody = root ? { uid: 65_534, gid: 65_534 } : {};
const canStart =
  process.platform !== 'win32' &&
  spawnSync(process.execPath, ['-e', `require('fs').accessSync(${JSON.stringify(entry)})`], nobody).status ===
    0;

describe.skipIf(!canStart)('without permission', () => {
  let surroundings: { uid?: number; gid?: number; env: NodeJS.ProcessEnv };
  let own: string;

  beforeEach(async () => {
    own = join(place.folder, `own-${number}`);
    await cp(photos, own, { recursive: true });
    const models = join(own, 'models');
    await mkdir(models);
    for (const { path } of await openStore().status()) {
      if (path !== null) await copyFile(path, join(models, basename(path)));
    }
    for (const folder of [place.folder, own, models, photos]) await chmod(folder, 0o777);
    surroundings = {
      ...nobody,
      env: { KITH_MODELS_DIR: models, HOME: own, XDG_CACHE_HOME: join(own, 'cache') },
    };
  });

  it('to list the folder: ends with 2 and names it', async () => {
    await chmod(photos, 0o000);
    const words = ['group', photos, '--library', join(own, 'a.kith'), '--json'];
    const { status, stderr } = await kith(words, surroundings);
    await chmod(photos, 0o777);
    expect(status).toBe(2);
    expect(stderr).toContain(`This folder may not be read: ${photos}.`);
  });

  it('to read a photo and a subfolder: does the rest, ends with 1 and names both', async () => {
    await copySamples(photos, [1, 2]);
    await mkdir(join(photos, 'private'));
    await chmod(join(photos, 'private'), 0o000);
    await chmod(join(photos, 'sample2.jpg'), 0o000);
    const words = ['group', photos, '--library', join(own, 'a.kith')];
    const { status, stdout, stderr } = await kith(words, surroundings);
    await chmod(join(photos, 'private'), 0o700);
    expect(stderr).toBe('');
    expect(status).toBe(1);
    expect(stdout).toContain('2 photos, 3 faces');
    expect(stdout).toContain('sample2.jpg: Kith may not read it');
    expect(stdout).toContain('private: Kith may not enter it');
  });

  it('to write the library: ends with 2 and names it', async () => {
    await copySamples(photos, [1]);
    const locked = join(own, 'locked');
    await mkdir(locked, { mode: 0o555 });
    const file = join(locked, 'a.kith');
    const { status, stderr } = await kith(['group', photos, '--library', file], surroundings);
    expect(status).toBe(2);
    expect(stderr).toContain(`The library can't be written: ${file}`);
  });
});

describe('files that give no photo', () => {
  it('are each named with a reason; the others are done, and the status is 1', async () => {
    const whole = await readFile(sample.path);
    await copyFile(sample.path, join(photos, 'good.jpg'));
    await writeFile(join(photos, 'empty.jpg'), '');
    await writeFile(join(photos, 'text.jpg'), 'Dear diary, this is no photo.\n');
    await writeFile(join(photos, 'cut.jpg'), whole.subarray(0, whole.length / 2));
    const { status, result, stderr } = await group(photos, library);
    expect(status).toBe(1);
    expect(stderr).toBe('');
    const reasons = Object.fromEntries(result.photos.map(({ path, reason }) => [path, reason]));
    expect(reasons).toEqual({
      'good.jpg': undefined,
      'empty.jpg': 'empty-file',
      'text.jpg': 'not-an-image',
      'cut.jpg': 'truncated',
    });
    const { status: again, stdout } = await kith(['group', photos, '--library', library]);
    expect(again).toBe(1);
    expect(stdout).toMatch(/3 files could not be read:/);
    for (const name of ['empty', 'text', 'cut']) expect(stdout).toMatch(new RegExp(`  ${name}\\.jpg: .+\\.`));
    await expectWholeRecord();
  });

  it.each([
    { name: 'empty.jpg', bytes: '', says: /empty/ },
    { name: 'text.jpg', bytes: 'no photo', says: /no picture/ },
  ])('$name alone, for kith detect: status 1 and a sentence', async ({ name, bytes, says }) => {
    const file = join(photos, name);
    await writeFile(file, bytes);
    const { status, stdout, stderr } = await kith(['detect', file, '--json']);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(file);
    expect(stderr).toMatch(says);
  });

  it('a photo that is not there, for kith detect: status 2 and a sentence that names it', async () => {
    const file = join(photos, 'gone.jpg');
    expect(await kith(['detect', file])).toMatchObject({
      status: 2,
      stderr: `There is no such file: ${file}. Check the path.\n`,
    });
  });

  it('a photo deleted while it is being read: the rest is done, and the next run is whole', async () => {
    await copySamples(photos);
    const child = start(['group', photos, '--library', library, '--json']);
    const ending = ended(child);
    await new Promise((resolve) => setTimeout(resolve, 900));
    await rm(join(photos, 'sample6.jpg'));
    const { status, stdout } = await ending;
    const { photos: found } = JSON.parse(stdout);
    for (const photo of found) {
      if (photo.path !== 'sample6.jpg') expect(photo.status).toBe('done');
      else if (photo.status === 'unreadable') expect(photo.reason).toBe('vanished');
    }
    expect([0, 1]).toContain(status);
    const { result, status: again } = await group(photos, library);
    expect(again).toBe(0);
    expect(result.photos).toHaveLength(5);
    await expectWholeRecord();
  });
});

describe('photos that are odd but right', () => {
  it('a JPEG named .png, a 1×1 image and a 12,000 px panorama are done', async () => {
    await copyFile(sample.path, join(photos, 'really-a-jpeg.png'));
    await drawn(1, 1).png().toFile(join(photos, 'dot.png'));
    const face = await sharp(sample.path).resize(1500, 1000).toBuffer();
    await drawn(12_000, 1000)
      .composite([{ input: face, left: 6000, top: 0 }])
      .jpeg()
      .toFile(join(photos, 'panorama.jpg'));
    const { status, result } = await group(photos, library);
    expect(status).toBe(0);
    const faces = Object.fromEntries(result.photos.map((photo) => [photo.path, photo.faces.length]));
    expect(faces).toMatchObject({ 'really-a-jpeg.png': 3, 'dot.png': 0 });
    expect(result.photos.find(({ path }) => path === 'panorama.jpg')).toMatchObject({
      width: 12_000,
      height: 1000,
    });
    expect(result.photos.find(({ path }) => path === 'dot.png')).toMatchObject({ width: 1, height: 1 });
  });

  it('no faces at all is an answer, not an error', async () => {
    await drawn(800, 600).jpeg().toFile(join(photos, 'wall.jpg'));
    const { status, stdout } = await kith(['group', photos, '--library', library]);
    expect(status).toBe(0);
    expect(stdout).toContain('1 photo, 0 faces');
    await expectWholeRecord();
  });

  it('names with emoji, quotes and newlines work, in the answer and in the files that are written', async () => {
    const names = ['party 🎉.jpg', `"quoted" 'twice'.jpg`, 'two\nlines.jpg'];
    for (const [index, name] of names.entries()) {
      await copyFile(samples[index]!.path, join(photos, name));
    }
    const crops = join(place.folder, `crops-${number}`);
    const annotated = join(place.folder, `annotated-${number}`);
    const { status, result } = await group(photos, library, '--crops', crops, '--annotate', annotated);
    expect(status).toBe(0);
    expect(result.photos.map(({ path }) => path).sort()).toEqual(names.sort());
    const files = [
      ...(await readdir(crops, { recursive: true })),
      ...(await readdir(annotated, { recursive: true })),
    ];
    expect(files.filter((file) => file.endsWith('.jpg'))).toHaveLength(9 + 3);
    for (const file of files) expect(basename(file)).toMatch(/^[\w .-]+$/);
    const { stdout } = await kith(['group', photos, '--library', library]);
    expect(stdout).toContain('3 photos, 9 faces');
  });

  it('a loop of links ends', async () => {
    await mkdir(join(photos, 'deep'));
    await copySamples(join(photos, 'deep'), [1]);
    await symlink(photos, join(photos, 'deep', 'up'));
    await symlink(join(photos, 'deep', 'round'), join(photos, 'deep', 'round'));
    const { result } = await group(photos, library);
    expect(result.photos.map(({ path }) => path)).toEqual(['deep/sample1.jpg']);
  });
});

describe('a library that can not be used', () => {
  it('that is no library is named and left as it is', async () => {
    await copySamples(photos, [1]);
    await writeFile(library, 'Dear diary, this is no library.\n');
    const { status, stderr } = await kith(['group', photos, '--library', library]);
    expect(status).toBe(2);
    expect(stderr).toContain(`not a library of Kith's: ${library}`);
    expect(await readFile(library, 'utf8')).toBe('Dear diary, this is no library.\n');
  });

  it('that is another program’s database is named and left as it is', async () => {
    await copySamples(photos, [1]);
    const database = new DatabaseSync(library);
    database.exec('CREATE TABLE recipes (name TEXT)');
    database.close();
    const before = await readFile(library);
    const { status, stderr } = await kith(['group', photos, '--library', library]);
    expect(status).toBe(2);
    expect(stderr).toContain(library);
    expect(await readFile(library)).toEqual(before);
  });

  it('from a newer version is named and left as it is', async () => {
    await copySamples(photos, [1]);
    await group(photos, library);
    const database = new DatabaseSync(library);
    database.exec('PRAGMA user_version = 9999');
    database.close();
    const before = await readFile(library);
    const { status, stderr } = await kith(['group', photos, '--library', library]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/written by a newer Kith: .*9999/);
    expect(stderr).toContain(library);
    expect(await readFile(library)).toEqual(before);
  });
});

/** A shell in which a file system of two megabytes may be mounted; none where that is not allowed. */
const mounting = ['--map-root-user', '--mount', 'sh', '-c'];
const canMount = spawnSync('unshare', [...mounting, 'mount -t tmpfs tmpfs /mnt']).status === 0;

describe.skipIf(!canMount)('a full disk', () => {
  it('ends with 2 and a sentence; with room again, the record goes on whole', {
    timeout: 120_000,
  }, async () => {
    await copySamples(photos);
    const disk = join(place.folder, 'disk');
    await mkdir(disk);
    const script = `
      mount -t tmpfs -o size=2m tmpfs "$1" || exit 99
      head -c 1800000 /dev/zero > "$1/filler"
      "$2" "$3" group "$4" --library "$1/a.kith" --json; echo "status $?" >&2
      rm "$1/filler"
      "$2" "$3" group "$4" --library "$1/a.kith" --json; echo "status $?" >&2
      cp "$1/a.kith" "$5"`;
    const words = ['kith', disk, process.execPath, entry, photos, library];
    const { stdout, stderr } = spawnSync('unshare', [...mounting, script, ...words], { encoding: 'utf8' });
    expect(stderr).toMatch(/^The disk is full: .*a\.kith.*\nstatus 2\nstatus 0\n$/);
    const { photos: found } = JSON.parse(stdout);
    expect(found.flatMap(({ faces }: { faces: unknown[] }) => faces)).toHaveLength(22);
    expect((await stat(library)).size).toBeGreaterThan(0);
    await expectWholeRecord();
  });
});
