import type { WebSocket } from 'ws';
import type { Params, RequestName } from '../contract/api.ts';
import type { ServiceEvent } from '../contract/events.ts';
import { passedOver } from '../log/log.ts';
import type { App } from '../service/app/app.ts';
import { failureOf, replyTo } from '../service/app/door.ts';
import { packPicture, ToOwner } from './frames.ts';

/**
 * Unsent bytes above which a peer gets no events of progress: the next event of that kind replaces them. Chosen by
 * hand.
 */
const FULL = 4 * 1024 ** 2;

/** Kinds of events that the next one of the kind replaces. */
const PASSING: readonly ServiceEvent['kind'][] = ['scan', 'work', 'keeping'];

/** A process that is connected to the owner: a browser host, a window's process, a command line. */
export class Peer {
  readonly #socket: WebSocket;
  readonly #app: App;
  readonly #name: string;
  readonly #waiting = new Map<number, AbortController>();

  /**
   * @param name differs from the names of all other peers
   * @param onLeave called when the peer says that it leaves, and when its connection ends
   */
  constructor(socket: WebSocket, app: App, name: string, onLeave: (peer: Peer) => void) {
    this.#socket = socket;
    this.#app = app;
    this.#name = name;
    socket.on('message', (data, isBinary) => {
      if (isBinary) return;
      const frame = ToOwner.safeParse(parsed(String(data)));
      if (!frame.success) return;
      if ('leave' in frame.data) onLeave(this);
      else void this.#take(frame.data);
    });
    // `close` follows, and is handled below.
    socket.on('error', passedOver('connection'));
    socket.on('close', () => {
      for (const waiting of this.#waiting.values()) waiting.abort();
      onLeave(this);
    });
  }

  /** @param text the event's frame */
  tell(kind: ServiceEvent['kind'], text: string): void {
    if (this.#socket.bufferedAmount > FULL && PASSING.includes(kind)) return;
    this.#send(text);
  }

  /** Closes the connection: the peer that leaves may end now. For the last peer it means that the library is closed. */
  close(): void {
    this.#socket.close();
  }

  async #take(frame: Exclude<ToOwner, { leave: true }>): Promise<void> {
    if ('abort' in frame) {
      this.#waiting.get(frame.abort)?.abort();
      return;
    }
    const { id } = frame;
    const waiting = new AbortController();
    this.#waiting.set(id, waiting);
    const { signal } = waiting;
    try {
      if ('picture' in frame) await this.#picture(frame, signal);
      else {
        const { name, params, seen, sender = '' } = frame;
        const from = `${this.#name} ${sender}`;
        const reply = await replyTo(this.#app, name as RequestName, params as Params<RequestName>, {
          signal,
          seen,
          sender: from,
        });
        this.#send(JSON.stringify({ id, ...reply }));
      }
    } finally {
      this.#waiting.delete(id);
    }
  }

  async #picture(
    { id, picture: kind, of, size, known, head }: Extract<ToOwner, { picture: string }>,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const picture = await this.#app.picture(kind, of, { size, known, head, signal });
      if (picture?.bytes) this.#send(packPicture(id, picture.edition, picture.type, picture.bytes));
      else this.#send(JSON.stringify({ id, edition: picture?.edition ?? null, type: picture?.type ?? '' }));
    } catch (error) {
      if (!signal.aborted) this.#send(JSON.stringify({ id, ok: false, failure: failureOf(error) }));
    }
  }

  #send(data: string | Buffer): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(data);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
