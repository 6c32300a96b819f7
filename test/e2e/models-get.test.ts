import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { randomWeights, tinyFacenet, toKerasJson, writeKerasFile } from '../fixtures/keras.ts';
import { type Answering, sendFile, serve, type Web } from '../fixtures/web.ts';
import { ended, kith as run, scratch, start } from './cli.ts';

/** A whole model that passes for FaceNet with 128 numbers by its sides alone. */
let weights: Buffer;
let place: Awaited<ReturnType<typeof scratch>>;
let models: string;
let web: Web | null = null;
let answer: Answering;

beforeAll(async () => {
  place = await scratch();
  const path = join(place.folder, 'tiny.h5');
  const model = tinyFacenet(128);
  await writeKerasFile(path, randomWeights(model, 1), { description: toKerasJson(model) });
  weights = await readFile(path);
});
afterAll(() => place.remove());

beforeEach(async () => {
  models = await mkdtemp(join(tmpdir(), 'kith models '));
  answer = (request, response) => sendFile(request, response, weights, { etag: '"1"' });
  web = await serve((...all) => answer(...all));
});
afterEach(async () => {
  await web?.close();
  await rm(models, { recursive: true, force: true });
});

const surroundings = () => ({
  env: { KITH_MODELS_DIR: models, KITH_MODELS_MIRROR: web!.address, NO_PROXY: '127.0.0.1' },
});
const kith = (...words: string[]) => run(['models', ...words], surroundings());
const stateOf = async (id: string) => {
  const { stdout } = await kith('--json');
  return JSON.parse(stdout).models.find((model: { id: string }) => model.id === id).state;
};

