import { readFile } from 'node:fs/promises';
import { KithError } from '../../contract/errors.ts';
import type { OpenCv } from './opencv.ts';
import type { CascadeClassifier } from './opencv-types.ts';

/** A cascade that OpenCV's WebAssembly can open. */
export interface Cascade {
  /** The classifier, opened when it is not; the cascade keeps it. */
  classifier(): CascadeClassifier;
  /**
   * Lets go of the classifier: it holds its last picture at all scales, some 100 MB for a large one. Opening it again
   * takes 30 ms.
   */
  rest(): void;
  dispose(): void;
}

let lastNumber = 0;

/** @throws KithError `model-damaged` where OpenCV can't read the file as a cascade. */
export async function loadCascade(opencv: OpenCv, file: string): Promise<Cascade> {
  const xml = await readFile(file);
  lastNumber += 1;
  const name = `cascade-${lastNumber}.xml`;
  opencv.run((cv) => cv.FS_createDataFile('/', name, xml, true, false, false));
  let open: CascadeClassifier | null = null;
  const cascade: Cascade = {
    classifier() {
      open ??= openCascade(opencv, name, file);
      return open;
    },
    rest() {
      open?.delete();
      open = null;
    },
    dispose() {
      cascade.rest();
      opencv.run((cv) => cv.FS_unlink(`/${name}`));
    },
  };
  try {
    cascade.classifier();
  } catch (error) {
    cascade.dispose();
    throw error;
  }
  return cascade;
}

function openCascade(opencv: OpenCv, name: string, file: string): CascadeClassifier {
  return opencv.run((cv) => {
    const classifier = new cv.CascadeClassifier();
    if (isCascade(classifier, name)) return classifier;
    classifier.delete();
    throw new KithError('model-damaged', `Expected a cascade of OpenCV but received ${file}`);
  });
}

function isCascade(classifier: CascadeClassifier, name: string): boolean {
  try {
    return classifier.load(name);
  } catch {
    // Where the file is no XML at all, OpenCV throws.
    return false;
  }
}
