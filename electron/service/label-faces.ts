import type { Calibration } from '../contract/calibration.ts';
import type { EncoderKey, GroupId } from '../contract/ids.ts';
import type { ImpureCluster } from '../contract/screens.ts';
import { similarityAt } from '../grouping/calibrate.ts';
import { cluster } from '../grouping/cluster.ts';
import { VERSION_EVIDENCE } from '../grouping/constants.ts';
import { groupNewcomers } from '../grouping/newcomers.ts';
import type { Product } from '../grouping/product.ts';
import { alikePairs, areVersions, isSamePlace, mayBeVersions } from '../grouping/stacks.ts';
import type { EmbeddingTable } from '../library/embeddings.ts';
import type { Library } from '../library/open.ts';
import { impureClusters } from './impure-clusters.ts';
import { type LoadedEmbeddings, loadEmbeddings } from './load-embeddings.ts';
import { ownCalibration } from './own-calibration.ts';

export interface LabelTask {
  encoder: EncoderKey;
  /** The catalog's. */
  calibration: Calibration;
  /** See `Groups.upTo`. */
  method: string;
  /** Whether the record's held groups are kept; else only the faces of each named person stay together. */
  grow: boolean;
  /** Whether a scan still looks at photos. Grouping has to be quick then. */
  goesOn: boolean;
}

/** The faces with the cluster of each, its label. Entry i of each list is one face. */
export interface LabelledFaces extends Pick<EmbeddingTable, 'faceIds' | 'groups' | 'photoIds' | 'days'> {
  /** State of the record's faces: see `Groups.state`. */
  state: string;
  /** State of everything that the groups follow from, names and former groups included: see {@link basisOf}. */
  basis: string;
  /** The newest of the faces; 0 where there is none. */
  newest: number;
  /** Whether all were grouped anew, and not only what the newest may change. */
  anew: boolean;
  /** See `Groups.held`. */
  held: Set<GroupId>;
  /** Cluster of each face, from 0; −1 for a face alone. */
  labels: Int32Array;
  /**
   * Faces that may be on versions of one photo, whatever group they are in: two rows a pair, packed, the most alike
   * first.
   */
  alike: Int32Array;
  /** Groups of the record that show two people; looked for where everything is grouped anew. */
  impure: ImpureCluster[];
}

/** Names the present state of everything that groups are made from. It differs once any of that has changed. */
export function basisOf(library: Library): string {
  const { added, changed, verdicts } = library.revisions.matching();
  return [library.groups.state(), library.journal.position(), added, changed, verdicts].join(' ');
}

/** The same without the faces that a scan adds. It differs once the user, or Kith, has changed names or groups. */
export function labelState(library: Library): string {
  const { changed, verdicts } = library.revisions.matching();
  return [library.journal.position(), changed, verdicts].join(' ');
}

/** Loads all faces and clusters them. Writes only derived data. */
export async function labelFaces(
  library: Library,
  { encoder, calibration, method, grow, goesOn }: LabelTask,
  product: Product,
): Promise<LabelledFaces> {
  const state = library.groups.state();
  const basis = basisOf(library);
  const loaded = await loadEmbeddings(library, encoder, product);
  const { table, nearest, order } = loaded;
  const { vectors, size, qualities: quality, faceIds, groups } = table;
  const own = await ownCalibration(library, encoder, loaded, calibration, product);
  const held = library.groups.held();
  const upTo = library.groups.upTo(method);
  const newest = faceIds.reduce((most: number, id) => Math.max(most, id), 0);
  const newer = faceIds.filter((id) => id > upTo.anew).length;
  const anew = !grow || faceIds.length <= ANEW || (!goesOn && newer > faceIds.length * SHARE);
  const isNew = (row: number) => anew || faceIds[row]! > upTo.last;
  const input = {
    ...{ vectors, size, quality, nearest, order, calibration: own },
    ...(table.children && { childhood: table.children }),
    versions: versionsIn(library, loaded, own, isNew),
    photo: photoIndexes(table),
    cannotLink: refusedPairs(library, table),
  };
  const seed = grow ? groups.map((of) => (held.has(of as GroupId) ? of : 0)) : peopleOf(library, table);
  const labels = anew
    ? await cluster({ ...input, seed }, product)
    : await groupNewcomers({ ...input, groups, held, isNew }, product);
  const impure = grow ? [] : impureClusters(library, table, calibration);
  const alike = alikeIn(library, loaded, own);
  const { photoIds, days } = table;
  return { state, basis, faceIds, groups, photoIds, days, held, alike, impure, newest, anew, labels };
}

/**
 * Pairs of faces on versions of one photo. At least one face of a pair is new, the pair would be linked anyhow, and both
 * are at one place of photos that look alike or are of one burst. A messenger or an edit may change a face so much that
 * its vector alone does not show a version.
 */
function versionsIn(
  library: Library,
  { table, nearest }: LoadedEmbeddings,
  calibration: Calibration,
  isNew: (row: number) => boolean,
): [number, number][] {
  const { faceIds, photoIds, days } = table;
  const boxOf = library.faces.boxReader();
  const may = (a: number, b: number) => {
    if (!isNew(a) && !isNew(b)) return false;
    const [one, other] = [boxOf(faceIds[a]!), boxOf(faceIds[b]!)];
    return one !== undefined && other !== undefined && isSamePlace(one, other);
  };
  const packed = alikePairs(nearest, photoIds, similarityAt(calibration.link, calibration), may);
  const hashes = library.stacks.hashes(new Set([...packed].map((row) => photoIds[row]!)));
  const sight = (row: number) => ({ days: days[row]!, dhash: hashes.get(photoIds[row]!) ?? null });
  const pairs: [number, number][] = [];
  for (let at = 0; at < packed.length; at += 2) {
    const [a, b] = [packed[at]!, packed[at + 1]!];
    if (areVersions(sight(a), sight(b))) pairs.push([a, b]);
  }
  return pairs;
}

/** Pairs of faces that are as similar as versions of one photo are, and at one place of their photos or of one burst. */
function alikeIn(
  library: Library,
  { table, nearest }: LoadedEmbeddings,
  calibration: Calibration,
): Int32Array {
  const { faceIds, photoIds, days } = table;
  const boxOf = library.faces.boxReader();
  const may = (a: number, b: number) => {
    const [one, other] = [boxOf(faceIds[a]!), boxOf(faceIds[b]!)];
    if (!one || !other) return false;
    return mayBeVersions({ box: one, days: days[a]! }, { box: other, days: days[b]! });
  };
  return alikePairs(nearest, photoIds, similarityAt(VERSION_EVIDENCE, calibration), may);
}

/** Up to this many faces, all are grouped anew whenever some have come. Chosen by hand: it takes seconds. */
const ANEW = 10_000;

/**
 * Share of the faces that may have come since all were grouped anew. Grouping in parts depends a little on the order in
 * which photos came, and more so with larger parts: `npm run eval -- order`.
 */
export const SHARE = 0.1;

/**
 * The person of each face, as the cluster that it begins in; 0: none. An undo may leave one person on two faces of a photo.
 * Then a name that Kith gave does not count beside one that the user gave, and of two that Kith gave only the first counts.
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

/** Pairs of a face that the user refused as a person, and each face of that person. */
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
