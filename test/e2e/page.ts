import { WebSocket } from 'ws';
import type { Params, RequestName, Result } from '../../electron/contract/api.ts';
import type { ServiceEvent } from '../../electron/contract/events.ts';
import type { ScanState } from '../../electron/contract/screens.ts';
import { HostFrame, type ReplyFrame } from '../../electron/contract/wire.ts';

/** What a page is to the browser host: one end of its socket, which checks every frame that comes. */
export class Page {
  readonly socket: WebSocket;
  readonly events: ServiceEvent[] = [];
  readonly replies: ReplyFrame[] = [];
  #last = 0;
  #wake = () => {};
  /** The code with which the host has closed the socket; null: it is open. */
  #closed: number | null = null;

  constructor(port: number, headers: Record<string, string>) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/socket`, { headers });
    this.socket.on('message', (data) => {
      const frame = HostFrame.parse(JSON.parse(String(data)));
      if ('event' in frame) this.events.push(frame.event);
      else this.replies.push(frame);
      this.#wake();
    });
    this.socket.on('close', (code) => {
      this.#closed = code;
      this.#wake();
    });
  }

  /** @returns the status with which the host refused, or null where it let the page in */
  opened(): Promise<number | null> {
    return new Promise((resolve, reject) => {
      this.socket.once('open', () => resolve(null));
      this.socket.once('unexpected-response', (_request, { statusCode }) => resolve(statusCode!));
      this.socket.once('error', reject);
    });
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.#closed !== null)
        throw new Error(`Expected an open socket but it was closed with ${this.#closed}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async reply(id: number): Promise<ReplyFrame> {
    await this.until(() => this.replies.some((reply) => reply.id === id));
    return this.replies.find((reply) => reply.id === id)!;
  }

  /** The last state of the scan that runs, or of the next one. */
  async scanned(): Promise<ScanState> {
    const states = () => this.events.flatMap((event) => (event.kind === 'scan' ? [event.state] : []));
    const ended = () => states().find(({ phase }) => ['done', 'failed', 'cancelled'].includes(phase));
    await this.until(() => ended() !== undefined);
    return ended()!;
  }

  raw(name: string, params: unknown): Promise<ReplyFrame> {
    const id = ++this.#last;
    this.socket.send(JSON.stringify({ id, name, params }));
    return this.reply(id);
  }

  async call<N extends RequestName>(name: N, params: Params<N>): Promise<Result<N>> {
    const reply = await this.raw(name, params);
    if (!reply.ok) throw new Error(`${name}: ${reply.failure.code} ${reply.failure.detail}`);
    return reply.result as Result<N>;
  }
}

/** Goes in by the address that the host printed. @returns the cookie */
export async function enter(address: string): Promise<string> {
  const { status, headers } = await fetch(address, { redirect: 'manual' });
  if (status !== 303) throw new Error(`Expected to be let in but received status ${status}`);
  return headers.getSetCookie()[0]!.split(';')[0]!;
}
