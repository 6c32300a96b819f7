import type { Calibration } from '../contract/calibration.ts';
import type { EncoderKey } from '../contract/ids.ts';
import type { MixedGroup } from '../contract/screens.ts';
import { cluster } from '../grouping/cluster.ts';
import type { Product } from '../grouping/product.ts';
import type { EmbeddingTable } from '../library/faces.ts';
import type { Library } from '../library/open.ts';
import { gather } from './gather.ts';
import { mixedGroups } from './mixed.ts';
import { ownCalibration, ownCalibrationAsOf } from './own-calibration.ts';

export interface LabelTask {
  encoder: EncoderKey;
  /** The catalog's. */
  calibration: Calibration;
  /** Whether the groups of the record may only grow; else only people's faces stay together. */
  grow: boolean;
}

/** Which faces are one person; entry i of each list is one face. */
export interface LabelledFaces extends Pick<EmbeddingTable, 'faceIds' | 'groups'> {
  /** What the record's faces were. */
  state: string;
  /** All that the groups follow from, names and former groups among it: see {@link basisOf}. */
  basis: string;
  /** Group of each face, from 0; −1 for a face alone. */
  labels: Int32Array;
  /** Groups of the record that show two people; looked for where everything is grouped anew. */
  mixed: MixedGroup[];
}

/** Names the present state of everything that groups are made from. Another where any of it has changed since. */
export function basisOf(library: Library): string {
  const { added, changed, verdicts } = library.revisions.matching();
  return [library.groups.state(), library.journal.position(), added, changed, verdicts].join(' ');
}

/** Reads all faces, and groups them. Changes nothing but what is derived. */
export async function labelFaces(
  library: Library,
  { encoder, calibration, grow }: LabelTask,
  product: Product,
): Promise<LabelledFaces> {
  const state = library.groups.state();
  const basis = basisOf(library);
  const gathered = await gather(library, encoder, product);
  const { table, nearest, order } = gathered;
  const { vectors, size, qualities: quality, faceIds, groups } = table;
  const input = {
    ...{ vectors, size, quality, nearest, order },
    photo: photoIndexes(table),
    calibration: (grow ? ownCalibrationAsOf : ownCalibration)(library, encoder, gathered, calibration),
    seed: grow ? groups : peopleOf(library, table),
    cannotLink: refusedPairs(library, table),
  };
  const mixed = grow ? [] : mixedGroups(library, table, calibration);
  return { state, basis, faceIds, groups, mixed, labels: await cluster(input, product) };
}

/** Whose each face is, as a group that is there already; 0: nobody's. */
function peopleOf(library: Library, { faceIds }: EmbeddingTable): Int32Array {
  const people = new Map(library.labels.all().map(({ face, person }) => [face, person ?? 0]));
  return Int32Array.from(faceIds, (face) => people.get(face) ?? 0);
}

/**
 * Numbers photos from 0 in the order of the table, in which faces of one photo follow each other. On a mirror or a
 * collage one person may be more than once, so each of its faces counts as on a photo of its own.
 */
function photoIndexes({ photoHashes, photoIds, several }: EmbeddingTable): Int32Array {
  let index = -1;
  return Int32Array.from(photoHashes, (hash, i) =>
    hash === photoHashes[i - 1] && !several.has(photoIds[i]!) ? index : ++index,
  );
}

/** Pairs of a face that was said not to be somebody, and that person's faces. */
function refusedPairs(library: Library, { faceIds }: EmbeddingTable): [number, number][] {
  const rowOf = new Map(faceIds.map((id, row) => [id, row]));
  const faces = Map.groupBy(library.labels.all(), ({ person }) => person);
  return library.labels.refusals().flatMap(({ face, person }) => {
    const row = rowOf.get(face);
    if (row === undefined) return [];
    return (faces.get(person) ?? []).flatMap((label): [number, number][] => {
      const other = rowOf.get(label.face);
      return other === undefined || other === row ? [] : [[row, other]];
    });
  });
}
