import { fork } from 'node:child_process';
import { OwnerStart, type StartOwner } from './messages.ts';

/** As much of what an owner complained of as helps to find out why it ended. */
const COMPLAINT_LENGTH = 2000;

/**
 * Starts an owner as a process of this Node that outlives this one, for others may join it.
 *
 * @throws Error where it ended without a word
 */
export const startOwner: StartOwner = (setup) => {
  const child = fork(new URL('./main.ts', import.meta.url), [], {
    // Of its own: Ctrl-C in a terminal goes to the one who was started there.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Not this process's own: a debugger's port can't be opened twice.
    execArgv: [],
  });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-COMPLAINT_LENGTH);
  });
  return new Promise<OwnerStart>((resolve, reject) => {
    child.once('message', (message) => resolve(OwnerStart.parse(message)));
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`The owner of the library ended at once (${signal ?? code}): ${complaint.trim()}`)),
    );
    child.send(setup, (error) => error && reject(error));
  }).finally(() => {
    child.stderr?.destroy();
    child.unref();
    if (child.connected) child.disconnect();
  });
};
