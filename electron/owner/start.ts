import { fork } from 'node:child_process';
import { OwnerStart, type StartOwner } from './messages.ts';

/** How many of the last UTF-16 units of an owner's standard error are kept, to tell why it ended. Chosen by hand. */
const COMPLAINT_LENGTH = 2000;

/**
 * What the C library of Linux is told about memory of the owner. It keeps freed blocks of up to 32 MB for later, so that the
 * lists which grouping 100,000 faces makes in a thread would never be given back: 1.49 GB at the peak instead of 1.28 GB
 * (`npm run bench -- people`, November 2026). From four megabytes on, blocks go back at once; no time was lost by it.
 * See mallopt(3), M_MMAP_THRESHOLD. Other systems don't read it.
 */
export const OWNER_MEMORY = { MALLOC_MMAP_THRESHOLD_: String(4 * 1024 ** 2) };

/**
 * Starts an owner as a process of this Node. It may outlive this process, since others may connect to it.
 *
 * @throws Error where it ends without an answer
 */
export const startOwner: StartOwner = (setup) => {
  const child = fork(new URL('./main.ts', import.meta.url), [], {
    // In a process group of its own: Ctrl-C in a terminal ends only the process that was started there.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Without this process's options: a debugger's port can't be opened twice.
    execArgv: [],
    env: { ...OWNER_MEMORY, ...process.env },
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
