import type { ServiceEvent } from '../../contract/events.ts';
import type { PassedOver } from '../../log/events.ts';
import { passedOver } from '../../log/log.ts';
import type { Engine } from './engine.ts';

/**
 * Work that runs in the background after each scan, and once more where another scan ends before it is done. Other events can
 * be its cause instead. It stops before the library's file is exchanged.
 */
export class BackgroundWork {
  readonly #what: PassedOver;
  readonly #run: (signal: AbortSignal) => Promise<void>;
  #work: { stop: AbortController; done: Promise<void> } | null = null;
  /** Whether there was a cause since the work last began. */
  #isDue = false;

  /**
   * @param run does the work; whether it fails is only noted in the log
   * @param isCause whether the work begins after an event
   */
  constructor(
    engine: Pick<Engine, 'on' | 'onExchange'>,
    what: PassedOver,
    run: (signal: AbortSignal) => Promise<void>,
    isCause: (event: ServiceEvent) => boolean = isScanned,
  ) {
    this.#what = what;
    this.#run = run;
    engine.onExchange(() => this.stop());
    engine.on((event) => {
      if (isCause(event)) this.begin();
    });
  }

  /** Stops the work. Resolves once it has ended. */
  async stop(): Promise<void> {
    this.#work?.stop.abort();
    await this.#work?.done;
  }

  /** Begins the work, or does it once more after the one that runs. */
  begin(): void {
    this.#isDue = true;
    if (this.#work !== null) return;
    const stop = new AbortController();
    const done = this.#untilDone(stop.signal).finally(() => {
      this.#work = null;
    });
    this.#work = { stop, done };
  }

  async #untilDone(signal: AbortSignal): Promise<void> {
    while (this.#isDue && !signal.aborted) {
      this.#isDue = false;
      await this.#run(signal).catch(passedOver(this.#what));
    }
  }
}

function isScanned(event: ServiceEvent): boolean {
  return event.kind === 'scan' && event.state.phase === 'done';
}
