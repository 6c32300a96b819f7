import { createRequire } from 'node:module';
import type { Cv, OpenCvModule, Owned } from './opencv-types.ts';

/** OpenCV with its two traps covered: memory that is freed by hand, and errors thrown as numbers. */
export interface OpenCv {
  /**
   * Runs `work`, then frees all that it took through `own`, whether it succeeded or not.
   * @throws Error with OpenCV's own message where OpenCV throws a pointer to one.
   */
  run<T>(work: (cv: Cv, own: <O extends Owned>(made: O) => O) => T): T;
  /** Bytes of WebAssembly's memory; it grows when something is not freed, and never shrinks. */
  heapBytes(): number;
}

const require = createRequire(import.meta.url);
let loaded: OpenCv | null = null;

/** Loads OpenCV once for this process: half a second, and 130 MB of address space. */
export function loadOpenCv(): OpenCv {
  loaded ??= load();
  return loaded;
}

function load(): OpenCv {
  const { cv, cvTranslateError } = withoutItsHandlers((): OpenCvModule => require('opencv-wasm'));
  return {
    run(work) {
      const owned: Owned[] = [];
      try {
        return work(cv, (made) => {
          owned.push(made);
          return made;
        });
      } catch (thrown) {
        if (thrown instanceof Error) throw thrown;
        throw new Error(`OpenCV: ${cvTranslateError(cv, thrown) ?? String(thrown)}`, { cause: thrown });
      } finally {
        for (const made of owned.reverse()) made.delete();
      }
    },
    heapBytes: () => cv.HEAPU8.length,
  };
}

/** Emscripten's start-up code ends the process on any unhandled rejection; that is not its to decide. */
function withoutItsHandlers<T>(start: () => T): T {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = new Set(events.flatMap((event) => process.rawListeners(event)));
  const started = start();
  for (const event of events) {
    for (const listener of process.rawListeners(event)) {
      if (!before.has(listener)) process.off(event, listener as () => void);
    }
  }
  return started;
}
