import { availableParallelism } from 'node:os';
import type { CropLook } from '../contract/crops.ts';
import { KithError, UnreadablePhoto } from '../contract/errors.ts';
import type { UnitBox } from '../contract/geometry.ts';
import type {
  Analysis,
  CutFace,
  FoundFace,
  KnownFace,
  Shot,
  Shown,
  VisionReply,
  VisionSetup,
} from '../contract/vision.ts';
import { usualLimit } from './memory-limit.ts';
import { ProcessLost, type Question, Slot } from './slot.ts';
import { lossOf, type PoolTrouble } from './trouble.ts';
import type { AnalyseOptions, KnownPhoto, LostPhoto, VisionPool } from './vision-pool.ts';
import { forkOf, type Spawn } from './vision-process.ts';

export type { PoolTrouble } from './trouble.ts';
export type { VisionPool } from './vision-pool.ts';
export { forkOf } from './vision-process.ts';

export interface PoolOptions {
  /** Processes at most; one per core where not given. */
  size?: number;
  /** A process that holds more after a photo is replaced before the next; by default what its encoder needs. */
  memoryLimitMiB?: number;
  /** A photo that takes longer is given up, in milliseconds. */
  timeoutMs?: number;
  spawn?: Spawn;
  /** Told of what befalls the processes, for the log. */
  onTrouble?: ((trouble: PoolTrouble) => void) | undefined;
}

/** A photo that loses its process gets a fresh one once. */
const maxTries = 2;

/** Processes that end this often in a row, through no photo's doing, will not come up at all. */
const maxLossesInARow = 3;

/** Processes are started when there is work for them. */
export function startPool(setup: VisionSetup, options: PoolOptions = {}): VisionPool {
  return new Pool(setup, options);
}

interface Job {
  question: Question;
  /** Processes lost over it. */
  lost: number;
  /** Nobody waits for it any more. */
  isSettled: boolean;
  resolve(reply: VisionReply): void;
  reject(error: unknown): void;
}

