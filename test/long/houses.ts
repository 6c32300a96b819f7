import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { addressOf } from '../../electron/owner/address.ts';
import { joinApp } from '../../electron/owner/join.ts';
import type { OwnerSetup } from '../../electron/owner/messages.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { startMadeOwner } from './made-owner.ts';
import { madeProcess } from './made-process.ts';

/** The models in use. */
type Setup = Omit<OwnerSetup, 'libraryFile'>;

/** Where the service of a sequence runs: in this process, or in that of an owner. */
export interface House {
  /** The record's file. */
  readonly file: string;
  /** The service as its senders reach it; they share these. */
  open(setup: Setup): Promise<App[]>;
  /** Ends the service as SIGKILL does. @returns the service as it goes on with what is left */
  kill(apps: App[], setup: Setup): Promise<App[]>;
  /** Resolves once that is so, or once whatever was told has surely come. */
  told(isTold: () => boolean): Promise<void>;
}

/** In this very process, for a thousand sequences within minutes. SIGKILL is a copy of the files as they are just then. */
export function thisProcess(folder: string): House {
  let life = 0;
  const place = () => join(folder, `life-${life}`, 'library.kith');
  const open = async (setup: Setup) => {
    mkdirSync(dirname(place()), { recursive: true });
    return [await createApp({ ...setup, libraryFile: place(), poolSize: 2, spawn: madeProcess })];
  };
  return {
    open,
    get file() {
      return place();
    },
    async kill(apps, setup) {
      const former = place();
      life++;
      mkdirSync(dirname(place()));
      for (const end of ['', '-wal', '-shm']) {
        if (existsSync(`${former}${end}`)) copyFileSync(`${former}${end}`, `${place()}${end}`);
      }
      for (const app of apps) await app.close();
      return open(setup);
    },
    told: async () => {},
  };
}

/** How long an event may be on its way, in milliseconds. */
const ON_THE_WAY = 1000;

/** The real owner in a process of its own, two that are connected to it, and SIGKILL. */
export function ownerProcess(folder: string): House {
  const file = join(folder, 'library.kith');
  return {
    file,
    async open(setup) {
      const join = () => joinApp({ ...setup, libraryFile: file }, startMadeOwner('none'));
      return [await join(), await join()];
    },
    async kill(apps) {
      process.kill(addressOf(file)!.pid, 'SIGKILL');
      // Reads are asked again of the next owner.
      for (const app of apps) await app.call('library.overview', {});
      return apps;
    },
    async told(isTold) {
      for (let waited = 0; waited < ON_THE_WAY && !isTold(); waited += 5) await wait(5);
    },
  };
}
