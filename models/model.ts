import type { Calibration } from '../electron/contract/calibration.ts';

/** The description of a model: the shape of an entry of catalog.ts. */

/** A file out of an npm package's tarball. */
export interface PackedFile {
  /** Path inside the package. */
  path: string;
  /** SHA-256 of that file, hex. */
  sha256: string;
}

/** Where a model comes from. */
export type Source =
  | {
      kind: 'npm';
      /** Name and exact version. */
      package: string;
      /** Of the tarball, as npm's lock file writes it. */
      integrity: string;
      /** What the model is made from, in the order in which its converter takes them. */
      files: readonly PackedFile[];
    }
  | {
      kind: 'web';
      address: string;
      /** What lies there, where the model is made from it and its hash is known; `sha256` in hex. */
      published?: { sha256: string; bytes: number };
    }
  /** Kith knows no address of it: the user brings the file. */
  | { kind: 'own' };

interface Entry {
  /** The name that the user reads. */
  title: string;
  /** Of the weights, as their makers count. */
  version: string;
  /** Name under which every folder of models holds it. */
  file: string;
  /**
   * SHA-256 of that file, hex, by which Kith trusts it. Null where users bring weights of their own: then the note that
   * the import left beside the file has it; see import-note.ts.
   */
  sha256: string | null;
  /** Of that file; about as many where users bring weights of their own, and 0 where it can't be known. */
  bytes: number;
  licence: string;
  source: Source;
  /** Whether `npm run models` makes it; otherwise the user has to ask for it. */
  bundled: boolean;
}

/** What a network wants to see. */
export interface ImageInput {
  name: string;
  /** Side of the square in pixels; null where any sides will do that are multiples of 32 (SSD: up to 512). */
  side: number | null;
  layout: 'nhwc' | 'nchw';
  type: 'uint8' | 'float32';
  colour: 'rgb' | 'bgr';
  /** Values are 0..255 as they come from the photo; everything else happens inside the network. */
  range: 'pixels';
}

/** Output tensors by name: their shape, where a word stands for a side known only at run time. */
export type Outputs = Readonly<Record<string, readonly (number | string)[]>>;

interface Network extends Entry {
  input: ImageInput;
  outputs: Outputs;
}

export interface DetectorModel extends Network {
  task: 'detector';
}

export interface LandmarksModel extends Network {
  task: 'landmarks';
  /** Landmarks for each face. */
  points: number;
}

/** How a face is cut out for an encoder: as it was when the encoder was trained. See electron/vision/align.ts. */
export type Alignment =
  /** Upright after dlib's mean face, with `padding` of its own side around it. */
  | { kind: 'dlib-chip'; padding: number }
  /** Upright after five points, as ArcFace and SFace want it. */
  | { kind: 'five-points' }
  /** A square around the detector's box, times `scale`; with `turn` so that the eyes are level. */
  | { kind: 'box'; scale: number; turn?: boolean };

/** What a network does to its pixels, 0..255, before anything else. */
export type Normalisation =
  /** (pixel - mean) / spread. */
  | { kind: 'fixed'; mean: number; spread: number }
  /** (pixel - mean of the picture) / standard deviation of the picture, all channels together. */
  | { kind: 'whiten' };

/** How an encoder is fed, and what it gives. */
export interface EncoderShape {
  /** Side of the aligned face in pixels. */
  side: number;
  /** Numbers in one embedding. */
  size: number;
  alignment: Alignment;
  /** Whether an embedding is the mean of the face's and its mirror picture's. */
  mirror: boolean;
}

export interface EncoderModel extends Network {
  task: 'encoder';
  shape: EncoderShape;
  /** What distances mean; fitted by `npm run eval -- calibrate`. Left out where there was nothing to fit it on. */
  calibration?: Calibration;
  /**
   * For encoders that users bring: the steps in front of the network. Left out: no file is recognised as this
   * encoder.
   */
  normalise?: Normalisation;
  /** For encoders that users bring as ONNX: the name of the input, where only this encoder has it. */
  inputName?: string;
  /** For the same: some of these files normalise their input themselves. Their first steps tell which. */
  mayNormaliseItself?: true;
  /** The file in `golden/` with the golden picture's embedding, for encoders whose published weights were tried. */
  golden?: string;
}

/** An encoder of which only the note of its import knows how it is fed; see import-note.ts. */
export interface OwnEncoderModel extends Entry {
  task: 'encoder';
}

/** An OpenCV cascade: no network, read by `CascadeClassifier`. */
export interface CascadeModel extends Entry {
  task: 'cascade';
  /** Side in pixels of the smallest window that the cascade looks at. */
  window: { width: number; height: number };
}

/** A network that tells faces from what a detector takes for one. */
export interface ClassifierModel extends Network {
  task: 'classifier';
}

export type Model =
  | ClassifierModel
  | DetectorModel
  | LandmarksModel
  | EncoderModel
  | OwnEncoderModel
  | CascadeModel;
