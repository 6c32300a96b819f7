import { fork } from 'node:child_process';
import type { OwnerStart, StartOwner } from '../../electron/owner/messages.ts';

/**
 * Starts the real owner of a library as a process of its own, whose vision is replaced (see made-owner-child.ts): by
 * processes that can be killed, or by none.
 */
export const startMadeOwner =
  (vision: 'processes' | 'none'): StartOwner =>
  (setup) => {
    const child = fork(new URL('./made-owner-child.ts', import.meta.url), [vision], {
      ...{ detached: true, stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] },
    });
    return new Promise<OwnerStart>((resolve, reject) => {
      child.once('message', (message) => resolve(message as OwnerStart));
      child.once('exit', (code, signal) => reject(new Error(`the owner ended at once: ${signal ?? code}`)));
      child.send(setup);
    }).finally(() => {
      child.unref();
      if (child.connected) child.disconnect();
    });
  };
