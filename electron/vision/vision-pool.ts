import type { CropLook } from '../contract/crops.ts';
import type { UnitBox } from '../contract/geometry.ts';
import type {
  Analysis,
  CutFace,
  Dhash,
  FoundFace,
  KnownCrop,
  KnownFace,
  Shot,
  Shown,
} from '../contract/vision.ts';

/**
 * Vision processes behind a few questions. All reject with UnreadablePhoto for a file that gives no photo, with
 * KithError where vision itself is broken, and with the signal's reason (AbortError) when that is aborted.
 */
export interface VisionPool {
  /**
   * All that one photo gives. Waiting photos cost a queue entry each and finished ones an Analysis each: a caller keeps
   * memory bounded by having no more than a few times `size` in flight.
   */
  analyse(path: string, options?: AnalyseOptions): Promise<Analysis>;
  /** SHA-256 (hex) and length of a file's bytes. */
  hash(
    path: string,
    options?: { signal?: AbortSignal | undefined },
  ): Promise<{ hash: string; bytes: number }>;
  /** New embeddings of the faces that a photo is known to show, in order; `vanished` where the file holds another. */
  embed(photo: KnownPhoto, options?: { signal?: AbortSignal | undefined }): Promise<Float32Array[]>;
  /** The same out of the faces' crops, with less detail; the photo is not opened. */
  embedCrops(photo: LostPhoto, options?: { signal?: AbortSignal | undefined }): Promise<Float32Array[]>;
  /** The face in a box that somebody drew on a photo; `vanished` where the file holds another. Goes first. */
  draw(photo: { path: string; hash: string; box: UnitBox }): Promise<FoundFace>;
  /** A photo or a part of it, longest side in pixels. Goes first, for somebody is waiting. */
  show(
    photo: { path: string; side: number; region?: UnitBox },
    options?: { signal?: AbortSignal | undefined },
  ): Promise<Shown>;
  /** A face cut out of the full-size photo; `vanished` where the file holds another. */
  cut(
    of: { path: string; hash: string; face: KnownFace; look: CropLook },
    options?: { signal?: AbortSignal | undefined },
  ): Promise<CutFace>;
  /** A copy of a photo on which nobody but who is kept can be recognised; `vanished` where the file holds another. */
  hide(
    of: { path: string; hash: string; hidden: UnitBox[]; kept: UnitBox[] },
    options?: { signal?: AbortSignal | undefined },
  ): Promise<{ jpeg: Uint8Array; hidden: number }>;
  /** What small pictures look like from afar, in order; null for one that can't be decoded. */
  dhash(
    jpegs: Uint8Array<ArrayBuffer>[],
    options?: { signal?: AbortSignal | undefined },
  ): Promise<(Dhash | null)[]>;
  /** How a photo was taken. Goes first. */
  shot(path: string): Promise<Shot>;
  /** Processes at most. */
  readonly size: number;
  /** The most bytes that each process was seen to hold, summed. */
  memory(): Promise<number>;
  /** Ends all processes; what is still asked rejects with KithError `cancelled`. */
  close(): Promise<void>;
}

export interface KnownPhoto {
  path: string;
  /** SHA-256 of the file's bytes, hex. */
  hash: string;
  faces: KnownFace[];
}

export interface LostPhoto {
  /** Where it was, for messages. */
  path: string;
  /** Pixels of the upright photo at full size. */
  width: number;
  height: number;
  faces: KnownCrop[];
}

export interface AnalyseOptions {
  signal?: AbortSignal | undefined;
  /** Whether each face brings along its chip: what the encoder was given. */
  chips?: boolean | undefined;
}
