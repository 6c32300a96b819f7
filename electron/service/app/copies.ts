import { KithError } from '../../contract/errors.ts';
import { exists, realFile, removeWithCompanions } from '../../library/copy-files.ts';
import { eraseLibrary } from '../../library/erase.ts';
import { placeForCopy } from '../../library/kept-copies.ts';
import { swapIn } from '../../library/restore.ts';
import { passedOver } from '../../log/log.ts';
import { inspectInThread, listInThread, prepareInThread, writeCopyInThread } from '../copy-tasks.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handlers.ts';

type CopyHandlers = Pick<
  Handlers,
  'library.backup' | 'library.copies' | 'library.inspect' | 'library.restore' | 'library.erase'
>;

/** Runs work that reads or writes the library's file, beside the open library itself. One piece runs after another. */
export class Copies {
  readonly #engine: Engine;
  #last: Promise<unknown> = Promise.resolve();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** The real path of the library's file, without the links that it was opened by. */
  get file(): string {
    return realFile(this.#engine.library.file);
  }

  /** Runs `work` once all work before it has ended. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    // The caller gets the error; the next piece of work begins all the same.
    this.#last = done.catch(() => {});
    return done;
  }

  /** Resolves once no work is running. */
  async idle(): Promise<void> {
    await this.#last;
  }
}

/** Requests about copies of the record, and about erasing it. */
export function copyRequests(engine: Engine, copies: Copies): CopyHandlers {
  const everything = () =>
    engine.tell({
      kind: 'changed',
      what: ['people', 'groups', 'photos', 'faces', 'journal', 'settings', 'folders'],
    });

  return {
    'library.backup': ({ path }) =>
      copies.run(async () => {
        const target = path ?? placeForCopy(copies.file, 'hand');
        const summary = await writeCopyInThread(copies.file, target);
        if (path !== null) remember(engine, target);
        return { path: target, summary };
      }),

    'library.copies': () => copies.run(() => listInThread(copies.file)),

    'library.inspect': ({ path }) =>
      copies.run(async () => ({
        copy: await inspectInThread(copies.file, path),
        now: engine.library.summary(),
      })),

    'library.restore': async ({ path }) => {
      const { part, summary } = await copies.run(() => prepareInThread(copies.file, path));
      try {
        const former = await engine.withoutLibrary((file) => swapIn({ part }, file));
        return { path, former, summary };
      } finally {
        removeWithCompanions(part);
        everything();
      }
    },

    'library.erase': async () => {
      const elsewhere = remembered(engine).filter(exists);
      const erased = await engine.withoutLibrary(eraseLibrary);
      everything();
      return { ...erased, elsewhere };
    },
  };
}

/** Paths of copies that the user had written elsewhere: a list in JSON. */
const ELSEWHERE = 'copies-elsewhere';

/** How many paths are remembered, the latest ones. It bounds the setting's size. Chosen by hand. */
const REMEMBERED = 100;

function remembered({ library }: Engine): string[] {
  try {
    const paths: unknown = JSON.parse(library.settings.get(ELSEWHERE) ?? '[]');
    return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : [];
  } catch (error) {
    passedOver('settings')(error);
    return [];
  }
}

/** Remembers where a copy was written, so that erasing can say where copies are left. */
function remember(engine: Engine, path: string): void {
  const paths = [...remembered(engine).filter((known) => known !== path), path].slice(-REMEMBERED);
  try {
    engine.library.settings.put(ELSEWHERE, JSON.stringify(paths));
  } catch (error) {
    // The copy was made, so the request has not failed where its path can't be written into the record.
    if (!(error instanceof KithError)) throw error;
  }
}
