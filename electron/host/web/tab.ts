import { randomUUID } from 'node:crypto';
import type { RawData, WebSocket } from 'ws';
import type { ServiceEvent } from '../../contract/events.ts';
import { type ReplyFrame, RequestFrame } from '../../contract/wire.ts';
import type { Answer } from '../../service/app/shell-door.ts';

/**
 * Requests of one page that are answered at once; further ones stay in its socket until some are done. Chosen by
 * hand.
 */
const AT_ONCE = 64;

/**
 * Unsent bytes of a page: above `full` it gets no events of progress, above `lost` its connection is closed. Chosen
 * by hand.
 */
const BACKLOG = { full: 4 * 1024 ** 2, lost: 64 * 1024 ** 2 } as const;

/** Kinds of events that the next one of the kind replaces. */
const PASSING: readonly ServiceEvent['kind'][] = ['scan', 'work'];

/** Close code of a server that ends (RFC 6455, 7.4.1). */
const GOING_AWAY = 1001;

/** One page at its socket: answers its requests, valid or not, and never throws. */
export class Tab {
  readonly #socket: WebSocket;
  readonly #answer: Answer;
  /** Differs from the names of all other pages. */
  readonly #name = randomUUID();
  #running = 0;
  #isAlive = true;

  constructor(socket: WebSocket, answer: Answer) {
    this.#socket = socket;
    this.#answer = answer;
    socket.on('message', (data, isBinary) => {
      // Any message shows that the page is there: its answer to a beat may come after many others.
      this.#isAlive = true;
      if (!isBinary) void this.#receive(data);
    });
    socket.on('pong', () => {
      this.#isAlive = true;
    });
    // A broken frame, or one that is too long, has already closed the socket.
    socket.on('error', () => {});
  }

  /** @param text the event's frame */
  tell(kind: ServiceEvent['kind'], text: string): void {
    const { bufferedAmount } = this.#socket;
    if (bufferedAmount > BACKLOG.full && PASSING.includes(kind)) return;
    // The page connects again later, and reads everything again.
    if (bufferedAmount > BACKLOG.lost) this.#socket.terminate();
    else this.#send(text);
  }

  /** Closes the connection of a page that did not answer the last beat. */
  beat(): void {
    // While a page has too many open requests its socket is not read, so its beats are not seen either.
    if (this.#socket.isPaused) return;
    if (this.#isAlive) this.#socket.ping();
    else this.#socket.terminate();
    this.#isAlive = false;
  }

  close(): void {
    this.#socket.close(GOING_AWAY, 'Kith was ended');
  }

  async #receive(data: RawData): Promise<void> {
    const frame = readFrame(String(data));
    // Without a number no request of the page waits for an answer.
    if (frame === null) return;
    if ('failure' in frame) return this.#send(JSON.stringify(frame));
    this.#running += 1;
    if (this.#running >= AT_ONCE) this.#socket.pause();
    const { name, params, seen } = frame;
    const reply = await this.#answer(name, params, { sender: this.#name, seen });
    this.#running -= 1;
    if (this.#socket.isPaused && this.#running < AT_ONCE) {
      this.#isAlive = true;
      this.#socket.resume();
    }
    this.#send(JSON.stringify({ id: frame.id, ...reply }));
  }

  #send(text: string): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(text);
  }
}

/** A request; or the refusal of one that has a number and nothing else that is right; or null. */
function readFrame(text: string): RequestFrame | (ReplyFrame & { ok: false }) | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const frame = RequestFrame.safeParse(json);
  if (frame.success) return frame.data;
  const numbered = RequestFrame.pick({ id: true }).safeParse(json);
  if (!numbered.success) return null;
  const detail = 'Expected a frame with an id and a name';
  return { ...numbered.data, ok: false, failure: { code: 'bad-request', detail } };
}
