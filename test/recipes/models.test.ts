import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { catalog } from '../../models/catalog.ts';
import { sha256 } from '../../models/hash.ts';
import { somebodys } from '../fixtures/onnx.ts';
import { sendFile, serve } from '../fixtures/web.ts';
import { Scratch } from './scratch.ts';

// The recipes of CONTRIBUTING.md for models, followed on a copy of the sources.

let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
});
afterEach(() => scratch.remove());

/** Of a server that holds the published files, where a test has one. */
let mirror: string | undefined;

/** The command line of the copy, with models of its own. */
async function kith(...words: string[]): Promise<string> {
  const { folder } = scratch;
  const env = {
    ...process.env,
    KITH_MODELS_DIR: join(folder, 'own'),
    KITH_LOG: join(folder, 'log'),
    KITH_MODELS_MIRROR: mirror,
  };
  const cli = join(folder, 'electron/host/cli.ts');
  return (await promisify(execFile)(process.execPath, [cli, ...words], { env })).stdout;
}

/** The copy's models by id, as "kith models --json" gives them. */
async function models(): Promise<Map<string, unknown>> {
  const listed = JSON.parse(await kith('models', '--json')) as { models: { id: string }[] };
  return new Map(listed.models.map((model) => [model.id, model]));
}

const ENCODER = `
const adaface256: EncoderModel = {
  ...own,
  title: 'AdaFace, 256 numbers',
  file: 'adaface-256.onnx',
  licence: "its makers'",
  source: { kind: 'own' },
  input: rgbSquare(112),
  outputs: { embedding: ['N', 256] },
  shape: { ...fivePoints, size: 256 },
  normalise: { kind: 'fixed', mean: 127.5, spread: 127.5 },
};
`;
describe('a new encoder', () => {
  const addId = () =>
    scratch.replace('electron/contract/ids.ts', "'sface-128',", "'sface-128', 'adaface-256',");
  const addEntry = () => {
    const catalog = 'models/known-encoders.ts';
    scratch.insert(catalog, "source: { kind: 'own' },\n};\n", ENCODER);
    scratch.replace(catalog, '  custom,\n}', "  custom,\n  'adaface-256': adaface256,\n}");
  };

  it('is three files; it is then imported, listed and chosen', async () => {
    addId();
    addEntry();
    scratch.write('models/cards/adaface-256.md', '# AdaFace\n\nAccuracy: not measured\n');
    expect(scratch.touched.size).toBeLessThanOrEqual(3);
    writeFileSync(join(scratch.folder, 'brought.onnx'), somebodys({ side: 112, size: 256 }));
    await kith('models', 'import', join(scratch.folder, 'brought.onnx'));
    expect((await models()).get('adaface-256')).toMatchObject({ task: 'encoder', state: 'installed' });
    expect(await kith('help', 'group')).toContain('adaface-256');
  });

  it('is a type error where the catalog lacks it, and where it has no id', () => {
    addId();
    expect(scratch.typeErrors('models/known-encoders.ts').join('\n')).toMatch(
      /known-encoders\.ts: .*adaface-256/,
    );
    scratch.replace('electron/contract/ids.ts', " 'adaface-256',", '');
    addEntry();
    expect(scratch.typeErrors('models/known-encoders.ts').join('\n')).toMatch(
      /known-encoders\.ts: .*adaface-256/,
    );
  });
});

describe.each([
  { id: 'sface-128', network: { side: 112, size: 128, batch: 1, input: 'data', subtracts: true } },
  { id: 'auraface-512', network: { side: 112, size: 512, input: 'data' } },
] as const)('another file of $id, at its address', ({ id, network }) => {
  const weights = Buffer.from(somebodys(network));
  const { source } = catalog[id];
  if (source.kind !== 'web' || !source.published) throw new Error(`Expected a published file of ${id}`);
  const { address, published } = source;

  /** The catalog of the copy knows a network of random weights by its hash. */
  beforeEach(() => {
    const encoders = 'models/known-encoders.ts';
    const former = `'${published.sha256}',\n      bytes: ${published.bytes.toString().replace(/\B(?=(\d{3})+$)/g, '_')}`;
    scratch.replace(encoders, former, `'${sha256(weights)}',\n      bytes: ${weights.length}`);
  });

  it('is downloaded, checked, tried out and listed, and is never recommended', async () => {
    const web = await serve((request, response) => sendFile(request, response, weights));
    mirror = web.address;
    try {
      const got = JSON.parse(await kith('models', 'get', id, '--yes', '--json'));
      expect(got).toMatchObject({ id, downloaded: true, golden: null, licence: 'Apache-2.0' });
      expect(web.asked).toMatchObject([{ path: `/${basename(address)}` }]);
      expect((await models()).get(id)).toMatchObject({ state: 'installed' });
      const { inUse } = JSON.parse(await kith('models', '--json'));
      expect(inUse).toEqual({ detector: 'ssd', encoder: 'dlib' });
    } finally {
      mirror = undefined;
      await web.close();
    }
  });

  it('is known by its hash when it is imported, whatever its sides tell', async () => {
    writeFileSync(join(scratch.folder, 'brought.onnx'), weights);
    const imported = JSON.parse(
      await kith('models', 'import', join(scratch.folder, 'brought.onnx'), '--json'),
    );
    expect(imported).toMatchObject({ id });
  });
});

it('a new model of the catalog is one file; its very file is then known, whatever its name', async () => {
  const weights = new TextEncoder().encode('<opencv_storage/>');
  scratch.insert(
    'models/catalog.ts',
    '  yunet,\n',
    `  'haar-eye': cascade('Haar cascade, eyes', 'haar-eye.xml', 'haarcascade_eye.xml', '${sha256(weights)}', ${weights.length}, { width: 20, height: 20 }),\n`,
  );
  expect(scratch.touched.size).toBe(1);
  expect((await models()).get('haar-eye')).toMatchObject({ task: 'cascade', state: 'missing' });
  writeFileSync(join(scratch.folder, 'download'), weights);
  await kith('models', 'import', join(scratch.folder, 'download'));
  expect((await models()).get('haar-eye')).toMatchObject({ state: 'installed' });
});
