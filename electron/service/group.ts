import { Worker } from 'node:worker_threads';
import type { Calibration } from '../contract/calibration.ts';
import { KithError } from '../contract/errors.ts';
import type { EncoderKey, FaceId, GroupId } from '../contract/ids.ts';
import type { RegroupPlan } from '../contract/screens.ts';
import { type ClusterInput, cluster } from '../grouping/cluster.ts';
import type { EmbeddingTable } from '../library/faces.ts';
import type { Library } from '../library/open.ts';
import { mixedGroups } from './mixed.ts';
import { ownCalibration } from './own-calibration.ts';

/** Raised when the same faces and calibration would now give other groups, so that old groups are made again. */
const METHOD_VERSION = 3;

/** Fewer faces are grouped sooner than a thread starts. */
const WORTH_A_THREAD = 500;

export interface GroupOptions {
  library: Library;
  encoder: EncoderKey;
  /** The catalog's. What the library makes of it (see own-calibration.ts) changes how faces are grouped, never which are. */
  calibration: Calibration;
  signal?: AbortSignal | undefined;
}

/**
 * Groups the faces of the library that have an embedding of this encoder, unless that was done since the last change.
 *
 * The first time, and by another encoder or method, all of them: the groups follow from the photos' contents alone.
 * After that groups hold still: faces without a group join one, or found new ones with each other, and nothing else
 * changes. Grouping everything anew is a deed of its own: see {@link planRegroup}.
 *
 * @throws KithError cancelled (the former groups stay), and the errors of the library
 */
export async function groupLibrary(options: GroupOptions): Promise<void> {
  const { library, encoder, signal } = options;
  const method = methodOf(options);
  if (library.groups.areCurrent(method)) return;
  const state = library.groups.state();
  const table = library.faces.embeddings(encoder);
  if (library.groups.wereMadeBy(method)) {
    const labels = await labelled(table, options, table.groups, signal);
    library.groups.extend(growth(labels, table), { encoder, method }, state);
    return;
  }
  const labels = await labelled(table, options, peopleOf(library, table), signal);
  library.groups.replace(gathered(labels, table.faceIds), { encoder, method }, state);
}

/** What grouping everything anew would do. */
export interface Regroup {
  groups: FaceId[][];
  /** What the record's faces were when it was planned. */
  state: string;
  plan: RegroupPlan;
}

/**
 * Groups everything anew, without changing anything: faces of one person stay together, those of two apart.
 *
 * @throws KithError cancelled
 */
export async function planRegroup(options: GroupOptions): Promise<Regroup> {
  const { library, encoder, calibration, signal } = options;
  const state = library.groups.state();
  const table = library.faces.embeddings(encoder);
  const mixed = mixedGroups(library, table, calibration);
  const labels = await labelled(table, options, peopleOf(library, table), signal);
  const groups = gathered(labels, table.faceIds);
  return { groups, state, plan: { ...compareGroups(table, labels), mixed } };
}

/** Puts a plan into effect, inside a deed of the journal. */
export function applyRegroup({ library, ...options }: GroupOptions, { groups, state }: Regroup): void {
  const by = { encoder: options.encoder, method: methodOf({ library, ...options }) };
  library.groups.replace(groups, by, state);
}

function methodOf({ encoder, calibration }: GroupOptions): string {
  // What matching makes of an encoder's distances is nothing to grouping.
  const { match: _, ...used } = calibration;
  return `${encoder} ${METHOD_VERSION} ${JSON.stringify(used)}`;
}

/** Whose each face is, as a group that is there already; 0: nobody's. */
function peopleOf(library: Library, { faceIds }: EmbeddingTable): Int32Array {
  const people = new Map(library.labels.all().map(({ face, person }) => [face, person ?? 0]));
  return Int32Array.from(faceIds, (face) => people.get(face) ?? 0);
}

