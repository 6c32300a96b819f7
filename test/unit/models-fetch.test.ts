import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { catalog, modelIds, modelNamed } from '../../models/catalog.ts';
import { type FetchOptions, fetchModel, planFetch } from '../../models/fetch.ts';
import { sha256 } from '../../models/hash.ts';
import { removeModel } from '../../models/remove.ts';
import { openStore } from '../../models/store.ts';
import { randomWeights, tinyFacenet, toKerasJson, writeKerasFile } from '../fixtures/keras.ts';
import { type Answering, sendFile, serve, type Web } from '../fixtures/web.ts';

const patience: FetchOptions['patience'] = { tries: 2, firstWait: 2, longestWait: 10, silence: 5000 };

/** Whole models, as Keras writes them, that pass for FaceNet by their sides alone. */
const tiny = new Map<number, Buffer>();
let folder: string;
let web: Web | null = null;

beforeAll(async () => {
  const place = await mkdtemp(join(tmpdir(), 'kith-weights-'));
  for (const size of [128, 512]) {
    const model = tinyFacenet(size);
    const path = join(place, `${size}.h5`);
    await writeKerasFile(path, randomWeights(model, size), { description: toKerasJson(model) });
    tiny.set(size, await readFile(path));
  }
  await rm(place, { recursive: true });
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kith-fetch-'));
  vi.stubEnv('KITH_MODELS_DIR', folder);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await web?.close();
  web = null;
  await rm(folder, { recursive: true, force: true });
});

/** A mirror of the published files, and what becomes of a model that is fetched from it. */
async function mirror(answer: Answering): Promise<Web> {
  web = await serve(answer);
  vi.stubEnv('KITH_MODELS_MIRROR', `${web.address}/models/`);
  return web;
}

const sending =
  (data: Uint8Array): Answering =>
  (request, response) =>
    sendFile(request, response, data, { etag: '"1"' });