describe('kith models get', () => {
  it('does not use the network unasked: without a terminal it wants --yes', async () => {
    const { status, stdout, stderr } = await kith('get', 'facenet');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`${web!.address}/facenet512_weights.h5`);
    expect(stderr).toMatch(/--yes.*about 94 MB.*research use/);
    expect(web!.asked).toEqual([]);
    expect(await readdir(models)).toEqual([]);
  });

  it('installs a model once', async () => {
    const first = await kith('get', 'facenet-128', '--yes', '--json');
    expect(first).toMatchObject({ status: 0, stderr: '' });
    const path = join(models, 'facenet-128.onnx');
    expect(JSON.parse(first.stdout)).toMatchObject({ id: 'facenet-128', path, downloaded: true });
    expect(await stateOf('facenet-128')).toBe('installed');
    const again = await kith('get', 'facenet-128');
    expect(again).toMatchObject({ status: 0, stderr: '' });
    expect(again.stdout).toContain(`installed already: ${path}`);
    expect(web!.asked).toHaveLength(1);
    const removed = await kith('remove', 'facenet-128', '--json');
    expect(JSON.parse(removed.stdout).removed).toContain(path);
    expect(await readdir(models)).toEqual([]);
  });

  it('goes on after a cut at one half, and sends no byte twice', async () => {
    const half = Math.floor(weights.length / 2);
    const file = join(models, 'downloads/facenet_weights.h5.part');
    answer = (request, response) =>
      sendFile(request, response, weights, {
        etag: '"1"',
        ...(web!.asked.length === 1 && { cut: { at: half, file } }),
      });
    const { status, stderr } = await kith('get', 'facenet-128', '--yes');
    expect(status).toBe(0);
    expect(stderr).toMatch(/^The connection failed \(.+\); trying again in [12] s\.\n$/);
    expect(web!.asked).toMatchObject([
      { range: undefined, sent: half },
      { range: `bytes=${half}-`, ifRange: '"1"', sent: weights.length - half },
    ]);
  });

  it('keeps what has come on Ctrl-C, says so, and goes on from there', async () => {
    const half = Math.floor(weights.length / 2);
    const part = join(models, 'downloads/facenet_weights.h5.part');
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': weights.length, etag: '"1"' });
      response.write(weights.subarray(0, half));
    };
    const child = start(['models', 'get', 'facenet-128', '--yes'], surroundings());
    const ending = ended(child);
    const size = async () => (existsSync(part) ? (await readFile(part)).length : 0);
    await expect.poll(size, { timeout: 30_000 }).toBe(half);
    child.kill('SIGINT');
    const { status, stderr } = await ending;
    expect(status).toBe(130);
    expect(stderr).toMatch(/kept.*goes on from there/);
    expect(await stateOf('facenet-128')).toBe('missing');

    answer = (request, response) => sendFile(request, response, weights, { etag: '"1"' });
    expect(await kith('get', 'facenet-128', '--yes')).toMatchObject({ status: 0 });
    expect(web!.asked.at(-1)).toMatchObject({ range: `bytes=${half}-`, sent: weights.length - half });
    expect(await stateOf('facenet-128')).toBe('installed');
  });

  it('goes through the proxy of the environment', async () => {
    const { port } = new URL(web!.address);
    const tunnels: string[] = [];
    const proxy = createServer().on('connect', (request, client) => {
      tunnels.push(request.url ?? '');
      const server = connect(Number(port), '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        client.pipe(server).pipe(client);
      });
      for (const end of [client, server]) end.on('error', () => {});
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const env = {
      KITH_MODELS_DIR: models,
      KITH_MODELS_MIRROR: 'http://files.invalid/kith/',
      ...{ HTTP_PROXY: address, http_proxy: address, NO_PROXY: '', no_proxy: '' },
    };
    try {
      expect((await run(['models', 'get', 'facenet-128', '--yes'], { env })).status).toBe(0);
    } finally {
      proxy.close();
    }
    expect(tunnels).toEqual(['files.invalid:80']);
    expect(web!.asked).toMatchObject([{ path: '/kith/facenet_weights.h5' }]);
  });

  it.each([
    { id: 'yunet', what: 'wrong bytes', bytes: () => Buffer.alloc(322_906), says: /not used: .*SHA-256/ },
    { id: 'facenet', what: 'another FaceNet', bytes: () => weights, says: /is not FaceNet, 512/ },
    { id: 'facenet', what: 'no model', bytes: () => Buffer.from('hello'), says: /Nothing was installed/ },
  ])('installs nothing when $what comes for $id', async ({ id, bytes, says }) => {
    answer = (request, response) => sendFile(request, response, bytes());
    const { status, stdout, stderr } = await kith('get', id, '--yes', '--json');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(says);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(await readdir(models)).toEqual([]);
  });

  it('says in one line that there is no such file', async () => {
    answer = (_, response) => response.writeHead(404).end();
    const { status, stderr } = await kith('get', 'yunet', '--yes');
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^The download failed: .*answered 404, there is no such file; .*kith models import.*\.\n$/,
    );
    expect(web!.asked).toHaveLength(1);
  });

  it.each([
    { words: ['get'], says: /missing required argument 'id'/ },
    { words: ['get', 'nose'], says: /nose.*Expected one of .*yunet/ },
    { words: ['get', 'dlib', '--yes'], says: /no public address/ },
    { words: ['remove', 'yunet'], says: /not there: YuNet/ },
    { words: ['remove', 'ssd'], says: /comes with Kith/ },
    { words: ['import', 'absent.h5'], says: /no such file: .*absent\.h5/ },
    { words: ['import', 'a.onnx', '--normalise', 'x'], says: /Expected "whiten", or a mean and a spread/ },
    { words: ['import', 'a.onnx', '--size', '-1'], says: /whole number of pixels/ },
  ])('ends with 2 and says why, for $words', async ({ words, says }) => {
    const { status, stdout, stderr } = await kith(...words);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(says);
    expect(web!.asked).toEqual([]);
  });
});

describe('kith models get recommended', () => {
  it('asks once for both, and says how large they are and where they come from', async () => {
    const { status, stderr } = await kith('get', 'recommended');
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /--yes.*FaceNet, 512.*about 94 MB.*facenet512_weights\.h5 and YuNet.*0\.3 MB.*yunet_n_dynamic\.onnx/,
    );
    expect(web!.asked).toEqual([]);
  });

  it('installs neither where the first is not to be had', async () => {
    answer = (_, response) => response.writeHead(404).end();
    const { status, stderr } = await kith('get', 'recommended', '--yes');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^The download failed: .*facenet512_weights\.h5.*answered 404/);
    expect(web!.asked).toHaveLength(1);
    expect(await readdir(models)).toEqual([]);
  });
});

