import { expect, it } from 'vitest';
import type { ProviderId, ProviderRefusal } from '../../electron/contract/vision.ts';
import { loadStages } from '../../electron/vision/load.ts';
import { InferenceSession, Tensor } from '../../models/onnxruntime.ts';
import { openStore } from '../../models/store.ts';

// Each real network takes the picture that it is compared by, and has numbers to compare. The card is the processor again.

it.each([
  ['is taken where it gives what the processor gives', 1, []],
  ['is left by all networks once one of them differs', -1, [{ provider: 'webgpu', why: 'differs' }]],
])('A provider %s.', async (_, factor, wanted) => {
  const asked: string[] = [];
  const refusals: ProviderRefusal[] = [];
  const open = async (file: string, provider: ProviderId) => {
    const session = await InferenceSession.create(file, { intraOpNumThreads: 1 });
    if (provider === 'cpu') return session;
    asked.push(file.split('/').at(-1)!);
    return {
      inputNames: session.inputNames,
      async run(feeds: Record<string, Tensor>) {
        const outputs = Object.entries(await session.run(feeds)).map(([name, { data, dims }]) => {
          const numbers = (data as Float32Array).map((value) => value * factor);
          expect(numbers.some((value) => Number.isFinite(value) && value !== 0)).toBe(true);
          return [name, new Tensor('float32', numbers, dims)] as const;
        });
        return Object.fromEntries(outputs);
      },
      release: () => session.release(),
    };
  };
  const setup = {
    detector: 'ssd',
    encoder: 'dlib',
    models: [...openStore().folders],
    maxSide: 1600,
  } as const;
  const stages = await loadStages(
    { ...setup, models: [...setup.models], provider: 'webgpu' },
    (refusal) => refusals.push(refusal),
    open,
  );
  await Promise.all([stages.detector, stages.landmarker, stages.encoder].map((stage) => stage.dispose()));
  expect(refusals).toMatchObject(wanted);
  expect(asked).toHaveLength(wanted.length > 0 ? 1 : 4);
});