class Pool implements VisionPool {
  readonly size: number;
  readonly #slots: Slot[];
  readonly #idle: Slot[];
  readonly #waiting: Job[] = [];
  readonly #running = new Set<Job>();
  readonly #lossesInARow: Record<Question['kind'], number> = {
    analyse: 0,
    hash: 0,
    embed: 0,
    'embed-crops': 0,
    draw: 0,
    shot: 0,
    show: 0,
    cut: 0,
    hide: 0,
    dhash: 0,
  };
  readonly #onTrouble: (trouble: PoolTrouble) => void;
  /** Why no more work is taken. */
  #end: KithError | null = null;

  constructor(setup: VisionSetup, options: PoolOptions) {
    const {
      size = availableParallelism(),
      memoryLimitMiB = usualLimit(setup),
      timeoutMs = 120_000,
      spawn = forkOf(new URL('./worker.ts', import.meta.url)),
      onTrouble = () => {},
    } = options;
    this.#onTrouble = onTrouble;
    this.size = size;
    const slot = { spawn, setup, memoryLimit: memoryLimitMiB * 1024 ** 2, timeoutMs, onTrouble };
    this.#slots = Array.from({ length: size }, () => new Slot(slot));
    this.#idle = this.#slots.toReversed();
  }

  async analyse(path: string, { signal, chips }: AnalyseOptions = {}): Promise<Analysis> {
    const reply = await this.#ask({ kind: 'analyse', path, chips }, signal);
    if (reply.kind !== 'analysis') throw unexpected('analysis', reply);
    return reply.analysis;
  }

  async hash(path: string, { signal }: { signal?: AbortSignal | undefined } = {}) {
    const reply = await this.#ask({ kind: 'hash', path }, signal);
    if (reply.kind !== 'hash') throw unexpected('hash', reply);
    return { hash: reply.hash, bytes: reply.bytes };
  }

  async embed(photo: KnownPhoto, { signal }: { signal?: AbortSignal | undefined } = {}) {
    const reply = await this.#ask({ kind: 'embed', ...photo }, signal);
    return embeddingsOf(reply, photo.faces.length);
  }

  async embedCrops(photo: LostPhoto, { signal }: { signal?: AbortSignal | undefined } = {}) {
    const reply = await this.#ask({ kind: 'embed-crops', ...photo }, signal);
    return embeddingsOf(reply, photo.faces.length);
  }

  async draw(photo: { path: string; hash: string; box: UnitBox }): Promise<FoundFace> {
    const reply = await this.#ask({ kind: 'draw', ...photo }, undefined, true);
    if (reply.kind !== 'face') throw unexpected('face', reply);
    return reply.face;
  }

  async show(
    photo: { path: string; side: number; region?: UnitBox },
    { signal }: { signal?: AbortSignal | undefined } = {},
  ): Promise<Shown> {
    const reply = await this.#ask({ kind: 'show', ...photo }, signal, true);
    if (reply.kind !== 'picture') throw unexpected('picture', reply);
    return reply.picture;
  }

  async cut(
    of: { path: string; hash: string; face: KnownFace; look: CropLook },
    { signal }: { signal?: AbortSignal | undefined } = {},
  ): Promise<CutFace> {
    const reply = await this.#ask({ kind: 'cut', ...of }, signal);
    if (reply.kind !== 'cut') throw unexpected('cut', reply);
    return reply.cut;
  }

  async hide(
    of: { path: string; hash: string; hidden: UnitBox[]; kept: UnitBox[] },
    { signal }: { signal?: AbortSignal | undefined } = {},
  ) {
    const reply = await this.#ask({ kind: 'hide', ...of }, signal);
    if (reply.kind !== 'hidden') throw unexpected('hidden', reply);
    return { jpeg: reply.jpeg, hidden: reply.hidden };
  }

  async dhash(jpegs: Uint8Array<ArrayBuffer>[], { signal }: { signal?: AbortSignal | undefined } = {}) {
    const reply = await this.#ask({ kind: 'dhash', path: `${jpegs.length} thumbnails`, jpegs }, signal);
    if (reply.kind !== 'dhashes') throw unexpected('dhashes', reply);
    return reply.dhashes;
  }

  async shot(path: string): Promise<Shot> {
    const reply = await this.#ask({ kind: 'shot', path }, undefined, true);
    if (reply.kind !== 'shot') throw unexpected('shot', reply);
    return reply.shot;
  }

  async memory(): Promise<number> {
    return this.#slots.reduce((sum, slot) => sum + slot.peak, 0);
  }

  async close(): Promise<void> {
    this.#giveUp(new KithError('cancelled', 'The vision processes were closed'));
    await Promise.all(this.#slots.map((slot) => slot.stop()));
  }

  #ask(question: Question, signal: AbortSignal | undefined, first = false): Promise<VisionReply> {
    return new Promise((resolve, reject) => {
      if (this.#end) return reject(this.#end);
      if (signal?.aborted) return reject(signal.reason);
      const settle = () => {
        job.isSettled = true;
        signal?.removeEventListener('abort', abort);
      };
      const job: Job = {
        question,
        lost: 0,
        isSettled: false,
        resolve(reply) {
          settle();
          resolve(reply);
        },
        reject(error) {
          settle();
          reject(error);
        },
      };
      // A photo in work is finished, so that its process can be used again; only nobody hears of it.
      const abort = () => job.reject(signal?.reason);
      signal?.addEventListener('abort', abort);
      if (first) this.#waiting.unshift(job);
      else this.#waiting.push(job);
      this.#next();
    });
  }

  #next(): void {
    while (this.#idle.length > 0) {
      const job = this.#waiting.shift();
      if (!job) return;
      if (!job.isSettled) void this.#run(this.#idle.pop()!, job);
    }
  }

  async #run(slot: Slot, job: Job): Promise<void> {
    this.#running.add(job);
    try {
      this.#settle(job, await slot.ask(job.question));
    } catch (error) {
      this.#mourn(job, error);
    }
    this.#running.delete(job);
    this.#idle.push(slot);
    this.#next();
  }

  #settle(job: Job, reply: VisionReply): void {
    this.#lossesInARow[job.question.kind] = 0;
    if (reply.kind === 'broken') this.#giveUp(new KithError(reply.code, reply.detail));
    else if (reply.kind === 'unreadable') job.reject(new UnreadablePhoto(reply.code, reply.detail));
    else job.resolve(reply);
  }

  /** Setting up runs no photo, and hashing can't be crashed by one: those losses are Kith's own. */
  #mourn(job: Job, error: unknown): void {
    if (!(error instanceof ProcessLost)) {
      job.reject(error);
      return;
    }
    this.#onTrouble({ kind: 'lost', loss: lossOf(error) });
    if (error.during === 'setup' || (error.during === 'hash' && error.code === 'crashed')) {
      this.#lossesInARow[job.question.kind] += 1;
      if (this.#lossesInARow[job.question.kind] >= maxLossesInARow) {
        this.#giveUp(new KithError('vision-broken', `A vision process did not come up: ${error.message}`));
      }
    } else {
      job.lost += 1;
    }
    if (job.isSettled) return;
    if (job.lost < maxTries) this.#waiting.unshift(job);
    else job.reject(new UnreadablePhoto(error.code, `${job.question.path}: ${error.message}`));
  }

  #giveUp(reason: KithError): void {
    if (!this.#end && reason.code !== 'cancelled') this.#onTrouble({ kind: 'given-up', code: reason.code });
    this.#end ??= reason;
    for (const job of [...this.#running, ...this.#waiting.splice(0)]) job.reject(this.#end);
  }
}

function embeddingsOf(reply: VisionReply, count: number): Float32Array[] {
  if (reply.kind !== 'embeddings' || reply.embeddings.length !== count) {
    throw unexpected(`${count} embeddings`, reply);
  }
  return reply.embeddings;
}

function unexpected(expected: string, reply: VisionReply): KithError {
  return new KithError('vision-broken', `Expected ${expected} but received ${reply.kind}`);
}