describe('fetching a model', () => {
  it('converts the weights that it is published as, and leaves nothing else', async () => {
    const { asked } = await mirror(sending(tiny.get(128)!));
    const steps: string[] = [];
    const fetched = await fetchModel('facenet-128', {
      patience,
      onProgress: () => steps.push('download'),
      onConvert: () => steps.push('convert'),
    });
    const path = join(folder, 'facenet-128.onnx');
    expect(fetched).toEqual({ id: 'facenet-128', path, golden: null });
    expect(asked).toMatchObject([{ path: '/models/facenet_weights.h5' }]);
    expect(steps.at(-1)).toBe('convert');
    expect((await readdir(folder)).sort()).toEqual(['facenet-128.onnx', 'facenet-128.onnx.json']);
    await expect(openStore({ folders: [folder] }).find('facenet-128')).resolves.toBe(path);
    const note = JSON.parse(await readFile(`${path}.json`, 'utf8'));
    expect(note.madeFrom).toEqual([{ file: 'facenet_weights.h5', sha256: sha256(tiny.get(128)!) }]);
  });

  it('refuses other weights than those that give the golden embedding', async () => {
    await mirror(sending(tiny.get(512)!));
    await expect(fetchModel('facenet-512', { patience })).rejects.toMatchObject({
      code: 'model-damaged',
      detail: expect.stringMatching(/^facenet512_weights\.h5 is not FaceNet.*other embeddings$/),
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses one FaceNet in place of the other', async () => {
    await mirror(sending(tiny.get(128)!));
    await expect(fetchModel('facenet-512', { patience })).rejects.toMatchObject({ code: 'model-damaged' });
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    {
      what: 'half of it',
      bytes: () => tiny.get(128)!.subarray(0, tiny.get(128)!.length / 2),
      code: 'model-damaged',
    },
    { what: 'something else', bytes: () => Buffer.from('not a model'), code: 'model-unsupported' },
  ])('leaves nothing behind when $what comes, and keeps what was installed', async ({ bytes, code }) => {
    await mirror(sending(tiny.get(128)!));
    await fetchModel('facenet-128', { patience });
    const before = await readFile(join(folder, 'facenet-128.onnx'));
    await web!.close();
    await mirror(sending(bytes()));
    await expect(fetchModel('facenet-128', { patience })).rejects.toMatchObject({ code });
    expect((await readdir(folder)).sort()).toEqual(['facenet-128.onnx', 'facenet-128.onnx.json']);
    expect(before.equals(await readFile(join(folder, 'facenet-128.onnx')))).toBe(true);
  });

  it('does not download again what it could not install for want of room', async () => {
    const { asked } = await mirror(sending(tiny.get(128)!));
    const inTheWay = join(folder, 'facenet-128.onnx.json', 'directory');
    await mkdir(inTheWay, { recursive: true });
    await expect(fetchModel('facenet-128', { patience })).rejects.toMatchObject({
      code: 'output-unwritable',
    });
    expect((await stat(join(folder, 'downloads/facenet_weights.h5'))).size).toBe(tiny.get(128)!.length);
    await rm(join(folder, 'facenet-128.onnx.json'), { recursive: true });
    await fetchModel('facenet-128', { patience });
    expect(asked).toHaveLength(1);
    expect((await readdir(folder)).sort()).toEqual(['facenet-128.onnx', 'facenet-128.onnx.json']);
  });

  it('refuses another file than the one of its hash', async () => {
    const right = catalog.yunet.bytes;
    const { address } = await mirror(sending(new Uint8Array(right)));
    await expect(fetchModel('yunet', { patience, address: `${address}/elsewhere` })).rejects.toMatchObject({
      code: 'model-damaged',
      detail: expect.stringContaining(catalog.yunet.sha256!),
    });
    expect(web!.asked).toMatchObject([{ path: '/elsewhere', sent: right }]);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each(['sface-128', 'auraface-512'] as const)(
    'refuses another file than the published one of %s',
    async (id) => {
      const { published } = catalog[id].source as { published: { sha256: string; bytes: number } };
      await mirror(sending(Buffer.from('hello')));
      await expect(fetchModel(id, { patience })).rejects.toMatchObject({
        code: 'model-damaged',
        detail: expect.stringContaining(`expected ${published.bytes} bytes`),
      });
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('refuses a file of the right size that is not the published one', async () => {
    const { bytes, sha256: hash } = (
      catalog['sface-128'].source as { published: { sha256: string; bytes: number } }
    ).published;
    await mirror(sending(new Uint8Array(bytes)));
    await expect(fetchModel('sface-128', { patience })).rejects.toMatchObject({
      code: 'model-damaged',
      detail: expect.stringContaining(hash),
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('says what to do when it is not to be had', async () => {
    await mirror((_, response) => response.writeHead(404).end());
    await expect(fetchModel('yunet', { patience })).rejects.toMatchObject({
      code: 'download-failed',
      detail: expect.stringMatching(
        /yunet_n_dynamic\.onnx: the server answered 404.*kith models import.*MIRROR/,
      ),
    });
    await expect(fetchModel('facenet-512', { patience })).rejects.toMatchObject({
      code: 'download-failed',
      detail: expect.stringContaining('kith models import'),
    });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('what can be fetched', () => {
  it('is known before the network is', () => {
    vi.stubEnv('KITH_MODELS_MIRROR', '');
    expect(planFetch('facenet-512')).toEqual({
      id: 'facenet-512',
      title: catalog['facenet-512'].title,
      licence: expect.stringContaining('research'),
      address: 'https://github.com/serengil/deepface_models/releases/download/v1.0/facenet512_weights.h5',
      bytes: catalog['facenet-512'].bytes,
      exact: false,
      path: join(folder, 'facenet-512.onnx'),
    });
    expect(planFetch('yunet')).toMatchObject({ exact: true, bytes: 322_906 });
  });

  it.each(modelIds.filter((id) => catalog[id].source.kind === 'npm'))('is not %s', (id) => {
    expect(() => planFetch(id)).toThrow(/no public address/);
  });

  it('has short names', () => {
    expect(modelNamed('facenet')).toBe('facenet-512');
    expect(modelNamed('FaceNet-128')).toBe('facenet-128');
    expect(modelNamed('toString')).toBeNull();
  });
});

describe('removing a model', () => {
  it('takes its note and halves of downloads along, and nothing else', async () => {
    const inFolder = (name: string) => join(folder, name);
    await mkdir(inFolder('downloads'));
    const own = [
      'facenet-128.onnx',
      'facenet-128.onnx.json',
      'downloads/facenet_weights.h5.part',
      'downloads/facenet_weights.h5.part.json',
    ].map(inFolder);
    for (const each of [...own, inFolder('facenet-512.onnx')]) await writeFile(each, 'x');
    expect((await removeModel('facenet-128')).sort()).toEqual(own.sort());
    expect(await readdir(folder)).toEqual(['facenet-512.onnx']);
    await expect(removeModel('facenet-128')).rejects.toMatchObject({ code: 'model-missing' });
    await expect(removeModel('dlib')).rejects.toMatchObject({ code: 'bad-request' });
  });
});
