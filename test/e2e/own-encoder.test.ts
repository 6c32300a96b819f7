import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EncoderKey, encoderOf } from '../../electron/contract/ids.ts';
import type { EmbeddingTable } from '../../electron/library/embeddings.ts';
import { writeCalibration } from '../../models/calibration.ts';
import { encoderKey } from '../../models/encoder.ts';
import { openStore } from '../../models/store.ts';
import { somebodys } from '../fixtures/onnx.ts';
import { samples } from '../golden/models-reference.ts';
import { withLibrary } from '../service/support/place.ts';
import { copySamples, kith, scratch } from './cli.ts';

// Two networks of random weights, as ArcFace in what they take and give, one after the other under one id.
describe('an encoder that somebody imports', { timeout: 120_000 }, () => {
  let place: Awaited<ReturnType<typeof scratch>>;
  let models: string;
  let photos: string;
  let library: string;
  const keys: EncoderKey[] = [];

  beforeAll(async () => {
    place = await scratch();
    [models, photos] = [join(place.folder, 'models'), join(place.folder, 'photos')];
    library = join(place.folder, 'library.kith');
    await mkdir(photos);
    await copySamples(photos, [1, 2]);
    for (const [seed, name] of ['a.onnx', 'b.onnx'].entries())
      await writeFile(join(place.folder, name), somebodys({ side: 112, size: 512, seed }));
  });
  afterAll(() => place.remove());

  const run = (...words: string[]) =>
    kith(words, {
      cwd: place.folder,
      env: { KITH_MODELS_DIR: models, XDG_DATA_HOME: place.folder, LOCALAPPDATA: place.folder },
    });
  const group = (into = library) =>
    run('group', photos, '--library', into, '--detector', 'ssd', '--encoder', 'arcface-512', '--json');
  const store = () => openStore({ folders: [models] });

  /** What `npm run eval -- calibrate` leaves; the numbers are made up, for what these networks see is nothing. */
  async function calibrate(key: EncoderKey): Promise<void> {
    const { id, weights } = encoderOf(key);
    const calibration = { intercept: 8, slope: -100, qualitySlope: 0, link: 5, founder: 0.1 };
    const distances = { step: 0.02, genuine: [3], impostor: [0, 5], command: 'made up', source: 'nothing' };
    const pairs = { genuine: 3, impostor: 5 };
    await writeCalibration({ id, weights: weights! }, { calibration, pairs, distances }, models);
  }

  async function imported(file: string): Promise<EncoderKey> {
    const { status, stdout } = await run('models', 'import', file);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Installed ArcFace or its like, 512 numbers: .*arcface-512\.onnx\n/);
    return encoderKey('arcface-512', store());
  }

  const held = (file = library) =>
    withLibrary(file, (record) => ({
      by: record.groups.encoder(),
      vectors: (key: EncoderKey): EmbeddingTable => record.embeddings.all(key),
      tables: keys.map((key) => record.embeddings.all(key)),
    }));

  it('compares photos at once, and says that there can be no verdict', async () => {
    keys.push(await imported('a.onnx'));
    const [one, two] = [samples[0]!.path, samples[1]!.path];
    const words = ['compare', one, two, '--encoder', 'arcface-512', '--explain', 'why.png'];
    const { status, stdout, stderr } = await run(...words);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(
      /^No verdict\n {2}distance +\d\.\d{3}\n {2}not calibrated: .*\n {2}encoder +arcface-512\n/,
    );
    expect((await sharp(join(place.folder, 'why.png')).metadata()).width).toBe(1440);
    const json = await run('compare', one, two, '--encoder', 'arcface-512', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ threshold: null, probability: null, same: null });
  });

  it('groups nobody before it is calibrated, and says how to do that', async () => {
    const { status, stdout, stderr } = await group();
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/npm run eval -- calibrate ssd\/arcface-512.*kith models use/);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(existsSync(library)).toBe(false);
  });

  it('groups by its own calibration, and files its vectors under its weights', async () => {
    await calibrate(keys[0]!);
    const { status, stderr } = await group();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { by, tables } = await held();
    expect(by).toBe(keys[0]);
    expect([tables[0]!.faceIds.length, tables[0]!.size]).toEqual([6, 512]);
  });

  it('is another one with other weights: nothing happens before those are calibrated', async () => {
    keys.push(await imported('b.onnx'));
    expect(keys[1]).not.toBe(keys[0]);
    expect((await group()).status).toBe(2);
    const { by, tables } = await held();
    expect(by).toBe(keys[0]);
    expect(tables.map(({ faceIds }) => faceIds.length)).toEqual([6, 0]);
  });

  it('takes the library over to its own vectors then, and no vector of the former is among them', async () => {
    await calibrate(keys[1]!);
    await copySamples(photos, [3]);
    expect((await group()).status).toBe(0);
    const { by, tables } = await held();
    expect(by).toBe(keys[1]);
    expect(tables.map(({ faceIds }) => faceIds.length)).toEqual([6, 9]);
    const fresh = join(place.folder, 'fresh.kith');
    expect((await group(fresh)).status).toBe(0);
    const alone = (await held(fresh)).tables[1]!;
    expect(alone.photoHashes).toEqual(tables[1]!.photoHashes);
    expect(furthest(tables[1]!.vectors, alone.vectors)).toBeLessThan(1e-4);
    // The former weights' would have been noticed: they lie elsewhere.
    const [former, present] = [tables[0]!, tables[1]!].map(({ vectors }) => vectors.subarray(0, 512));
    expect(furthest(former!, present!)).toBeGreaterThan(0.1);
  });

  it('is removed with what was measured of it', async () => {
    expect((await run('models', 'remove', 'arcface-512')).status).toBe(0);
    expect(await readdir(models)).toEqual([]);
    expect(
      JSON.parse(await readFile(join(place.folder, 'kith', 'settings.json'), 'utf8').catch(() => '{}')),
    ).toEqual({});
  });
});

/** Largest distance between two rows of the same place, 512 numbers each. */
function furthest(a: Float32Array, b: Float32Array): number {
  let most = 0;
  for (let row = 0; row < a.length; row += 512) {
    const parts = Array.from({ length: 512 }, (_, i) => a[row + i]! - b[row + i]!);
    most = Math.max(most, Math.hypot(...parts));
  }
  return most;
}
