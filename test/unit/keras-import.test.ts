import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { File, ready } from 'h5wasm/node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KithError } from '../../electron/contract/errors.ts';
import { sentence } from '../../electron/host/words.ts';
import type { KerasLayer } from '../../models/convert/keras-model.ts';
import { importModel } from '../../models/import.ts';
import { openStore } from '../../models/store.ts';
import { kerasModel, randomWeights, tinyFacenet, toKerasJson, writeKerasFile } from '../fixtures/keras.ts';

let folder: string;
/** Where models are installed. */
let models: string;
/** Good files, which each test spoils in its own way. */
let json: string;
let h5: string;

const model = tinyFacenet(128);
const weights = randomWeights(model, 1);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kith-import-'));
  models = join(folder, 'models');
  json = join(folder, 'model.json');
  h5 = join(folder, 'model.h5');
  vi.stubEnv('KITH_MODELS_DIR', models);
  await writeFile(json, toKerasJson(model));
  await writeKerasFile(h5, weights);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** Imports, expects a refusal, and that nothing was left behind. */
async function refusal(...files: string[]): Promise<{ code: string; detail: string }> {
  const error = await importModel(files).then(
    ({ path }) => new Error(`Expected a refusal but received ${path}`),
    (error: unknown) => error,
  );
  if (!(error instanceof KithError)) throw error;
  expect(await readdir(models).catch(() => [])).toEqual([]);
  expect(sentence(error)).toContain(error.detail.replace(/[.\s]+$/, ''));
  return { code: error.code, detail: error.detail };
}

/** The good description with one more layer before its output. */
function withLayer(type: string, config: KerasLayer['config'], name = 'odd'): string {
  const { layers } = model;
  const added = kerasModel([
    ...layers.slice(0, 3).map(({ name, type, inputs, config }) => [name, type, inputs, config] as const),
    [name, type, ['mean'], config],
    ['Bottleneck', 'Dense', [name], { units: 128 }],
  ]);
  return toKerasJson(added);
}

describe('importing an encoder', () => {
  it('installs it with a note of its hash and of where it came from, into the folder that people chose', async () => {
    const imported = await importModel([h5, json]);
    expect(imported).toEqual({ id: 'facenet-128', path: join(models, 'facenet-128.onnx'), golden: null });
    expect((await readdir(models)).sort()).toEqual(['facenet-128.onnx', 'facenet-128.onnx.json']);
    expect(JSON.parse(await readFile(`${imported.path}.json`, 'utf8'))).toMatchObject({
      madeFrom: [{ file: 'model.json' }, { file: 'model.h5' }],
      golden: null,
    });
    await expect(openStore().find('facenet-128')).resolves.toBe(imported.path);
  });

  it('says of other weights than the published ones that they are others', async () => {
    const own = tinyFacenet(512);
    await writeFile(json, toKerasJson(own));
    await writeKerasFile(h5, randomWeights(own, 2));
    await expect(importModel([json, h5])).resolves.toMatchObject({ id: 'facenet-512', golden: 'other' });
  });

  it('takes a whole-model file, whose weights lie one group deeper', async () => {
    await writeKerasFile(h5, weights, { description: toKerasJson(model) });
    await expect(importModel([h5])).resolves.toMatchObject({ id: 'facenet-128' });
  });

  it('takes weights of other names by their order', async () => {
    const renamed = new Map(Array.from(weights.values(), (tensors, i) => [`layer_${i}`, tensors]));
    await writeKerasFile(h5, renamed);
    await expect(importModel([json, h5])).resolves.toMatchObject({ id: 'facenet-128' });
  });

  it('reads a list of layers that Keras cut into pieces', async () => {
    await ready;
    const file = new File(h5, 'a');
    file.delete_attribute('layer_names');
    file.create_attribute('layer_names0', ['conv']);
    file.create_attribute('layer_names1', ['Bottleneck']);
    file.close();
    await expect(importModel([json, h5])).resolves.toMatchObject({ id: 'facenet-128' });
  });

  it('never looks at the code of a Lambda that says what it does, whatever stands there', async () => {
    const code = ['not even base64 \u0000 __import__("os")', null, { $: '{{7*7}}' }];
    await writeFile(json, withLayer('Lambda', { function: code, arguments: { scale: 0.5 } }));
    await expect(importModel([json, h5])).resolves.toMatchObject({ id: 'facenet-128' });
  });

  it('replaces an earlier import whole', async () => {
    const { path } = await importModel([json, h5]);
    const before = await readFile(path);
    await writeKerasFile(h5, randomWeights(model, 9));
    await importModel([json, h5]);
    expect(before.equals(await readFile(path))).toBe(false);
    await expect(openStore().find('facenet-128')).resolves.toBe(path);
  });
});

