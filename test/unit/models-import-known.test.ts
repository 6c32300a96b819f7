import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { catalog, type ModelId } from '../../models/catalog.ts';
import { importModel } from '../../models/import.ts';
import { openStore } from '../../models/store.ts';

/** Where the bundled models are, whatever the tests below do to the environment. */
const made = openStore();
const shared = process.env.KITH_SHARED;

let folder: string;
let models: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kith-known-'));
  models = join(folder, 'models');
  vi.stubEnv('KITH_MODELS_DIR', models);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

describe('a file whose hash the catalog knows', () => {
  it.each(['ssd', 'landmarks-68', 'dlib', 'haar-profile'] satisfies ModelId[])(
    'is installed as %s, to the byte and whatever its name',
    async (id) => {
      const file = join(folder, 'download (3)');
      await copyFile(await made.find(id), file);
      const path = join(models, catalog[id].file);
      await expect(importModel([file])).resolves.toEqual({ id, path, golden: null });
      expect((await readFile(path)).equals(await readFile(file))).toBe(true);
      expect(await readdir(models)).toEqual([catalog[id].file]);
      await expect(openStore().find(id)).resolves.toBe(path);
    },
  );

  it('is none of them once a bit of it has flipped', async () => {
    const bytes = await readFile(await made.find('landmarks-68'));
    bytes[bytes.length >> 1]! ^= 1;
    const file = join(folder, 'landmarks.onnx');
    await writeFile(file, bytes);
    await expect(importModel([file])).rejects.toMatchObject({ code: 'model-unsupported' });
    expect(await readdir(models).catch(() => [])).toEqual([]);
  });

  it.skipIf(!shared)('is YuNet too (KITH_SHARED)', async () => {
    const path = join(models, 'yunet.onnx');
    const imported = await importModel([join(shared!, 'models/yunet.onnx')]);
    expect(imported).toEqual({ id: 'yunet', path, golden: null });
    await expect(openStore().find('yunet')).resolves.toBe(path);
  });
});
