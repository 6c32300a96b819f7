/** One vision pipeline over a folder, in a process of its own: prints milliseconds a photo by stage. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createPipeline } from '../../electron/vision/pipeline.ts';
import { openStore } from '../../models/store.ts';
import { samples } from '../golden/models-reference.ts';
import { LONGEST_SIDE } from './settings.ts';

const pipeline = await createPipeline({
  detector: 'ssd',
  encoder: 'dlib',
  models: [...openStore().folders],
  maxSide: LONGEST_SIDE,
});
await pipeline.analyse(samples[0]!.path);
const before = { ...pipeline.timings };
const folder = process.argv[2]!;
const names = await readdir(folder);
for (const name of names) await pipeline.analyse(join(folder, name));
const stages = Object.entries(pipeline.timings).map(([stage, total]) => [
  stage,
  (total - before[stage as keyof typeof before]) / names.length,
]);
console.log(JSON.stringify(Object.fromEntries(stages)));
await pipeline.dispose();