describe('kith models import', () => {
  it('installs an encoder from files, without the network', async () => {
    const file = join(place.folder, 'tiny.h5');
    const { status, stdout } = await kith('import', file, '--normalise', '127.5,128', '--json');
    expect(status).toBe(0);
    const path = join(models, 'facenet-128.onnx');
    expect(JSON.parse(stdout)).toEqual({ id: 'facenet-128', path, golden: null });
    expect(await stateOf('facenet-128')).toBe('installed');
    const [said, hint] = (await kith('import', file)).stdout.split('\n');
    expect(said).toBe(`Installed FaceNet, 128 numbers: ${path}`);
    // Nobody has its published weights here, so nobody has calibrated it.
    expect(hint).toMatch(
      /not calibrated.*kith compare --encoder facenet-128.*eval -- calibrate ssd\/facenet-128/,
    );
    expect(web!.asked).toEqual([]);
  });

  it('leaves what is installed when the next import is refused', async () => {
    await kith('import', join(place.folder, 'tiny.h5'));
    const bad = join(place.folder, 'half.h5');
    await writeFile(bad, weights.subarray(0, weights.length / 2));
    expect((await kith('import', bad)).status).toBe(2);
    expect(await stateOf('facenet-128')).toBe('installed');
  });
});

const shared = process.env.KITH_SHARED;

describe.skipIf(!shared)('kith models get, of the published files (KITH_SHARED)', () => {
  it.each([
    { id: 'yunet', file: 'models/yunet.onnx', golden: null },
    { id: 'facenet', file: 'models/facenet/model.h5', golden: 'same' },
  ])('installs $id', { timeout: 120_000 }, async ({ id, file, golden }) => {
    const data = await readFile(join(shared!, file));
    answer = (request, response) => sendFile(request, response, data);
    const { status, stdout } = await kith('get', id, '--yes', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ golden });
  });

  it('installs both that are recommended, once, and says what it got', { timeout: 120_000 }, async () => {
    const files = ['models/facenet/model.h5', 'models/yunet.onnx'].map((file) =>
      readFile(join(shared!, file)),
    );
    const [facenet, yunet] = await Promise.all(files);
    answer = (request, response) =>
      sendFile(request, response, request.url!.endsWith('.onnx') ? yunet! : facenet!);
    const data = { XDG_DATA_HOME: models, LOCALAPPDATA: models };
    const { env } = surroundings();
    const get = (...words: string[]) =>
      run(['models', 'get', 'recommended', ...words], { env: { ...env, ...data } });
    const { status, stdout, stderr } = await get('--yes');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.trim().split('\n')).toEqual([
      `Installed FaceNet, 512 numbers: ${join(models, 'facenet-512.onnx')}`,
      'It gives the embedding that it must give for a known picture.',
      `Installed YuNet face detector with five landmarks: ${join(models, 'yunet.onnx')}`,
      'In use from now on: detector yunet, encoder facenet-512+dlib.',
    ]);
    expect(JSON.parse((await get('--json')).stdout)).toMatchObject({
      models: [
        { id: 'facenet-512', downloaded: false },
        { id: 'yunet', downloaded: false },
      ],
      inUse: { detector: 'yunet', encoder: 'facenet-512+dlib' },
    });
    expect(web!.asked).toHaveLength(2);
  });

  it('are taken by kith models import too, which knows YuNet by its content', async () => {
    const { status, stdout } = await kith('import', join(shared!, 'models/yunet.onnx'));
    expect(status).toBe(0);
    expect(stdout).toBe(`Installed YuNet face detector with five landmarks: ${join(models, 'yunet.onnx')}\n`);
    expect(await stateOf('yunet')).toBe('installed');
  });
});
