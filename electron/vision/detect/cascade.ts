import { readFile } from 'node:fs/promises';
import { KithError } from '../../contract/errors.ts';
import type { OpenCv } from './opencv.ts';
import type { CascadeClassifier } from './opencv-types.ts';

/** A cascade in the file system that OpenCV's WebAssembly sees. */
export interface Cascade {
  /** @returns a classifier that the caller must delete. */
  open(): CascadeClassifier;
  dispose(): void;
}

let lastNumber = 0;

/** @throws KithError `model-damaged` where OpenCV can't read the file as a cascade. */
export async function loadCascade(opencv: OpenCv, file: string): Promise<Cascade> {
  const xml = await readFile(file);
  lastNumber += 1;
  const name = `cascade-${lastNumber}.xml`;
  opencv.run((cv) => cv.FS_createDataFile('/', name, xml, true, false, false));
  const cascade: Cascade = {
    open() {
      return opencv.run((cv) => {
        const classifier = new cv.CascadeClassifier();
        if (isCascade(classifier, name)) return classifier;
        classifier.delete();
        throw new KithError('model-damaged', `Expected a cascade of OpenCV but received ${file}`);
      });
    },
    dispose: () => opencv.run((cv) => cv.FS_unlink(`/${name}`)),
  };
  try {
    cascade.open().delete();
  } catch (error) {
    cascade.dispose();
    throw error;
  }
  return cascade;
}

function isCascade(classifier: CascadeClassifier, name: string): boolean {
  try {
    return classifier.load(name);
  } catch {
    // Where the file is no XML at all, OpenCV throws.
    return false;
  }
}