/** Faces that found a group, and those that join one that was there. */
function growth(
  labels: Int32Array,
  { faceIds, groups }: EmbeddingTable,
): Parameters<Library['groups']['extend']>[0] {
  const former = new Map<number, GroupId>();
  labels.forEach((label, row) => {
    if (label >= 0 && groups[row]! > 0) former.set(label, groups[row] as GroupId);
  });
  const joins: { face: FaceId; group: GroupId }[] = [];
  const founded = new Map<number, FaceId[]>();
  labels.forEach((label, row) => {
    if (label < 0 || groups[row]! > 0) return;
    const [face, group] = [faceIds[row]!, former.get(label)];
    if (group !== undefined) joins.push({ face, group });
    else founded.set(label, [...(founded.get(label) ?? []), face]);
  });
  return { joins, founded: [...founded.values()] };
}

/** Group of each row of the table, -1 for a face alone. */
async function labelled(
  table: EmbeddingTable,
  { library, encoder, calibration }: GroupOptions,
  seed: Int32Array,
  signal: AbortSignal | undefined,
): Promise<Int32Array> {
  const { vectors, size, qualities: quality } = table;
  const photo = photoIndexes(table);
  const cannotLink = refusedPairs(library, table);
  const own = ownCalibration(library, encoder, table, calibration);
  const input: ClusterInput = { vectors, size, photo, quality, calibration: own, seed, cannotLink };
  return table.faceIds.length < WORTH_A_THREAD ? cluster(input) : clusterApart(input, signal);
}

/** Runs the clustering in a thread, so that the service goes on answering; takes the vectors along. */
async function clusterApart(input: ClusterInput, signal: AbortSignal | undefined): Promise<Int32Array> {
  const worker = new Worker(new URL('./cluster-worker.ts', import.meta.url), {
    workerData: input,
    transferList: [input.vectors.buffer as ArrayBuffer],
  });
  try {
    return await new Promise<Int32Array>((resolve, reject) => {
      const cancel = () => reject(new KithError('cancelled', 'grouping'));
      if (signal?.aborted) cancel();
      signal?.addEventListener('abort', cancel, { once: true });
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`Expected groups but the thread ended with ${code}`)));
    });
  } finally {
    await worker.terminate();
  }
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

/** How many faces the sample of a plan shows. */
const SHOWN = 60;

/** Faces that would be with others than now, groups that would become one, and groups that would fall apart. */
function compareGroups({ faceIds, groups }: EmbeddingTable, labels: Int32Array): Omit<RegroupPlan, 'mixed'> {
  const into = new Map<number, Map<number, number>>();
  const from = new Map<number, Set<number>>();
  groups.forEach((group, row) => {
    const label = labels[row]!;
    if (group === 0) return;
    const counts = into.get(group) ?? new Map<number, number>();
    // A face alone is a group of its own.
    const key = label < 0 ? -1 - row : label;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    into.set(group, counts);
    from.set(key, (from.get(key) ?? new Set()).add(group));
  });
  const home = new Map(
    [...into].map(([group, counts]) => [group, [...counts].sort((a, b) => b[1] - a[1])[0]![0]]),
  );
  const moved = faceIds.filter((_, row) => {
    const group = groups[row]!;
    const key = labels[row]! < 0 ? -1 - row : labels[row]!;
    return group === 0 ? labels[row]! >= 0 : home.get(group) !== key;
  });
  return {
    moved: moved.length,
    merged: [...from.values()].reduce((sum, set) => sum + set.size - 1, 0),
    split: [...into.values()].filter((counts) => counts.size > 1).length,
    examples: moved.slice(0, SHOWN),
  };
}

/** Faces of each group, largest first, then by the first face's row. */
function gathered(labels: Int32Array, faceIds: readonly FaceId[]): FaceId[][] {
  const groups = new Map<number, FaceId[]>();
  labels.forEach((label, row) => {
    if (label < 0) return;
    const group = groups.get(label);
    if (group) group.push(faceIds[row]!);
    else groups.set(label, [faceIds[row]!]);
  });
  // A map keeps the order of first rows, and sorting is stable.
  return [...groups.values()].sort((a, b) => b.length - a.length);
}
