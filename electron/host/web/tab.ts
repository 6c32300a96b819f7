import { randomUUID } from 'node:crypto';
import type { RawData, WebSocket } from 'ws';
import type { ServiceEvent } from '../../contract/events.ts';
import { type ReplyFrame, RequestFrame } from '../../contract/wire.ts';
import type { Answer } from '../../service/app/shell-door.ts';

/** Requests of one page that are answered at once; more are left in its socket until some are done. */
const AT_ONCE = 64;

/** Bytes that a page has not taken yet: above `full` it gets no progress, above `lost` it is let go. */
const BACKLOG = { full: 4 * 1024 ** 2, lost: 64 * 1024 ** 2 } as const;

/** Events that the next of their kind makes worthless. */
const PASSING: readonly ServiceEvent['kind'][] = ['scan', 'work'];

/** Close code of a server that ends (RFC 6455, 7.4.1). */
const GOING_AWAY = 1001;

/** One page at its socket: answers what it asks, whatever that may be, and never throws. */
export class Tab {
  readonly #socket: WebSocket;
  readonly #answer: Answer;
  /** Tells this page from all others. */
  readonly #name = randomUUID();
  #running = 0;
  #isAlive = true;

  constructor(socket: WebSocket, answer: Answer) {
    this.#socket = socket;
    this.#answer = answer;
    socket.on('message', (data, isBinary) => {
      // Its answer to a beat may come after much else that it said.
      this.#isAlive = true;
      if (!isBinary) void this.#receive(data);
    });
    socket.on('pong', () => {
      this.#isAlive = true;
    });
    // What is no WebSocket, or too long, has been answered by its closing.
    socket.on('error', () => {});
  }

  /** @param text the event's frame */
  tell(kind: ServiceEvent['kind'], text: string): void {
    const { bufferedAmount } = this.#socket;
    if (bufferedAmount > BACKLOG.full && PASSING.includes(kind)) return;
    // It connects again when it is back, and asks for everything anew.
    if (bufferedAmount > BACKLOG.lost) this.#socket.terminate();
    else this.#send(text);
  }

  /** Lets a page go that did not answer the last beat. */
  beat(): void {
    // One that waits for its answers is not read, its beats neither.
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
    // Without a number there is nobody who waits for an answer.
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
