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

/** Everything that reads or writes the library's file beside the library itself, one after another. */
export class Copies {
  readonly #engine: Engine;
  #last: Promise<unknown> = Promise.resolve();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** The library's file, by whatever links it was opened. */
  get file(): string {
    return realFile(this.#engine.library.file);
  }

  /** Does something as soon as nothing else is being done. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    // Whoever asked for it is told; the next begins all the same.
    this.#last = done.catch(() => {});
    return done;
  }

  /** Resolves once nothing is being done. */
  async idle(): Promise<void> {
    await this.#last;
  }
}

/** Requests about copies of the record, and its end. */
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

/** The most paths that are remembered, the latest; bounds the setting, chosen by hand. */
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

/** So that erasing can say where copies are left. */
function remember(engine: Engine, path: string): void {
  const paths = [...remembered(engine).filter((known) => known !== path), path].slice(-REMEMBERED);
  try {
    engine.library.settings.put(ELSEWHERE, JSON.stringify(paths));
  } catch (error) {
    // The copy is there, even where the record can't be written just now.
    if (!(error instanceof KithError)) throw error;
  }
}
