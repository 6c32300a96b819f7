import type { Calibration } from '../contract/calibration.ts';
import { KithError } from '../contract/errors.ts';
import type { EncoderKey, FaceId } from '../contract/ids.ts';
import { ClusterSuggestions } from '../grouping/cluster-suggestions.ts';
import { Matcher } from '../grouping/matcher.ts';
import { NearQuestions } from '../grouping/near-questions.ts';
import { plainProduct } from '../grouping/product.ts';
import type { Library } from '../library/open.ts';
import type { MatchingState } from '../library/revisions.ts';
import { passedOver } from '../log/log.ts';
import { KnownNames } from './known-names.ts';
import { LEAST, type LoadedMatching, loadMatching, type MatchingTask } from './load-matching.ts';
import { inThread, WORTH_A_THREAD } from './thread.ts';

/** All faces and the matching of them, at one state of the record. */
export interface Loaded {
  state: MatchingState;
  faceIds: readonly FaceId[];
  matcher: Matcher;
  names: KnownNames;
  /** What distances mean in this library. */
  calibration: Calibration;
  suggestions: ClusterSuggestions;
  near: NearQuestions;
}

/** The faces of a library with their neighbours, in memory: loaded when they are needed first, and again when they change. */
export class LoadedFaces {
  readonly #library: Library;
  readonly #encoder: EncoderKey;
  readonly #calibration: Calibration;
  #loaded: Loaded | null = null;
  #preparing: Promise<void> | null = null;
  /** Stops loading that was begun ahead of need. */
  #ahead = new AbortController();
  #isNeeded = false;
  #begun = 0;
  readonly #stop = new AbortController();

  constructor(library: Library, encoder: EncoderKey, calibration: Calibration) {
    this.#library = library;
    this.#encoder = encoder;
    this.#calibration = calibration;
  }

  /** What is loaded. To be called once they were prepared. */
  now(): Loaded {
    if (!this.#loaded) throw new Error('Expected the faces to be prepared before anybody is matched');
    return this.#loaded;
  }

  /** Stops loading. What waits for the faces fails as cancelled. Resolves once no thread has the library's file open. */
  async stop(): Promise<void> {
    this.#stop.abort();
    // The caller that began loading gets the error.
    await this.#preparing?.catch(() => {});
  }

  get isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /**
   * Whether the faces are loaded as they are now, so that they can be matched. Faces that a scan has added since do not
   * count: it adds some every moment, and has them matched at its end.
   */
  get isReady(): boolean {
    if (this.#loaded === null || this.isStopped) return false;
    const { state } = this.#loaded;
    const now = this.#library.revisions.matching();
    return state.changed === now.changed && (state.verdicts === now.verdicts || !this.#isSmall());
  }

  /**
   * Loads the faces with their neighbours, where they are not loaded as they are now. To be awaited before any matching.
   */
  async prepare(): Promise<void> {
    this.#isNeeded = true;
    await this.#prepare();
  }

  async #prepare(): Promise<void> {
    if (this.isStopped) throw new KithError('cancelled', 'grouping');
    // What is being loaded may have changed since loading began, or was given up. Then it is loaded once more.
    await this.#preparing?.catch((error: unknown) => {
      if (!this.#ahead.signal.aborted) throw error;
    });
    if (this.isReady && this.#loaded!.state.added === this.#library.revisions.matching().added) return;
    if (this.#preparing === null) {
      this.#begun = performance.now();
      this.#ahead = new AbortController();
      this.#preparing = this.#load().finally(() => {
        this.#preparing = null;
        this.#isNeeded = false;
      });
    }
    await this.#preparing;
  }

  /** Gives up loading that was begun ahead of need and that no caller waits for: what is about to change would make it useless. */
  leaveAhead(): void {
    if (this.#preparing !== null && !this.#isNeeded) this.#ahead.abort();
  }

  /** How long loading has taken so far, in milliseconds; 0 where nothing is being loaded. */
  get reading(): number {
    return this.#preparing === null ? 0 : performance.now() - this.#begun;
  }

  /** Begins to load the faces ahead of need. Few are awaited; many take seconds, for which no caller should wait. */
  async prepareAhead(): Promise<void> {
    const prepared = this.#prepare();
    if (this.#isSmall()) await prepared;
    // The next caller that needs the faces loads them again, and gets the error.
    else prepared.catch(passedOver('read-ahead'));
  }

  /**
   * Whether all faces are loaded within a moment. Where the user says that a face is none, only a small library is loaded
   * again at once; a large one goes on with the face until the next time, since one face changes next to nothing.
   */
  #isSmall(): boolean {
    return this.#library.cards.photos.counts().faces < WORTH_A_THREAD;
  }

  async #load(): Promise<void> {
    const task: MatchingTask = { encoder: this.#encoder, calibration: this.#calibration };
    const library = this.#library;
    this.#loaded = null;
    library.labelChanges.watch();
    const { state, faceIds, match, calibration }: LoadedMatching = this.#isSmall()
      ? await loadMatching(library, task, plainProduct)
      : await inThread(
          new URL('./load-matching-worker.ts', import.meta.url),
          { ...task, file: library.file },
          AbortSignal.any([this.#stop.signal, this.#ahead.signal]),
        );
    const matcher = new Matcher(match, calibration, LEAST);
    const names = new KnownNames(library, faceIds, match.faces.quality, calibration.founder);
    this.#loaded = {
      state,
      faceIds,
      matcher,
      names,
      calibration,
      suggestions: new ClusterSuggestions(match, calibration),
      near: new NearQuestions(match, calibration),
    };
  }
}
