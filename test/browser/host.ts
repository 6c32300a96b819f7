import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ended, start } from '../e2e/cli.ts';
import { enter, Page as Wire } from '../e2e/page.ts';

export interface Place {
  /** Folder of the test's own. */
  folder: string;
  library: string;
  /** Surroundings in which the person's own data and choices stay out of it. */
  env: Record<string, string>;
}

export interface Kith extends Place {
  /** What a person opens, token and all. */
  address: string;
  port: number;
  /** A page without a browser: it asks, and hears, what a real one does. */
  wire(): Promise<Wire>;
  /** Ends it as Ctrl-C does. */
  stop(): Promise<void>;
}

/** Prepares a person's machine: the bundled models are in use, whatever else is installed. */
export async function settle(folder: string, models = { detector: 'ssd', encoder: 'dlib' }): Promise<Place> {
  const data = join(folder, 'data');
  await mkdir(join(data, 'kith'), { recursive: true });
  await writeFile(join(data, 'kith', 'settings.json'), JSON.stringify(models));
  return {
    folder,
    library: join(folder, 'library.kith'),
    env: { XDG_DATA_HOME: data, LOCALAPPDATA: data, KITH_LOG: join(folder, 'log'), KITH_CHECK_RESULTS: '1' },
  };
}

/** Starts `kith open` as a process of its own, and waits until it serves. */
export async function openKith(place: Place, port?: number): Promise<Kith> {
  const words = ['open', '--no-browser', '--library', place.library];
  const child = start([...words, ...(port === undefined ? [] : ['--port', String(port)])], {
    env: place.env,
  });
  const end = ended(child);
  const [address] = (await Promise.race([
    once(createInterface({ input: child.stdout! }), 'line'),
    end.then(({ stderr }) => Promise.reject(new Error(`Kith ended at once: ${stderr}`))),
  ])) as [string];
  const { port: served, origin } = new URL(address);
  return {
    ...place,
    address,
    port: Number(served),
    async wire() {
      const wire = new Wire(Number(served), { cookie: await enter(address), origin });
      const status = await wire.opened();
      if (status !== null) throw new Error(`Expected to be let in but received status ${status}`);
      return wire;
    },
    async stop() {
      child.kill('SIGINT');
      await end;
    },
  };
}
