import type { Calibration } from '../contract/calibration.ts';
import type { EncoderKey, FaceId } from '../contract/ids.ts';
import { type Faces, type Surroundings, surroundings } from '../grouping/neighbours.ts';
import type { Product } from '../grouping/product.ts';
import type { Library } from '../library/open.ts';
import { gather } from './gather.ts';
import { ownCalibration } from './own-calibration.ts';

export interface SurveyTask {
  encoder: EncoderKey;
  /** The catalog's. */
  calibration: Calibration;
}

/** All faces as matching sees them, as they are at one state of the record; entry i of each list is one face. */
export interface Survey {
  state: string;
  faceIds: FaceId[];
  faces: Faces;
  around: Surroundings;
  /** Day on which each face's photo was taken; NaN where it does not say. */
  days: Float64Array;
  /** Photos on which a person may be more than once. */
  several: ReadonlySet<number>;
  /** What distances mean in this library. */
  calibration: Calibration;
}

/** Reads all faces, and finds what lies around each. Changes nothing but what is derived. */
export async function surveyFaces(
  library: Library,
  { encoder, calibration: catalogs }: SurveyTask,
  product: Product,
): Promise<Survey> {
  const state = library.groups.state();
  const gathered = await gather(library, encoder, product);
  const { table, nearest } = gathered;
  const calibration = ownCalibration(library, encoder, gathered, catalogs);
  const { faceIds, days } = table;
  const faces: Faces = {
    vectors: table.vectors,
    size: table.size,
    photo: Int32Array.from(table.photoIds),
    group: table.groups,
    quality: table.qualities,
  };
  const around = await surroundings(faces, calibration, product, nearest);
  return { state, faceIds, faces, around, days, calibration, several: new Set<number>(table.several) };
}
