import { join } from 'node:path';
import { UnreadablePhoto } from '../contract/errors.ts';
import type { PhotoId } from '../contract/ids.ts';
import type { Analysis } from '../contract/vision.ts';
import type { OpenFile } from '../library/files.ts';
import type { Library } from '../library/open.ts';
import type { AnalysedBy } from '../library/photos.ts';

/** What looking at a file gave: a photo of the record, a new analysis, or the reason why there is neither. */
export type LookResult = { photo: PhotoId } | Analysis | UnreadablePhoto;

/** What a scan needs of the vision processes. */
export interface AnalysisPool {
  /**
   * @param options.chips whether the analysis has, for each face, the picture that its encoder was given
   * @throws UnreadablePhoto when the file gives no photo; anything else ends the scan
   */
  analyse(path: string, options?: { signal?: AbortSignal; chips?: boolean }): Promise<Analysis>;
  /** SHA-256 of the file's bytes, hex. @throws UnreadablePhoto */
  hash(path: string, options?: { signal?: AbortSignal }): Promise<{ hash: string; bytes: number }>;
}

interface LookOptions {
  library: Library;
  pool: () => AnalysisPool;
  setup: AnalysedBy;
  /** Absolute path of the folder. */
  root: string;
  /** All files that this scan will look at. */
  open: readonly OpenFile[];
  signal: AbortSignal;
}

/**
 * Opens files, and analyses each content once. A file that has as many bytes as a photo of the record, or as another file
 * of this scan, is hashed first: reading costs a hundredth of analysing.
 */
export class Look {
  readonly #options: LookOptions;
  /** Sizes in bytes that more than one file of this scan has. */
  readonly #shared = new Set<number>();
  /** Analyses by content hash that run, or that have ended and may not be in the record yet. */
  readonly #twins = new Map<string, Promise<Analysis>>();
  readonly #running = new Set<Promise<unknown>>();

  constructor(options: LookOptions) {
    this.#options = options;
    const once = new Set<number>();
    for (const { size } of options.open) {
      if (once.has(size)) this.#shared.add(size);
      once.add(size);
    }
  }

  /** @throws what the pool throws, except for a file that gives no photo, which is a result */
  at(file: OpenFile): Promise<LookResult> {
    const look = this.#open(file).catch((error: unknown) => {
      if (error instanceof UnreadablePhoto) return error;
      throw error;
    });
    const running: Promise<unknown> = look.then(
      () => this.#running.delete(running),
      () => this.#running.delete(running),
    );
    this.#running.add(running);
    return look;
  }

  /** Forgets an analysis that is in the record now, and is found there. */
  forget(hash: string): void {
    this.#twins.delete(hash);
  }

  /** Resolves when nothing is in flight. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #open(file: OpenFile): Promise<LookResult> {
    const { library, pool, setup, root, signal } = this.#options;
    const path = join(root, file.path);
    if (file.size === 0 || !(this.#shared.has(file.size) || library.photos.hasSize(file.size))) {
      return pool().analyse(path, { signal });
    }
    const { hash } = await pool().hash(path, { signal });
    signal.throwIfAborted();
    const photo = library.photos.analysed(hash, setup.detector);
    if (photo !== null) {
      library.photos.setContent(photo, hash, file.size);
      return { photo };
    }
    // Another file of this content may have failed for a reason of its own: it was deleted, say.
    const twin = await this.#twins.get(hash)?.catch(() => undefined);
    if (twin) return twin;
    const analysis = pool().analyse(path, { signal });
    this.#twins.set(hash, analysis);
    return analysis;
  }
}
