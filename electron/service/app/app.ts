import type { Params, RequestName, Result } from '../../contract/api.ts';
import type { ServiceEvent } from '../../contract/events.ts';

/** How a request is sent. */
export interface CallOptions {
  /** Aborted when the sender no longer waits: long work is then ended. */
  signal?: AbortSignal | undefined;
  /** Names the sender among all that are connected; a page, or a command line. */
  sender?: string | undefined;
  /** How far the sender has followed the record: see {@link App.position}. Null: it shows nothing that could be old. */
  seen?: number | null | undefined;
}

/** The whole application behind one door, as every shell with a page uses it. */
export interface App {
  /**
   * Answers one request. What comes is checked by the contract, whoever sent it.
   *
   * @throws KithError `bad-request` for what the contract does not know, and the request's own
   */
  call<N extends RequestName>(name: N, params: Params<N>, options?: CallOptions): Promise<Result<N>>;
  /**
   * How many changes of names and groups the record has seen. It comes with every answer, goes back with the next command,
   * and so tells whether the sender has seen what it is about to change.
   */
  readonly position: number;
  /** Tells everything that happens from now on. @returns stops it */
  on(listener: (event: ServiceEvent) => void): () => void;
  /**
   * The picture of a face or of a photo; null where there is none (any more). Rejects with the signal's reason once that
   * is aborted; what nobody has begun by then is never done.
   */
  picture(kind: PictureKind, id: number, options?: PictureOptions): Promise<Picture | null>;
  /** Ends all work, and closes the library; of an application in another process, lets go of it. */
  close(): Promise<void>;
}

export type PictureKind = 'face' | 'photo';

export interface PictureOptions {
  /** Longest side of a photo, in pixels. */
  size?: number | undefined;
  /** The edition that the caller has: of that one no bytes are given, and nothing is drawn. */
  known?: string | undefined;
  signal?: AbortSignal | undefined;
}

export interface Picture {
  /** Changes whenever the picture does. */
  edition: string;
  /** Null where this is the edition that the caller has. */
  bytes: Uint8Array | null;
  /** MIME type. */
  type: string;
}
