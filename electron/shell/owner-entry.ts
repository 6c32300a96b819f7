// What the owner of the library runs in Electron: a utility process that ends with the app.
import './sharp-on-linux.ts';
import type { MessagePortMain } from 'electron';
import { surviveLostReader, watchService } from '../log/process.ts';
import type { OwnerSetup, OwnerStart } from '../owner/messages.ts';
import { runOwner } from '../owner/run.ts';
import { type FromOwner, ToOwner } from './owner-messages.ts';
import { OwnerVision } from './owner-vision.ts';

watchService('owner');
surviveLostReader();

const { parentPort } = process;
const tell = (message: FromOwner) => parentPort.postMessage(message);
const vision = new OwnerVision(tell);
const stop = new AbortController();

/** Kept, for a port that nobody holds may be closed. */
let lifeline: MessagePortMain | undefined;

parentPort.on('message', ({ data, ports: [port] }) => {
  const message = ToOwner.parse(data);
  switch (message.kind) {
    case 'setup':
      lifeline = port;
      lifeline?.once('close', () => {
        // First, so that no photo is begun again.
        stop.abort();
        vision.abandon();
      });
      lifeline?.start();
      void run(message.setup);
      break;
    case 'started':
      if (port) vision.started(message.id, port);
      break;
    case 'ended':
      vision.ended(message.id, message.how);
      break;
    case 'quit':
      stop.abort();
  }
});

// Ctrl-C reaches every process of a terminal; the main process decides when the work ends.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('SIGTERM', () => stop.abort());

async function run(setup: OwnerSetup): Promise<never> {
  let opened: OwnerStart | undefined;
  await runOwner(
    { ...setup, spawn: vision.spawn },
    (start) => {
      opened = start;
      tell({ kind: 'opened', start });
    },
    stop.signal,
  );
  // What is said just before a process ends may not arrive: it waits until the main process has heard it.
  if (opened?.kind !== 'listening' && !stop.signal.aborted) {
    await new Promise((heard) => stop.signal.addEventListener('abort', heard, { once: true }));
  }
  process.exit();
}
