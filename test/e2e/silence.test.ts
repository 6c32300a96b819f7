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

/** A program of its own that multiplies as the service does: by ONNX Runtime, in one of the service's threads. */
const inThread = `
  import { isMainThread } from 'node:worker_threads';
  const { answerOnce, inThread } = await import('file://${project}/electron/service/thread.ts');
  if (isMainThread) await inThread(new URL(import.meta.url), {});
  else {
    await answerOnce(async () => {
      const { openProduct } = await import('file://${project}/electron/service/matrix.ts');
      const product = await openProduct();
      await product(new Float32Array(256), new Float32Array(256), 128);
      await product.release();
    });
  }
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
