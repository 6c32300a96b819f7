import type { MessagePortMain } from 'electron';
import type { EngineOptions } from '../service/app/engine.ts';
import type { FromOwner } from './owner-messages.ts';

type Spawn = NonNullable<EngineOptions['spawn']>;
type VisionProcess = ReturnType<Spawn>;
type Request = Parameters<VisionProcess['send']>[0];

/** A vision process that is reached through a port, which may come later than the first request. */
export class DistantVision implements VisionProcess {
  readonly #kill: () => void;
  #port: MessagePortMain | null = null;
  #unsent: Request[] = [];
  #onReply: (reply: unknown) => void = () => {};
  #onExit: (how: string) => void = () => {};
  #how: string | null = null;

  constructor(kill: () => void) {
    this.#kill = kill;
  }

  send(request: Request): void {
    if (this.#port) this.#port.postMessage(request);
    else this.#unsent.push(request);
  }

  onReply(listener: (reply: unknown) => void): void {
    this.#onReply = listener;
  }

  onExit(listener: (how: string) => void): void {
    this.#onExit = listener;
    if (this.#how !== null) listener(this.#how);
  }

  kill(): void {
    this.#kill();
  }

  /** From now on it is reached through this port. */
  connect(port: MessagePortMain): void {
    this.#port = port;
    port.on('message', ({ data }) => this.#onReply(data));
    port.start();
    for (const request of this.#unsent.splice(0)) port.postMessage(request);
  }

  /** It has ended, or nobody is left who could tell: without a port it ends by itself. */
  end(how: string): void {
    if (this.#how !== null) return;
    this.#how = how;
    this.#port?.close();
    this.#onExit(how);
  }
}

/** How a vision process ends of which nobody is left who could tell. */
const ABANDONED = 'the main process has ended';

/**
 * The owner's vision processes. A utility process can't start another, so the main process starts and ends them; what they
 * are asked and answer goes to them directly.
 */
export class OwnerVision {
  readonly #tell: (message: FromOwner) => void;
  readonly #running = new Map<number, DistantVision>();
  #last = 0;
  #isAbandoned = false;

  constructor(tell: (message: FromOwner) => void) {
    this.#tell = tell;
  }

  readonly spawn: Spawn = () => {
    this.#last += 1;
    const id = this.#last;
    const vision = new DistantVision(() => this.#tell({ kind: 'kill', id }));
    if (this.#isAbandoned) {
      vision.end(ABANDONED);
      return vision;
    }
    this.#running.set(id, vision);
    this.#tell({ kind: 'start', id });
    return vision;
  };

  started(id: number, port: MessagePortMain): void {
    const vision = this.#running.get(id);
    if (vision) vision.connect(port);
    else port.close();
  }

  ended(id: number, how: string): void {
    this.#running.get(id)?.end(how);
    this.#running.delete(id);
  }

  /** The main process is gone: it tells no more of any of them, and starts none. */
  abandon(): void {
    this.#isAbandoned = true;
    for (const id of [...this.#running.keys()]) this.ended(id, ABANDONED);
  }
}
