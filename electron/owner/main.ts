import { surviveLostReader, watchService } from '../log/process.ts';
import { OwnerSetup, type OwnerStart } from './messages.ts';
import { runOwner } from './run.ts';

// The process that owns a library, as a fork of Node. It runs while any process is connected to it, also when the process
// that started it has ended.

watchService('owner');
// The process that started this one reads its standard error only until it listens.
surviveLostReader();

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());

process.once('message', (message) => {
  void runOwner(OwnerSetup.parse(message), tell, stop.signal).finally(() => process.exit());
});

function tell(start: OwnerStart): void {
  if (process.connected) process.send?.(start, () => process.connected && process.disconnect());
}
