import type { Params, RequestName, Result } from '../../contract/api.ts';
import type { ServiceEvent } from '../../contract/events.ts';

/** How a request is sent. */
export interface CallOptions {
  /** Aborted when the sender no longer waits: long work is then ended. */
  signal?: AbortSignal | undefined;
  /** Names the sender among all that are connected; a page, or a command line. */
  sender?: string | undefined;
  /**
   * The record's position that the sender has seen: see {@link App.position}. Null: it shows nothing that could be
   * old.
   */
  seen?: number | null | undefined;
}

/** The whole application behind one door, as every shell with a page uses it. */
export interface App {
  /**
   * Answers one request. The parameters of every sender are checked by the contract.
   *
   * @throws KithError `bad-request` for what the contract does not know, and the request's own errors
   */
  call<N extends RequestName>(name: N, params: Params<N>, options?: CallOptions): Promise<Result<N>>;
  /**
   * Number of the last change of names and groups in the record. Every answer carries it, and the sender returns it with
   * its next command. So the application knows whether the sender has seen what it is about to change.
   */
  readonly position: number;
  /** Calls the listener for every event from now on. @returns a function that stops it */
  on(listener: (event: ServiceEvent) => void): () => void;
  /**
   * The picture of a face or of a photo; null where there is none (any more). Rejects with the signal's reason once that
   * is aborted; work that has not begun by then is dropped.
   */
  picture(kind: PictureKind, id: number, options?: PictureOptions): Promise<Picture | null>;
  /** Ends all work and closes the library; of an application in another process, only the connection is closed. */
  close(): Promise<void>;
}

/**
 * `face`: a face as people look at it, in the middle of its picture, and marked where another face is on it too; `crop`: the
 * same as the record holds it, a JPEG.
 */
export type PictureKind = 'face' | 'crop' | 'photo';

export interface PictureOptions {
  /** Longest side of a photo, in pixels. */
  size?: number | undefined;
  /** The edition that the caller has. If it is the current one, the answer has no bytes and nothing is rendered. */
  known?: string | undefined;
  /** Only the edition is asked for: the answer has no bytes, and nothing is rendered. */
  head?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

export interface Picture {
  /** Changes whenever the picture does. */
  edition: string;
  /** Null where this is the edition that the caller has, or all that it asked for. */
  bytes: Uint8Array | null;
  /** MIME type. */
  type: string;
}
