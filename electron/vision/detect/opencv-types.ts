// The little of opencv-wasm that Kith uses; its own typings are generated sources that a strict compiler refuses.

/** An object in WebAssembly's memory, which no garbage collector sees. */
export interface Owned {
  delete(): void;
}
export interface Mat extends Owned {
  /** The pixels, while nothing else is allocated. */
  readonly data: Uint8Array;
  readonly rows: number;
  readonly cols: number;
}
interface Size {
  width: number;
  height: number;
}
interface Rect extends Size {
  x: number;
  y: number;
}
interface Vector<T> extends Owned {
  size(): number;
  get(index: number): T;
}
export interface CascadeClassifier extends Owned {
  load(file: string): boolean;
  detectMultiScale2(
    image: Mat,
    objects: Vector<Rect>,
    numDetections: Vector<number>,
    scaleFactor: number,
    minNeighbors: number,
    flags: number,
    minSize: Size,
    maxSize: Size,
  ): void;
}
export interface Cv {
  Mat: { new (): Mat; new (rows: number, columns: number, type: number): Mat };
  Size: new (width: number, height: number) => Size;
  Scalar: new (value: number) => unknown;
  RectVector: new () => Vector<Rect>;
  IntVector: new () => Vector<number>;
  CascadeClassifier: new () => CascadeClassifier;
  matFromArray(rows: number, columns: number, type: number, values: readonly number[]): Mat;
  equalizeHist(from: Mat, to: Mat): void;
  flip(from: Mat, to: Mat, axis: number): void;
  warpAffine(
    from: Mat,
    to: Mat,
    transform: Mat,
    size: Size,
    interpolation: number,
    border: number,
    value: unknown,
  ): void;
  FS_createDataFile(
    folder: string,
    name: string,
    data: Uint8Array,
    canRead: boolean,
    canWrite: boolean,
    canOwn: boolean,
  ): void;
  FS_unlink(path: string): void;
  readonly HEAPU8: Uint8Array;
  readonly CV_8UC1: number;
  readonly CV_64FC1: number;
  readonly INTER_LINEAR: number;
  readonly BORDER_CONSTANT: number;
}

export interface OpenCvModule {
  cv: Cv;
  /** Words for a number that OpenCV threw: a pointer to its exception. */
  cvTranslateError(cv: Cv, thrown: unknown): string | Error | undefined;
}
