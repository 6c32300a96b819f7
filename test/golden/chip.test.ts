import sharp from 'sharp';
import { expect, it } from 'vitest';
import { createPipeline } from '../../electron/vision/pipeline.ts';
import { drawnPictures, joined, openSession, runOnPictures } from '../../electron/vision/session.ts';
import { mirrorChip } from '../../electron/vision/warp.ts';
import { openStore } from '../../models/store.ts';
import { samples } from './models-reference.ts';

it('a chip is to the pixel what the encoder was given', async () => {
  const store = openStore();
  const models = [...store.folders];
  const pipeline = await createPipeline({ detector: 'ssd', encoder: 'dlib', models, maxSide: 1600 });
  const { faces } = await pipeline.analyse(samples[0]!.path, { chips: true });
  const unasked = await pipeline.analyse(samples[0]!.path);
  await pipeline.dispose();
  expect(unasked.faces.every(({ chip }) => chip === undefined)).toBe(true);
  expect(faces.length).toBe(samples[0]!.people);

  const session = await openSession(await store.find('dlib'), drawnPictures(150));
  for (const { chip, embedding } of faces) {
    const { data, info } = await sharp(chip).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 150, height: 150, channels: 3 });
    const pixels = new Uint8Array(data);
    const outputs = await runOnPictures(session, joined([pixels, mirrorChip(pixels, 150)]), [2, 150, 150, 3]);
    const vectors = Object.values(outputs)[0]!;
    const views = [vectors.subarray(0, 128), vectors.subarray(128)];
    const mean = Array.from(embedding, (_, at) =>
      views.reduce((sum, view) => sum + view[at]! / Math.hypot(...view), 0),
    );
    const cosine = mean.reduce((sum, value, at) => sum + value * embedding[at]!, 0) / Math.hypot(...mean);
    expect(cosine).toBeGreaterThan(0.999999);
  }
  await session.release();
});
