import { setTimeout as wait } from 'node:timers/promises';
import type { VisionRequest } from '../../electron/contract/vision.ts';
import { madeVision } from './made-vision.ts';

// A vision process of its own that answers as `madeVision` does, to be killed. A photo takes it some milliseconds.

const vision = madeVision();
process.on('message', async (request: VisionRequest) => {
  if (request.kind === 'analyse') await wait(3);
  process.send?.(await vision.answer(request));
});
process.on('disconnect', () => process.exit());
