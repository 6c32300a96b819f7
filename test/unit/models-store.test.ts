import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { bundledIds, catalog } from '../../models/catalog.ts';
import { sha256 } from '../../models/hash.ts';
import { ensureBundled } from '../../models/make.ts';
import { openStore } from '../../models/store.ts';

const good = openStore();
let folder: string;

beforeAll(async () => {
  await ensureBundled();
}, 120_000);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kith-store-'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** Puts a copy of the model with one flipped bit into `folder`. */
async function putDamaged(id: (typeof bundledIds)[number]): Promise<string> {
  const data = await readFile(await good.find(id));
  data[Math.floor(data.length / 2)]! ^= 1;
  const path = join(folder, catalog[id].file);
  await writeFile(path, data);
  return path;
}

describe('the store of models', () => {
  it.each(bundledIds)('refuses %s with a flipped bit, and names file and hashes', async (id) => {
    const path = await putDamaged(id);
    const found = sha256(await readFile(path));
    const store = openStore({ folders: [folder, ...good.folders] });
    const detail = expect.stringMatching(new RegExp(`${catalog[id].file}.*${catalog[id].sha256}.*${found}`));
    await expect(store.find(id)).rejects.toMatchObject({ code: 'model-damaged', detail });
  });

  it('sees that a file has been damaged after it was found good', async () => {
    const path = join(folder, catalog['landmarks-68'].file);
    await copyFile(await good.find('landmarks-68'), path);
    const store = openStore({ folders: [folder] });
    await expect(store.find('landmarks-68')).resolves.toBe(path);
    await putDamaged('landmarks-68');
    await expect(store.find('landmarks-68')).rejects.toMatchObject({ code: 'model-damaged' });
  });

  it('says in one sentence what is missing and how to get it', async () => {
    const store = openStore({ folders: [folder, join(folder, 'absent')] });
    await expect(store.find('dlib')).rejects.toMatchObject({
      code: 'model-missing',
      detail: `dlib's face recognition ResNet (dlib.onnx) is missing; run "npm run models" to make it`,
    });
    await expect(store.find('yunet')).rejects.toMatchObject({
      code: 'model-missing',
      detail: expect.stringContaining('kith models get yunet'),
    });
  });

  it('looks into KITH_MODELS_DIR first and into the cache last', async () => {
    vi.stubEnv('KITH_MODELS_DIR', folder);
    const store = openStore();
    expect(store.folders[0]).toBe(folder);
    const cached = await store.find('ssd');
    await copyFile(cached, join(folder, 'ssd.onnx'));
    await expect(store.find('ssd')).resolves.toBe(join(folder, 'ssd.onnx'));
  });

  it('gives the state of every model', async () => {
    await putDamaged('ssd');
    await copyFile(await good.find('dlib'), join(folder, 'dlib.onnx'));
    const states = Object.fromEntries(
      (await openStore({ folders: [folder] }).status()).map((model) => [model.id, model.state]),
    );
    expect(states).toMatchObject({
      ssd: 'damaged',
      dlib: 'installed',
      yunet: 'missing',
      'haar-profile': 'missing',
    });
  });
});

describe('making the bundled models', { timeout: 60_000 }, () => {
  it('does nothing when all are there', async () => {
    const onProgress = vi.fn();
    await expect(ensureBundled({ onProgress })).resolves.toEqual([]);
    expect(onProgress).not.toHaveBeenCalled();
  });

  it('makes the same bytes again, in two runs at once, and remakes what is damaged', async () => {
    await putDamaged('landmarks-68');
    for (const id of ['ssd', 'haar-profile', 'haar-frontal-alt2', 'haar-frontal-default'] as const) {
      await symlink(await good.find(id), join(folder, catalog[id].file));
    }
    const store = openStore({ folders: [folder] });
    const runs = await Promise.all([ensureBundled({ store, folder }), ensureBundled({ store, folder })]);
    expect(runs).toEqual([
      ['tiny-face', 'landmarks-68', 'dlib'],
      ['tiny-face', 'landmarks-68', 'dlib'],
    ]);
    for (const id of bundledIds) await expect(store.find(id)).resolves.toContain(folder);
    expect((await readdir(folder)).filter((file) => file.endsWith('.part'))).toEqual([]);
  });

  it('leaves a damaged file alone that lies where people put models', async () => {
    await putDamaged('ssd');
    const store = openStore({ folders: [folder, ...good.folders] });
    await expect(ensureBundled({ store })).rejects.toMatchObject({ code: 'model-damaged' });
  });

  it('makes what needs no network first, then says what npm could not fetch', async () => {
    vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9');
    vi.stubEnv('npm_config_fetch_retries', '0');
    vi.stubEnv('npm_config_cache', join(folder, 'npm'));
    const target = join(folder, 'models');
    await mkdir(target);
    const store = openStore({ folders: [target] });
    await expect(ensureBundled({ store, folder: target })).rejects.toMatchObject({
      code: 'model-missing',
      detail: expect.stringMatching(/^npm could not fetch opencv4nodejs@5\.6\.0 \(.+\); check the network/),
    });
    expect(await readdir(target)).toEqual(['dlib.onnx', 'landmarks-68.onnx', 'ssd.onnx', 'tiny-face.onnx']);
  });
});
