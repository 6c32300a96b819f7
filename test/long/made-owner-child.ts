import type { OwnerSetup } from '../../electron/owner/messages.ts';
import { runOwner } from '../../electron/owner/run.ts';
import { forkOf } from '../../electron/vision/pool.ts';
import { madeProcess } from './made-process.ts';

// The owner of a library as `electron/owner/main.ts` runs it, but for its vision.

const spawn =
  process.argv[2] === 'none' ? madeProcess : forkOf(new URL('./made-vision-worker.ts', import.meta.url));
process.once('message', (setup) => {
  const tell = (start: unknown) =>
    process.connected && process.send!(start, () => process.connected && process.disconnect());
  void runOwner({ ...(setup as OwnerSetup), spawn }, tell, new AbortController().signal).finally(() =>
    process.exit(),
  );
});
