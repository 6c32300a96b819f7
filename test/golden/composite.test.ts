import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EncoderKey } from '../../electron/contract/ids.ts';
import { dot } from '../../electron/grouping/similarity.ts';
import { joinVectors } from '../../electron/vision/composite.ts';
import { createPipeline } from '../../electron/vision/pipeline.ts';
import { importModel } from '../../models/import.ts';
import { catalogJoin } from '../../models/joins.ts';
import { ensureBundled } from '../../models/make.ts';
import { openStore } from '../../models/store.ts';
import { samples } from './models-reference.ts';

const shared = process.env.KITH_SHARED;

describe.skipIf(!shared)('FaceNet and dlib together (KITH_SHARED)', { timeout: 120_000 }, () => {
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kith-composite-'));
    vi.stubEnv('KITH_MODELS_DIR', folder);
    await ensureBundled();
    const facenet = ['model.json', 'model.h5'].map((file) => join(shared!, 'models/facenet', file));
    await importModel(facenet);
  });

  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  async function embeddings(encoder: EncoderKey): Promise<Float32Array[]> {
    const pipeline = await createPipeline({
      detector: 'ssd',
      encoder,
      models: [...openStore().folders],
      maxSide: 1600,
    });
    const { faces } = await pipeline.analyse(samples[0]!.path);
    await pipeline.dispose();
    return faces.map(({ embedding }) => embedding);
  }

  it('give for each face what both give alone, joined', async () => {
    const { join } = catalogJoin('facenet-512+dlib')!;
    const [facenet, dlib, both] = [
      await embeddings('facenet-512'),
      await embeddings('dlib'),
      await embeddings('facenet-512+dlib'),
    ];
    expect(both.length).toBeGreaterThan(0);
    both.forEach((vector, at) => {
      const expected = joinVectors([facenet[at]!, dlib[at]!], join);
      expect(vector).toHaveLength(135);
      expect(dot(vector, expected)).toBeGreaterThan(1 - 1e-6);
    });
  });
});
