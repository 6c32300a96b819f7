import type { Params, RequestName, Result } from '../../contract/api.ts';
import type { ServiceEvent } from '../../contract/events.ts';

/** The whole application behind one door, as every shell with a page uses it. */
export interface App {
  /**
   * Answers one request. What comes is checked by the contract, whoever sent it.
   *
   * @throws KithError `bad-request` for what the contract does not know, and the request's own
   */
  call<N extends RequestName>(name: N, params: Params<N>): Promise<Result<N>>;
  /** Tells everything that happens from now on. @returns stops it */
  on(listener: (event: ServiceEvent) => void): () => void;
  /**
   * The picture of a face or of a photo; null where there is none (any more). `size`: longest side of a photo, in
   * pixels. Rejects with the signal's reason once that is aborted; what nobody has begun by then is never done.
   */
  picture(
    kind: PictureKind,
    id: number,
    size?: number,
    options?: { signal?: AbortSignal },
  ): Promise<Picture | null>;
  /** What changes whenever the picture does, told without drawing it; null where there is no such picture. */
  edition(kind: PictureKind, id: number): string | null;
  /** Ends all work, and closes the library. */
  close(): Promise<void>;
}

export type PictureKind = 'face' | 'photo';

export interface Picture {
  bytes: Uint8Array;
  /** MIME type. */
  type: string;
}
