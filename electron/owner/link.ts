import { connect as connectTo } from 'node:net';
import { WebSocket } from 'ws';
import type { Failure } from '../contract/errors.ts';
import { KithError } from '../contract/errors.ts';
import type { ServiceEvent } from '../contract/events.ts';
import type { Picture, PictureKind } from '../service/app/app.ts';
import type { OwnerAddress } from './address.ts';
import { type FromOwner, Hello, type ToOwner, unpackPicture } from './frames.ts';
import { VERSION } from './version.ts';

/**
 * How long an owner may take to answer a connection, in milliseconds. An owner whose process is stopped never does. Chosen
 * by hand.
 */
const GREETING = 5000;

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** One connection to the owner of a library. */
export class Link {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  #number = 0;
  /** `App.position` as of the last answer. */
  position: number;
  onEvent: (event: ServiceEvent) => void = () => {};
  /** Resolves once the connection has ended, for any reason. */
  readonly ended: Promise<void>;

  private constructor(socket: WebSocket, position: number) {
    this.#socket = socket;
    this.position = position;
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.#takePicture(data as Buffer);
      else this.#take(JSON.parse(String(data)) as FromOwner);
    });
    this.ended = new Promise((resolve) => {
      socket.once('close', () => {
        // The owner may or may not have done what these requests asked.
        for (const { reject } of this.#waiting.values()) reject(new LinkLost());
        this.#waiting.clear();
        resolve();
      });
    });
  }

  /**
   * @param version of the connecting process
   * @returns null where no owner answers at that address
   * @throws KithError library-busy where an owner of another version answers
   */
  static async open({ path, token }: OwnerAddress, version = VERSION): Promise<Link | null> {
    const socket = new WebSocket('ws://owner/', {
      createConnection: () => connectTo(path),
      headers: { authorization: `Bearer ${token}` },
      perMessageDeflate: false,
      skipUTF8Validation: true,
      handshakeTimeout: GREETING,
      // No limit: the owner is a process of this user.
      maxPayload: 0,
    });
    const hello = await new Promise<Hello['hello'] | null>((resolve) => {
      const giveUp = setTimeout(() => resolve(null), GREETING);
      const end = (answer: Hello['hello'] | null) => {
        clearTimeout(giveUp);
        resolve(answer);
      };
      socket.once('message', (data) => end(Hello.safeParse(JSON.parse(String(data))).data?.hello ?? null));
      socket.once('close', () => end(null));
      socket.on('error', () => end(null));
    });
    if (hello === null) {
      socket.terminate();
      return null;
    }
    if (hello.version === version) return new Link(socket, hello.position);
    socket.terminate();
    throw new KithError('library-busy', `Kith ${hello.version} has it open, and this is Kith ${version}`);
  }

  /** @throws LinkLost where the connection ends before the answer; the owner's KithError, or Error for a defect */
  call(
    request: { name: string; params: unknown; seen?: number | null; sender?: string },
    signal?: AbortSignal,
  ): Promise<unknown> {
    return this.#ask((id) => ({ id, ...request }), signal);
  }

  picture(
    request: { picture: PictureKind; of: number; size?: number; known?: string; head?: boolean },
    signal?: AbortSignal,
  ): Promise<Picture | null> {
    return this.#ask((id) => ({ id, ...request }), signal) as Promise<Picture | null>;
  }

  /** Leaves. Where no other process is connected, waits until the owner has closed the library. */
  async leave(): Promise<void> {
    if (this.#socket.readyState === this.#socket.OPEN) this.#send({ leave: true });
    await this.ended;
  }

  #ask(frame: (id: number) => ToOwner, signal?: AbortSignal): Promise<unknown> {
    const id = ++this.#number;
    return new Promise((resolve, reject) => {
      if (this.#socket.readyState !== this.#socket.OPEN) return reject(new LinkLost());
      const stop = () => {
        this.#send({ abort: id });
      };
      const settle = <T>(then: (value: T) => void) => {
        return (value: T) => {
          signal?.removeEventListener('abort', stop);
          then(value);
        };
      };
      this.#waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
      this.#send(frame(id));
      if (signal?.aborted) stop();
      else signal?.addEventListener('abort', stop, { once: true });
    });
  }

  #send(frame: ToOwner): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #take(frame: FromOwner): void {
    if ('event' in frame) {
      this.onEvent(frame.event);
      return;
    }
    if ('hello' in frame) return;
    const waiting = this.#waiting.get(frame.id);
    if (!waiting) return;
    this.#waiting.delete(frame.id);
    if ('edition' in frame) {
      const { edition, type } = frame;
      waiting.resolve(edition === null ? null : { edition, type, bytes: null });
      return;
    }
    if (frame.position !== undefined) this.position = frame.position;
    if (frame.ok) waiting.resolve(frame.result);
    else waiting.reject(errorOf(frame.failure));
  }

  #takePicture(frame: Buffer): void {
    const { id, ...picture } = unpackPicture(frame);
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.resolve(picture);
  }
}

/** The owner ended before it answered. */
export class LinkLost extends Error {}

/** The owner's failure as it was thrown there. */
function errorOf({ code, detail }: Failure): Error {
  if (code !== 'internal') return new KithError(code, detail);
  const defect = new Error(detail.split('\n', 1)[0]);
  defect.stack = detail;
  return defect;
}