describe('an installed import', () => {
  it('is not used once a bit of it has flipped', async () => {
    const { path } = await importModel([json, h5]);
    const data = await readFile(path);
    data[data.length >> 1]! ^= 1;
    await writeFile(path, data);
    await expect(openStore().find('facenet-128')).rejects.toMatchObject({
      code: 'model-damaged',
      detail: expect.stringMatching(/facenet-128\.onnx.*was changed after it was imported.*import it again/),
    });
  });

  it.each(['', '{}', '{"kith":1,"sha256":"../../etc"}'])('is not used with the note %j', async (note) => {
    const { path } = await importModel([json, h5]);
    await writeFile(`${path}.json`, note);
    await expect(openStore().find('facenet-128')).rejects.toMatchObject({
      code: 'model-damaged',
      detail: expect.stringContaining('has no note of its import beside it'),
    });
  });

  it('is asked for by name when it is missing', async () => {
    await expect(openStore({ folders: [models] }).find('facenet-512')).rejects.toMatchObject({
      code: 'model-missing',
      detail: expect.stringContaining('kith models import'),
    });
  });
});

describe('a file of weights that Kith refuses', () => {
  it('is cut short', async () => {
    const data = await readFile(h5);
    await writeFile(h5, data.subarray(0, data.length / 2));
    await expect(refusal(json, h5)).resolves.toEqual({
      code: 'model-damaged',
      detail: expect.stringMatching(/^model\.h5 can't be read as HDF5: truncated file/),
    });
  });

  it('is spoilt inside', async () => {
    const data = await readFile(h5);
    data.fill(0xff, 200, 1500);
    await writeFile(h5, data);
    await expect(refusal(json, h5)).resolves.toMatchObject({
      code: 'model-damaged',
      detail: expect.stringMatching(/^model\.h5/),
    });
  });

  it('is empty, or not there, or a folder', async () => {
    await writeFile(h5, '');
    await expect(refusal(json, h5)).resolves.toEqual({
      code: 'model-damaged',
      detail: 'model.h5 is empty (0 bytes)',
    });
    await rm(h5);
    await expect(refusal(json, h5)).resolves.toEqual({ code: 'file-missing', detail: h5 });
    await mkdir(h5);
    const { code } = await refusal(json, h5);
    expect(['model-unsupported', 'model-damaged']).toContain(code);
  });

  it('has 5 GB, and is not read', async () => {
    const file = await open(h5, 'r+');
    await file.truncate(5e9);
    await file.close();
    const begun = performance.now();
    await expect(refusal(json, h5)).resolves.toEqual({
      code: 'model-unsupported',
      detail: 'model.h5 has 5.0 GB; Kith takes files of models up to 1 GB',
    });
    expect(performance.now() - begun).toBeLessThan(1000);
  });

  it('lacks a layer', async () => {
    await writeKerasFile(h5, new Map([...weights].filter(([name]) => name !== 'conv')));
    await expect(refusal(json, h5)).resolves.toEqual({
      code: 'model-damaged',
      detail: 'model.h5: layer "conv" is missing',
    });
  });

  it('lists a tensor that is a link into another file', async () => {
    await ready;
    await writeKerasFile(join(folder, 'other.h5'), weights);
    const file = new File(h5, 'w');
    file.create_attribute('layer_names', ['conv', 'Bottleneck']);
    for (const [layer, tensors] of weights) {
      const group = file.create_group(layer);
      const names = [...tensors.keys()];
      group.create_attribute('weight_names', names);
      for (const name of names) group.create_external_link('other.h5', `/${layer}/${layer}/${name}`, name);
    }
    file.close();
    await expect(refusal(json, h5)).resolves.toEqual({
      code: 'model-damaged',
      detail: 'model.h5: "kernel:0" of layer "conv" is listed but missing',
    });
  });

  it('has a tensor of another shape', async () => {
    const other = kerasModel([
      ['input_1', 'InputLayer', [], { batch_input_shape: [null, 160, 160, 3] }],
      ['conv', 'Conv2D', ['input_1'], { filters: 8, kernel_size: [8, 16], strides: [16, 16] }],
      ['mean', 'GlobalAveragePooling2D', ['conv']],
      ['Bottleneck', 'Dense', ['mean'], { units: 128 }],
    ]);
    await writeKerasFile(h5, randomWeights(other, 1));
    await expect(refusal(json, h5)).resolves.toEqual({
      code: 'model-unsupported',
      detail: 'model.h5: layer "conv" has a kernel of shape [8,16,3,8] instead of [16,16,3,8]',
    });
  });

  it('belongs to another network, alone or with a description', async () => {
    await expect(refusal(h5)).resolves.toEqual({
      code: 'model-unsupported',
      detail:
        'model.h5 belongs to another network: it has 2 layers with weights instead of 245, the first "conv"',
    });
    await writeKerasFile(h5, new Map([['fc1000', weights.get('conv')!]]));
    await expect(refusal(json, h5)).resolves.toMatchObject({
      code: 'model-unsupported',
      detail: expect.stringContaining('belongs to another network'),
    });
    await expect(refusal(h5)).resolves.toMatchObject({
      code: 'model-unsupported',
      detail: expect.stringContaining('not those of FaceNet'),
    });
  });

  it('was written by Keras 3', async () => {
    await ready;
    const file = new File(h5, 'w');
    file.create_group('layers');
    file.close();
    await expect(refusal(json, h5)).resolves.toMatchObject({
      code: 'model-unsupported',
      detail: expect.stringContaining('written by Keras 3'),
    });
  });

  it('holds numbers that are no weights', async () => {
    const broken = structuredClone(weights);
    broken.get('Bottleneck')!.get('kernel:0')!.data.fill(Number.NaN);
    await writeKerasFile(h5, broken);
    await expect(refusal(json, h5)).resolves.toEqual({
      code: 'model-damaged',
      detail: 'model.h5: it does not give 128 finite numbers for a picture',
    });
    broken.get('Bottleneck')!.get('kernel:0')!.data.fill(0);
    await writeKerasFile(h5, broken);
    await expect(refusal(json, h5)).resolves.toEqual({
      code: 'model-damaged',
      detail: 'model.h5: it gives the same embedding for different pictures',
    });
  });
});

describe('a description that Kith refuses', () => {
  const description = () => JSON.parse(toKerasJson(model));

  it.each([
    ['a bomb of levels', () => `${'['.repeat(1e6)}${']'.repeat(1e6)}`, /^model\.json/],
    [
      'a bomb of levels in an object',
      () => `{"a":${'{"a":'.repeat(1e6)}1${'}'.repeat(1e6)}}`,
      /at most 64 levels/,
    ],
    ['a bomb of bytes', () => `{"a":"${'x'.repeat(33 << 20)}"}`, /at most 32 MB of JSON but received 33 MB/],
    [
      'a bomb of layers',
      () => {
        const bomb = description();
        bomb.config.layers = Array.from({ length: 6000 }, (_, i) => ({
          ...bomb.config.layers[1],
          name: `l${i}`,
        }));
        return JSON.stringify(bomb);
      },
      /config\.layers/,
    ],
    ['no JSON', () => '{"class_name": "Functional",', /model\.json is no JSON/],
    ['another JSON', () => '{"hello": "world"}', /^model\.json: expected a functional Keras 2 model/],
    [
      'a sequential model',
      () => JSON.stringify({ ...description(), class_name: 'Sequential' }),
      /class_name/,
    ],
    [
      'an unknown class',
      () => withLayer('LSTM', {}),
      /^model\.json: layer "odd" \(LSTM\): this class of layers is not known/,
    ],
    ['a class out of the language', () => withLayer('constructor', {}), /layer "odd" \(constructor\)/],
    [
      'a Lambda that says nothing',
      () => withLayer('Lambda', { function: ['4wIAAA', null, null] }),
      /layer "odd" \(Lambda\): neither its name nor its arguments \(none\)/,
    ],
    [
      'a Lambda with strange arguments',
      () => withLayer('Lambda', { arguments: { scale: 2, shift: 1 } }),
      /\(scale, shift\)/,
    ],
    [
      'an unknown activation',
      () => withLayer('Activation', { activation: 'gelu' }),
      /layer "odd" \(Activation\): activation/,
    ],
    [
      'channels first',
      () => withLayer('GlobalAveragePooling2D', { data_format: 'channels_first' }),
      /layer "odd"/,
    ],
    ['a huge output', () => withLayer('Dense', { units: 1e12 }), /layer "odd" \(Dense\): units/],
    [
      'a circle of layers',
      () => {
        const circle = description();
        circle.config.layers[1].inbound_nodes = [[['mean', 0, 0, {}]]];
        return JSON.stringify(circle);
      },
      /layer "\w+" depends on itself/,
    ],
    [
      'two layers of one name',
      () => {
        const twice = description();
        twice.config.layers.push(twice.config.layers[1]);
        return JSON.stringify(twice);
      },
      /expected one layer "conv" but received two/,
    ],
    [
      'a lost input',
      () => JSON.stringify(description()).replace('[["mean",0,0,{}]]', '[["meen",0,0,{}]]'),
      /layer "Bottleneck" \(Dense\) takes its input from "meen", which is missing/,
    ],
    ['another size of embedding', () => toKerasJson(tinyFacenet(100)), /is no FaceNet.*160 and 100/],
  ])('is %s', async (_, text, detail) => {
    await writeFile(json, text());
    const { code, detail: received } = await refusal(json, h5);
    expect(received).toMatch(detail);
    expect(code).toMatch(/^model-(unsupported|damaged)$/);
  });
});

describe('a set of files that makes no model', () => {
  it('is named', async () => {
    const detail = (received: string) => ({
      code: 'bad-request',
      detail: `Expected model.json and its weights (.h5), or one .h5 or .onnx alone, but received ${received}`,
    });
    await expect(refusal()).resolves.toEqual(detail('none'));
    await expect(refusal(json)).resolves.toEqual(detail('model.json'));
    await expect(refusal(json, h5, h5)).resolves.toEqual(detail('model.json, model.h5, model.h5'));
    await writeFile(h5, 'version https://git-lfs.github.com/spec/v1\n');
    await expect(refusal(json, h5)).resolves.toMatchObject({
      code: 'model-unsupported',
      detail: expect.stringMatching(/^model\.h5/),
    });
  });

  it('leaves nothing behind where nothing can be written', async () => {
    await writeFile(models, 'a file where the folder should be');
    await expect(importModel([json, h5])).rejects.toMatchObject({ code: 'output-unwritable' });
  });
});
