import { log, passedOver } from '../log/log.ts';
import { createApp } from '../service/app/create.ts';
import { failureOf } from '../service/app/door.ts';
import type { EngineOptions } from '../service/app/engine.ts';
import { announce, newAddress, withdraw } from './address.ts';
import { lockLibrary } from './lock.ts';
import type { OwnerSetup, OwnerStart } from './messages.ts';
import { serveOwner } from './serve.ts';

/**
 * Owns a library until all connected processes have left: the record, the state of matching, scans and jobs. No other
 * process opens the library's file meanwhile.
 *
 * @param tell called once with how the start went
 * @param stopped aborted when the process is asked to end
 */
export async function runOwner(
  setup: OwnerSetup & Pick<EngineOptions, 'spawn'>,
  tell: (start: OwnerStart) => void,
  stopped: AbortSignal,
): Promise<void> {
  const { libraryFile } = setup;
  try {
    const lock = lockLibrary(libraryFile);
    if (lock === null) {
      tell({ kind: 'taken' });
      return;
    }
    try {
      await own(setup, () => tell({ kind: 'listening' }), stopped);
    } finally {
      withdraw(libraryFile);
      lock.release();
    }
  } catch (error) {
    log.failure('library.refused', error, {});
    tell({ kind: 'failed', failure: failureOf(error) });
  }
}

async function own(
  setup: OwnerSetup & Pick<EngineOptions, 'spawn'>,
  listening: () => void,
  stopped: AbortSignal,
): Promise<void> {
  // Removes the announcement of an owner that was killed.
  withdraw(setup.libraryFile);
  const app = await createApp(setup);
  try {
    const address = newAddress();
    const served = await serveOwner(app, address);
    try {
      announce(setup.libraryFile, address);
      listening();
      await Promise.race([served.deserted, ended(stopped)]);
    } finally {
      // The process that left last waits until the library is closed.
      await app.close();
      await served.close();
    }
  } catch (error) {
    // The first error is the one that is thrown.
    await app.close().catch(passedOver('closing'));
    throw error;
  }
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
