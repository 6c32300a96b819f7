import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Comparison, DetectedImage } from '../../electron/contract/results.ts';
import { samples } from '../golden/models-reference.ts';
import { kith, scratch } from './cli.ts';

const project = resolve(import.meta.dirname, '../..');
const [one, two] = samples;

let place: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  place = await scratch();
});
afterAll(() => place.remove());

describe('kith without work', () => {
  it('prints help with examples and every command, and ends with 0', async () => {
    const { status, stdout, stderr } = await kith(['--help']);
    expect(status).toBe(0);
    expect(stderr).toBe('');
    for (const word of ['group', 'detect', 'compare', 'models', 'Examples:', 'Exit status']) {
      expect(stdout).toContain(word);
    }
  });

  it.each(['group', 'detect', 'compare', 'models'])('explains %s', async (command) => {
    const asked = await kith(['help', command]);
    expect(asked.status).toBe(0);
    expect(asked.stdout).toContain('--json');
    expect((await kith([command, '--help'])).stdout).toBe(asked.stdout);
  });

  it('prints its version', async () => {
    expect(await kith(['--version'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  it.each([
    { words: [], says: /Usage: kith/ },
    { words: ['grup'], says: /unknown command 'grup'/ },
    { words: ['group'], says: /missing required argument 'folder'/ },
    { words: ['group', 'a', 'b'], says: /too many arguments/ },
    { words: ['group', '.', '--detector', 'eyes'], says: /eyes.*haar, ssd, yunet/ },
    { words: ['group', '.', '--encoder', 'nose'], says: /nose.*dlib/ },
    { words: ['detect', 'a.jpg', '--fast'], says: /unknown option '--fast'/ },
    { words: ['compare', 'a.jpg'], says: /two photos, or --pairs/ },
    { words: ['compare', '--pairs', 'list.txt'], says: /--root/ },
  ])('ends with 2 and says why, for $words', async ({ words, says }) => {
    const { status, stdout, stderr } = await kith(words);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(says);
  });
});

describe('kith detect', () => {
  it('gives the faces of one photo as JSON alone', async () => {
    const { status, stdout } = await kith(['detect', one!.path, '--json']);
    expect(status).toBe(0);
    const found = DetectedImage.parse(JSON.parse(stdout));
    expect(found).toMatchObject({ width: 1920, height: 1280, detector: 'ssd' });
    expect(found.faces).toHaveLength(one!.people);
  });

  it('does the classic exercise with a Haar cascade: rectangles, crops, an annotated picture', async () => {
    const crops = join(place.folder, 'haar crops');
    const annotated = join(place.folder, 'haar.png');
    const words = [
      'detect',
      one!.path,
      '--detector',
      'haar',
      '--crops',
      crops,
      '--annotate',
      annotated,
      '--json',
    ];
    const { status, stdout } = await kith(words);
    expect(status).toBe(0);
    const { faces } = DetectedImage.parse(JSON.parse(stdout));
    expect(faces.length).toBeGreaterThan(0);
    expect((await readdir(crops)).sort()).toEqual([
      '.kith-export',
      'manifest.csv',
      'manifest.json',
      ...faces.map((_, index) => `sample1-${index + 1}.jpg`).sort(),
    ]);
    expect(await sharp(annotated).metadata()).toMatchObject({ format: 'png', width: 1920, height: 1280 });
  });

  it('resolves paths from where the person stands', async () => {
    await sharp(one!.path).toFile(join(place.folder, 'here.jpg'));
    const { status, stdout } = await kith(['detect', 'here.jpg'], { cwd: place.folder });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^3 faces in /);
    const throughNpm = { npm_lifecycle_event: 'kith', INIT_CWD: place.folder };
    expect((await kith(['detect', 'here.jpg'], { cwd: project, env: throughNpm })).status).toBe(0);
  });

  it('says that YuNet is not installed, and how to get it', async () => {
    const elsewhere = { KITH_MODELS_DIR: place.folder };
    const { status, stderr } = await kith(['detect', one!.path, '--detector', 'yunet'], { env: elsewhere });
    expect(status).toBe(2);
    expect(stderr).toMatch(/yunet\.onnx.*kith models get yunet/);
  });
});

describe('kith compare', () => {
  it('takes a face for itself on a smaller copy, and for somebody else beside it', async () => {
    const copy = join(place.folder, 'copy.jpg');
    await sharp(one!.path).resize(1200).jpeg({ quality: 80 }).toFile(copy);
    const same = Comparison.parse(JSON.parse((await kith(['compare', one!.path, copy, '--json'])).stdout));
    expect(same).toMatchObject({ same: true, encoder: 'dlib' });
    expect(same.probability).toBeGreaterThan(0.95);
    const other = Comparison.parse(
      JSON.parse((await kith(['compare', one!.path, two!.path, '--json'])).stdout),
    );
    expect(other.same).toBe(false);
    expect(other.distance).toBeGreaterThan(other.threshold!);
  });

  it('names the photo on which there is no face', async () => {
    const wall = join(place.folder, 'wall.jpg');
    await sharp({ create: { width: 640, height: 480, channels: 3, background: '#a87' } }).toFile(wall);
    const { status, stdout, stderr } = await kith(['compare', one!.path, wall, '--json']);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(`No face was found: ${wall}`);
  });

  it('names the line of a list of pairs that it does not understand', async () => {
    const list = join(place.folder, 'pairs.txt');
    await writeFile(list, '1\t1\nAda\t1\t2\nAda\tone\tBob\t2\n');
    const { status, stderr } = await kith(['compare', '--pairs', list, '--root', place.folder]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/Line 3/);
  });
});

describe('A library whose path was mistyped', () => {
  it.each(['people', 'journal', 'undo', 'regroup --dry-run', 'learn', 'learn --forget', 'backup', 'doctor'])(
    'is said not to be there, and not made, by %s',
    async (words) => {
      const library = join(place.folder, 'mistyped', 'library.kith');
      const { status, stderr } = await kith([...words.split(' '), '--library', library]);
      expect(status).toBe(2);
      expect(stderr).toContain(`There is no such file: ${library}. Check the path.`);
      expect(existsSync(join(place.folder, 'mistyped'))).toBe(false);
    },
  );
});

describe('kith tag', () => {
  it('counts a face once, though copies of its photo are there', async () => {
    const photos = join(place.folder, 'copies');
    await mkdir(photos);
    for (const name of ['one.jpg', 'copy.jpg']) await copyFile(one!.path, join(photos, name));
    const examples = join(place.folder, 'copies.csv');
    await writeFile(examples, 'name,photo\nAnna,one.jpg\n');
    const library = join(place.folder, 'copies.kith');
    const { stdout } = await kith(['tag', photos, '--examples', examples, '--library', library]);
    expect(stdout).toContain(
      `0 faces named, 0 faces to be asked about, ${one!.people - 1} ${one!.people === 2 ? 'face' : 'faces'} left alone.`,
    );
    expect(stdout).toContain('Anna: 1 face\n');
  });
});

describe('kith models', () => {
  it('says what is installed, how large it is and under which licence', async () => {
    const { status, stdout } = await kith(['models', '--json']);
    expect(status).toBe(0);
    const { models } = JSON.parse(stdout);
    const ids = models.map(({ id }: { id: string }) => id);
    for (const id of ['ssd', 'dlib', 'landmarks-68', 'yunet']) expect(ids).toContain(id);
    const ssd = models.find(({ id }: { id: string }) => id === 'ssd');
    expect(ssd).toMatchObject({ state: 'installed', licence: 'MIT', bytes: expect.any(Number) });
  });
});

describe('kith under another Node', () => {
  const old = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => existsSync(path));

  it.skipIf(old === undefined)('runs all the same, under the Node 24 beside it', async () => {
    const { stdout } = await promisify(execFile)(old!, [join(project, 'build/kith.js'), '--version']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
