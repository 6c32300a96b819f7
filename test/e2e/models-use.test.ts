import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copySamples, kith, scratch } from './cli.ts';

const shared = process.env.KITH_SHARED;

// A person's data folder of its own: what is installed and what is chosen there is the test's.
let place: Awaited<ReturnType<typeof scratch>>;
let models: string;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  place = await scratch();
  models = join(place.folder, 'models');
  await mkdir(models);
  const { folder } = place;
  env = { KITH_MODELS_DIR: models, XDG_DATA_HOME: folder, LOCALAPPDATA: folder };
  // Where macOS keeps the models is found from there too; elsewhere they stay where they are.
  if (process.platform === 'darwin') env.HOME = folder;
});
afterEach(() => place.remove());

const run = (...words: string[]) => kith(words, { env });

async function inUse(): Promise<unknown> {
  return JSON.parse((await run('models', '--json')).stdout).inUse;
}

/** Puts something under a model's name. That it is there decides; what it is, is asked when it is loaded. */
const put = (file: string) => writeFile(join(models, file), 'weights');

describe('the detector and encoder in use', () => {
  it('are the bundled ones, and YuNet and FaceNet, this beside dlib, each as soon as it is installed', async () => {
    expect(await inUse()).toEqual({ detector: 'ssd', encoder: 'dlib' });
    await put('facenet-512.onnx');
    expect(await inUse()).toEqual({ detector: 'ssd', encoder: 'facenet-512+dlib' });
    await put('yunet.onnx');
    expect(await inUse()).toEqual({ detector: 'yunet', encoder: 'facenet-512+dlib' });
  });

  it('are what a person chose, until the person takes it back', async () => {
    await put('facenet-512.onnx');
    await put('yunet.onnx');
    const { status, stdout, stderr } = await run('models', 'use', 'dlib');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe('In use from now on: detector yunet, encoder dlib, computed with cpu.\n');
    expect((await run('models', 'use', 'haar', '--json')).stdout).toContain('"haar"');
    expect(await inUse()).toEqual({ detector: 'haar', encoder: 'dlib' });
    expect((await run('models')).stdout).toContain('In use: detector haar, encoder dlib');
    await run('models', 'use', 'default');
    expect(await inUse()).toEqual({ detector: 'yunet', encoder: 'facenet-512+dlib' });
  });

  it('compute with what a person chose; where that is not there, with the processor, and it is said once', async () => {
    await copySamples(place.folder, [1]);
    const photo = join(place.folder, 'sample1.jpg');
    // The bundled models are in their usual place.
    const usual = (...words: string[]) =>
      kith(words, { env: { XDG_DATA_HOME: place.folder, LOCALAPPDATA: place.folder } });
    const { stdout: plain, stderr: quiet } = await usual('detect', photo, '--json');
    expect(quiet).toBe('');
    expect(await usual('detect', photo, '--json', '--provider', 'cpu')).toMatchObject({
      stdout: plain,
      stderr: '',
    });
    // No package has both: DirectML is Windows', Core ML is the Mac's.
    const absent = process.platform === 'win32' ? 'coreml' : 'dml';
    expect((await usual('models', 'use', absent)).stdout).toContain(
      `computed with ${absent} as soon as Kith starts anew.`,
    );
    const without = await usual('detect', photo, '--json');
    expect(without).toMatchObject({ status: 0, stdout: plain });
    const sentence = `${absent} can’t be used on this machine, so the processor computes. Install what it needs, or choose another by "kith models use". (`;
    expect(without.stderr.startsWith(sentence)).toBe(true);
    expect(without.stderr.trimEnd().split('\n')).toHaveLength(1);
    // What may be there or not is no news.
    await usual('models', 'use', 'auto');
    expect((await usual('detect', photo, '--json')).stderr).not.toContain('can’t be used');
    await usual('models', 'use', 'default');
    expect(await usual('detect', photo, '--json')).toMatchObject({ stdout: plain, stderr: '' });
  });

  it.skipIf(!shared)('are no longer a model that was removed (KITH_SHARED)', async () => {
    await copyFile(join(shared!, 'models/yunet.onnx'), join(models, 'yunet.onnx'));
    await run('models', 'use', 'yunet');
    await run('models', 'use', 'dlib');
    await run('models', 'remove', 'yunet');
    expect(await inUse()).toEqual({ detector: 'ssd', encoder: 'dlib' });
  });

  it.each([
    { words: ['facenet'], says: /not there: FaceNet.*kith models get facenet-512.*kith models import/ },
    { words: ['yunet'], says: /not there: YuNet.*kith models get yunet/ },
    {
      words: ['landmarks-68'],
      says: /Expected an encoder \(dlib, facenet-512, facenet-128, arcface-512, sface-128, auraface-512, custom, facenet-512\+dlib, or two that you joined\), a detector/,
    },
    { words: ['nose'], says: /Expected an encoder/ },
    { words: [], says: /missing required argument/ },
  ])('ends with 2 and says why, for $words', async ({ words, says }) => {
    const { status, stdout, stderr } = await run('models', 'use', ...words);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(says);
    expect(await inUse()).toEqual({ detector: 'ssd', encoder: 'dlib' });
  });

  it.skipIf(process.platform !== 'linux')('name the settings file when that is damaged', async () => {
    const settings = join(place.folder, 'kith', 'settings.json');
    await run('models', 'use', 'dlib');
    expect(JSON.parse(await readFile(settings, 'utf8'))).toEqual({ encoder: 'dlib' });
    await writeFile(settings, '{"encoder": "nose"}');
    const { status, stderr } = await run('models');
    expect(status).toBe(2);
    expect(stderr).toContain(settings);
  });
});

describe('without FaceNet', () => {
  const said = /FaceNet would .*"kith models get recommended" .*about 94 MB.*"kith models import"/;

  it('kith group works, and ends with one line that says what FaceNet would add and how to get it', async () => {
    const photos = join(place.folder, 'photos');
    await mkdir(photos);
    await copySamples(photos, [1]);
    const words = ['group', photos, '--library', join(place.folder, 'library.kith')];
    const { status, stdout, stderr } = await run(...words);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.at(-1)).toMatch(said);
    expect(lines.filter((line) => line.includes('FaceNet'))).toHaveLength(1);
    const json = await run(...words, '--json');
    expect(json.stdout + json.stderr).not.toContain('FaceNet');
    await put('facenet-512.onnx');
    expect((await run(...words, '--encoder', 'dlib')).stdout).not.toContain('FaceNet');
  });
});
