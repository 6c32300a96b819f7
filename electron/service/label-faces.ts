import type { Calibration } from '../contract/calibration.ts';
import type { EncoderKey, GroupId } from '../contract/ids.ts';
import type { MixedGroup } from '../contract/screens.ts';
import { similarityAt } from '../grouping/calibrate.ts';
import { cluster, LENIENCE } from '../grouping/cluster.ts';
import { groupsNear } from '../grouping/near-new.ts';
import type { Product } from '../grouping/product.ts';
import type { EmbeddingTable } from '../library/faces.ts';
import type { Library } from '../library/open.ts';
import { type Gathered, gather } from './gather.ts';
import { mixedGroups } from './mixed.ts';
import { ownCalibration } from './own-calibration.ts';

export interface LabelTask {
  encoder: EncoderKey;
  /** The catalog's. */
  calibration: Calibration;
  /** Whether groups of the record that hold still are kept; else only people's faces stay together. */
  grow: boolean;
}

/** Which faces are one person; entry i of each list is one face. */
export interface LabelledFaces extends Pick<EmbeddingTable, 'faceIds' | 'groups'> {
  /** What the record's faces were. */
  state: string;
  /** All that the groups follow from, names and former groups among it: see {@link basisOf}. */
  basis: string;
  /** Groups of the record that hold still (see `Groups.held`), or that nothing new is near to. */
  held: Set<GroupId>;
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

/** The same without the faces that a scan adds: another where the user, or Kith, has changed names or groups since. */
export function saidIn(library: Library): string {
  const { changed, verdicts } = library.revisions.matching();
  return [library.journal.position(), changed, verdicts].join(' ');
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
  const own = ownCalibration(library, encoder, gathered, calibration);
  const held = library.groups.held();
  // All groups of 100,000 faces are made anew in half a minute: in a large library they may only join, or fall apart.
  const isLarge = grow && faceIds.length > ANEW;
  const whole = isLarge ? untouched(gathered, own) : new Set<number>();
  const holds = (group: number) => held.has(group as GroupId) || whole.has(group);
  const input = {
    ...{ vectors, size, quality, nearest, order },
    photo: photoIndexes(table),
    ...{ calibration: own, whole },
    seed: grow ? groups.map((group) => (holds(group) ? group : 0)) : peopleOf(library, table),
    start: isLarge ? groups.map((group) => (holds(group) ? 0 : group)) : undefined,
    cannotLink: refusedPairs(library, table),
  };
  const mixed = grow ? [] : mixedGroups(library, table, calibration);
  for (const group of whole) held.add(group as GroupId);
  return { state, basis, faceIds, groups, held, mixed, labels: await cluster(input, product) };
}

/** Faces of which all are grouped anew each time. Chosen by hand: it takes seconds. */
const ANEW = 10_000;

/** Groups that no new face is near to. */
function untouched({ table, nearest }: Gathered, calibration: Calibration): Set<number> {
  const { groups, faceIds } = table;
  const last = faceIds.reduce((most: number, id, row) => (groups[row]! > 0 ? Math.max(most, id) : most), 0);
  const near = groupsNear(
    nearest,
    groups,
    (row) => groups[row] === 0 && faceIds[row]! > last,
    similarityAt(calibration.link - LENIENCE, calibration),
  );
  return new Set(groups.filter((group) => group > 0 && !near.has(group)));
}

/**
 * Whose each face is, as a group that is there already; 0: nobody's. Undoing may leave one person on two faces of a photo:
 * there a name of Kith's own does not count beside what somebody said, and of two only the first.
 */
function peopleOf(library: Library, { faceIds, photoIds, several }: EmbeddingTable): Int32Array {
  const labels = new Map(library.labels.all().map((label) => [label.face, label]));
  const people = Int32Array.from(faceIds, (face) => labels.get(face)?.person ?? 0);
  const isSure = (row: number) => labels.get(faceIds[row]!)?.by === 'sure';
  const there = (row: number) => `${photoIds[row]} ${people[row]}`;
  const taken = new Set([...people.keys()].filter((row) => people[row]! > 0 && !isSure(row)).map(there));
  return people.map((person, row) => {
    if (!isSure(row) || several.has(photoIds[row]!)) return person;
    if (taken.has(there(row))) return 0;
    taken.add(there(row));
    return person;
  });
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
