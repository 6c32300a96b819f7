import { setTimeout as wait } from 'node:timers/promises';
import type { Params, RequestName, Result } from '../contract/api.ts';
import { KithError } from '../contract/errors.ts';
import type { ServiceEvent } from '../contract/events.ts';
import { kinds } from '../contract/kinds.ts';
import type { ScanState } from '../contract/screens.ts';
import { log, passedOver } from '../log/log.ts';
import type { App, CallOptions, PictureKind, PictureOptions } from '../service/app/app.ts';
import { addressOf } from './address.ts';
import { Link, LinkLost } from './link.ts';
import { lockLibrary } from './lock.ts';
import type { OwnerSetup, StartOwner } from './messages.ts';
import { placeOf } from './place.ts';

/** How long a process waits for an owner that is closing, opening or not answering, in milliseconds. Chosen by hand. */
const PATIENCE = 30_000;

/** Between two tries to reach it, in milliseconds. Chosen by hand. */
const PAUSE = 50;

/** What a page may have to read again when another owner has taken over. */
const EVERYTHING = [
  'people',
  'groups',
  'photos',
  'faces',
  'journal',
  'models',
  'settings',
  'folders',
] as const;

/**
 * The application of a library in its owner's process: connects to the owner, or starts one where there is none. Where the
 * owner dies, the next request starts another. Reads are repeated, and a command that was running fails as
 * connection-lost.
 *
 * @param patience milliseconds that an owner has to answer in
 * @throws KithError library-busy where the owner does not answer or is of another version; the errors of opening a library
 */
export async function joinApp(setup: OwnerSetup, start: StartOwner, patience = PATIENCE): Promise<App> {
  const app = new JoinedApp({ ...setup, libraryFile: placeOf(setup.libraryFile) }, start, patience);
  await app.link();
  return app;
}

class JoinedApp implements App {
  readonly #setup: OwnerSetup;
  readonly #start: StartOwner;
  readonly #patience: number;
  readonly #listeners = new Set<(event: ServiceEvent) => void>();
  #link: Promise<Link> | null = null;
  #position = 0;
  #scan: ScanState | null = null;
  #isClosed = false;

  constructor(setup: OwnerSetup, start: StartOwner, patience: number) {
    this.#setup = setup;
    this.#start = start;
    this.#patience = patience;
  }

  get position(): number {
    return this.#position;
  }

  async call<N extends RequestName>(
    name: N,
    params: Params<N>,
    { signal, sender, seen }: CallOptions = {},
  ): Promise<Result<N>> {
    const request = {
      ...{ name, params },
      ...(sender === undefined ? {} : { sender }),
      ...(seen === undefined ? {} : { seen }),
    };
    const result = await this.#with(kinds[name] === 'read', (link) => link.call(request, signal));
    return result as Result<N>;
  }

  picture(kind: PictureKind, of: number, { size, known, head, signal }: PictureOptions = {}) {
    const request = {
      ...{ picture: kind, of },
      ...(size === undefined ? {} : { size }),
      ...(known === undefined ? {} : { known }),
      ...(head === undefined ? {} : { head }),
    };
    return this.#with(true, async (link) => {
      const picture = await link.picture(request, signal);
      signal?.throwIfAborted();
      return picture;
    });
  }

  on(listener: (event: ServiceEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    // Where connecting failed, the caller had that error, and there is no connection to close.
    const link = await this.#link?.catch(() => null);
    await link?.leave();
  }

  /** The present connection, or a new one. */
  link(): Promise<Link> {
    if (this.#isClosed) return Promise.reject(new KithError('cancelled', this.#setup.libraryFile));
    if (this.#link) return this.#link;
    const link = connected(this.#setup, this.#start, this.#patience);
    this.#link = link;
    link.then(
      (opened) => this.#follow(opened),
      () => {
        this.#link = null;
      },
    );
    return link;
  }

  /** @param canRepeat whether the request changes nothing, so that it can be sent again to the next owner */
  async #with<T>(canRepeat: boolean, ask: (link: Link) => Promise<T>): Promise<T> {
    for (;;) {
      const link = await this.link();
      try {
        return await ask(link);
      } catch (error) {
        if (!(error instanceof LinkLost)) throw error;
        if (!canRepeat || this.#isClosed) {
          throw new KithError('connection-lost', this.#setup.libraryFile, { cause: error });
        }
      } finally {
        this.#position = link.position;
      }
    }
  }

  #follow(link: Link): void {
    this.#position = link.position;
    link.onEvent = (event) => {
      if (event.kind === 'scan') this.#scan = event.state;
      this.#tell(event);
    };
    void link.ended.then(async () => {
      this.#link = null;
      if (this.#isClosed) return;
      // The owner's scan has ended with it.
      const scan = this.#scan;
      if (scan && !['done', 'cancelled', 'failed'].includes(scan.phase)) {
        this.#scan = null;
        const failure = { code: 'connection-lost', detail: this.#setup.libraryFile };
        this.#tell({ kind: 'scan', state: { ...scan, phase: 'failed', failure } });
      }
      log.note('owner.lost', {});
      await this.link().catch(passedOver('owner'));
      this.#tell({ kind: 'changed', what: [...EVERYTHING] });
    });
  }

  #tell(event: ServiceEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

async function connected(setup: OwnerSetup, start: StartOwner, patience: number): Promise<Link> {
  const { libraryFile } = setup;
  const until = performance.now() + patience;
  for (;;) {
    const address = addressOf(libraryFile);
    const link = address && (await Link.open(address));
    if (link) return link;
    const started = await start(setup);
    if (started.kind === 'failed') {
      const { code, detail } = started.failure;
      if (code === 'internal') throw new Error(detail);
      throw new KithError(code, detail);
    }
    if (performance.now() > until) {
      throw new KithError('library-busy', `${libraryFile}: its owner does not answer`);
    }
    // The owner may be opening the library, or closing it: wait for that before the next try.
    if (started.kind === 'taken') await free(libraryFile, address?.path, until);
  }
}

/** Waits until the library has no owner, or one with another address. @param tried the address that did not answer */
async function free(libraryFile: string, tried: string | undefined, until: number): Promise<void> {
  while (performance.now() < until) {
    await wait(PAUSE);
    const now = addressOf(libraryFile)?.path;
    if (now !== undefined && now !== tried) return;
    const lock = lockLibrary(libraryFile);
    lock?.release();
    if (lock) return;
  }
}
