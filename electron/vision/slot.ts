import {
  type VisionReply,
  VisionReply as VisionReplySchema,
  type VisionRequest,
  type VisionSetup,
} from '../contract/vision.ts';
import type { PoolTrouble } from './trouble.ts';
import type { Spawn, VisionProcess } from './vision-process.ts';

/** A request but for its number, which the slot gives. */
export type Question = VisionRequest extends infer Request
  ? Request extends { kind: 'setup' }
    ? never
    : Request extends VisionRequest
      ? Omit<Request, 'id'>
      : never
  : never;

/** A process that ended, or was ended, before it replied. */
export class ProcessLost extends Error {
  readonly during: VisionRequest['kind'];
  readonly code: 'crashed' | 'timed-out';

  constructor(during: VisionRequest['kind'], code: 'crashed' | 'timed-out', detail: string) {
    super(detail);
    this.name = 'ProcessLost';
    this.during = during;
    this.code = code;
  }
}

export interface SlotOptions {
  spawn: Spawn;
  setup: VisionSetup;
  /** A process that holds more bytes than this after a reply is replaced. */
  memoryLimit: number;
  /** Milliseconds that one request may take. */
  timeoutMs: number;
  onTrouble: (trouble: PoolTrouble) => void;
}

interface Running {
  process: VisionProcess;
  isSetUp: boolean;
  peak: number;
  /** Resolves when the process has ended; `how` then says how. */
  ended: Promise<string>;
  how: string | null;
  /** Who waits for the next reply, or for the end. */
  onReply: (reply: unknown) => void;
  onEnd: (how: string) => void;
}

/** Milliseconds in which a graphics card has to be ready. Chosen by hand: drivers compile each network once, for seconds. */
const CARD_READY = 40_000;

/** What one request may take at the most, whatever the slot allows, in milliseconds. */
function limitOf(request: VisionRequest): number {
  const isCard = request.kind === 'setup' && (request.setup.provider ?? 'cpu') !== 'cpu';
  return isCard ? CARD_READY : Number.POSITIVE_INFINITY;
}

/** The place of one vision process: starts it when there is work, and a fresh one after each that was lost. */
export class Slot {
  readonly #options: SlotOptions;
  #running: Running | null = null;
  #earlierPeak = 0;
  #lastId = 0;
  #setup: VisionSetup;

  constructor(options: SlotOptions) {
    this.#options = options;
    this.#setup = options.setup;
  }

  /** The most bytes that this slot's process, or one before it, was seen to hold. */
  get peak(): number {
    return Math.max(this.#earlierPeak, this.#running?.peak ?? 0);
  }

  /**
   * Asks about one photo. One call at a time.
   * @returns the reply; to the setup, when that is what fails.
   * @throws ProcessLost
   */
  async ask(question: Question): Promise<VisionReply> {
    // One that ended while nobody asked is no photo's fault.
    if (this.#running && this.#running.how !== null) this.#forget();
    this.#running ??= this.#start();
    const running = this.#running;
    if (question.kind !== 'hash' && question.kind !== 'dhash' && !running.isSetUp) {
      const setup = this.#setup;
      let reply: VisionReply;
      try {
        reply = await this.#exchange(running, { kind: 'setup', id: this.#nextId(), setup });
      } catch (error) {
        // The card was left. As many slots lose their process as there are, and none of them through a fault of Kith's.
        if (this.#setup !== setup) return this.ask(question);
        throw error;
      }
      if (reply.kind !== 'ready') return reply;
      running.isSetUp = true;
    }
    const reply = await this.#exchange(running, { ...question, id: this.#nextId() });
    const { memoryLimit, onTrouble } = this.#options;
    if (reply.memory.rss > memoryLimit) {
      const [memoryMiB, limitMiB] = [reply.memory.rss, memoryLimit].map((bytes) =>
        Math.round(bytes / 1024 ** 2),
      );
      onTrouble({ kind: 'replaced', memory: { memoryMiB: memoryMiB!, limitMiB: limitMiB! } });
      await this.stop();
    }
    return reply;
  }

  /** Ends the process, if there is one; the next question starts another. */
  async stop(): Promise<void> {
    const running = this.#running;
    this.#forget();
    running?.process.kill();
    await running?.ended;
  }

  /** A driver may end the process, or never answer: with the next process nothing but the photo can be the reason. */
  #returnToCpu(): void {
    const { provider } = this.#setup;
    if (provider === undefined || provider === 'cpu') return;
    this.#setup = { ...this.#setup, provider: 'cpu' };
    this.#options.onTrouble({ kind: 'refused', refusal: { provider, why: 'lost', detail: '' } });
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  #start(): Running {
    const process = this.#options.spawn();
    const ended = new Promise<string>((resolve) => process.onExit(resolve));
    const running: Running = { process, isSetUp: false, peak: 0, ended, how: null, onReply() {}, onEnd() {} };
    process.onReply((reply) => running.onReply(reply));
    ended.then((how) => {
      running.how = how;
      running.onEnd(how);
    });
    return running;
  }

  #forget(): void {
    this.#earlierPeak = this.peak;
    this.#running = null;
  }

  async #exchange(running: Running, request: VisionRequest): Promise<VisionReply> {
    const { kind } = request;
    const timeoutMs = Math.min(this.#options.timeoutMs, limitOf(request));
    let timer: NodeJS.Timeout | undefined;
    try {
      const reply = await new Promise<VisionReply>((resolve, reject) => {
        running.onReply = (received) => {
          const { success, data, error } = VisionReplySchema.safeParse(received);
          if (!success)
            reject(new ProcessLost(kind, 'crashed', `no reply of the contract: ${error.message}`));
          else if (data.id === request.id || data.kind === 'broken') resolve(data);
        };
        running.onEnd = (how) => reject(new ProcessLost(kind, 'crashed', how));
        if (running.how !== null) running.onEnd(running.how);
        timer = setTimeout(
          () => reject(new ProcessLost(kind, 'timed-out', `no reply within ${timeoutMs / 1000} s`)),
          timeoutMs,
        );
        running.process.send(request);
      });
      running.peak = Math.max(running.peak, reply.memory.peak);
      for (const refusal of reply.refused ?? []) this.#options.onTrouble({ kind: 'refused', refusal });
      return reply;
    } catch (error) {
      // A process that Kith itself ended says nothing of the card.
      if (this.#running === running) this.#returnToCpu();
      await this.stop();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}
