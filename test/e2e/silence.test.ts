import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../models/store.ts';
import { copySamples, kith, scratch } from './cli.ts';

// ONNX Runtime writes down what it has done before it sends it anywhere. Each process below has a home of its own, and
// nothing may be found in there but what Kith itself keeps.

const project = resolve(import.meta.dirname, '../..');
let folder: string;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ folder, remove } = await scratch());
});
afterAll(() => remove());

function fresh(name: string) {
  const home = join(folder, name);
  mkdirSync(home);
  const env: NodeJS.ProcessEnv = {
    HOME: home,
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_DATA_HOME: join(home, 'data'),
    KITH_MODELS_DIR: openStore().folders.at(-1)!,
  };
  // It holds its tongue in these by itself, and by what a person has set.
  for (const kept of ['CI', 'GITHUB_ACTIONS', 'TF_BUILD', 'ORT_DISABLE_TELEMETRY']) env[kept] = undefined;
  const written = () => readdirSync(home, { recursive: true, encoding: 'utf8' });
  return { env, written };
}

/** A program of its own that opens a network where the service does: in a thread. */
const inThread = `
  import { Worker } from 'node:worker_threads';
  await import('file://${project}/electron/service/naming.ts');
  const { calibrationOf } = await import('file://${project}/electron/service/encoder.ts');
  const worker = new Worker(new URL('file://${project}/electron/service/neighbours-worker.ts'), {
    workerData: {
      faces: {
        vectors: new Float32Array(256).fill(128 ** -0.5), size: 128, photo: Int32Array.of(0, 1),
        group: Int32Array.of(-1, -1), quality: Float32Array.of(1, 1),
      },
      calibration: calibrationOf('dlib'),
    },
  });
  await new Promise((done, fail) => worker.once('message', done).once('error', fail));
`;

/** The same without Kith. */
const without = `
  import { createRequire } from 'node:module';
  const { InferenceSession } = createRequire('${project}/')('onnxruntime-node');
  await InferenceSession.create('${join(openStore().folders.at(-1)!, 'landmarks-68.onnx')}');
`;

function run(script: string, env: NodeJS.ProcessEnv) {
  const file = join(folder, 'script.mjs');
  writeFileSync(file, script);
  return spawnSync(process.execPath, [file], { encoding: 'utf8', env: { ...process.env, ...env } });
}

describe.runIf(process.platform === 'linux')('Nothing is counted for anybody', () => {
  it('by the processes that look at photos', async () => {
    const { env, written } = fresh('photos');
    const photos = join(folder, 'samples');
    mkdirSync(photos);
    await copySamples(photos, [1]);
    const { status } = await kith(['group', photos, '--library', join(folder, 'a.kith')], { env });
    expect(status).toBe(0);
    expect(written()).toEqual([]);
  });

  it('by the threads of the service', () => {
    const { env, written } = fresh('threads');
    const { status, stderr } = run(inThread, env);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(written()).toEqual([]);
  });

  it('though ONNX Runtime would, had nobody told it not to', () => {
    const { env, written } = fresh('told');
    expect(run(without, env).status).toBe(0);
    expect(written().join('\n')).toContain('deviceid');
  });
});
