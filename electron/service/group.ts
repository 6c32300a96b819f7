import { createHash, randomUUID } from 'node:crypto';
import type { Calibration } from '../contract/calibration.ts';
import { KithError } from '../contract/errors.ts';
import type { EncoderKey, EntryId, FaceId, GroupId } from '../contract/ids.ts';
import type { RegroupPlan } from '../contract/screens.ts';
import { plainProduct } from '../grouping/product.ts';
import { type GroupedBy, type Move, UNFINISHED } from '../library/groups.ts';
import type { Library } from '../library/open.ts';
import { changedBy, growthOf, partedAt, withoutSingles } from './growth.ts';
import { basisOf, type LabelledFaces, type LabelTask, labelFaces, labelState } from './label-faces.ts';
import { type Hasher, recordStacks } from './stacks.ts';
import { inThread, WORTH_A_THREAD } from './thread.ts';

/** Raised when the same faces and calibration would now give other groups, or stacks, so that old ones are made again. */
const METHOD_VERSION = 6;

export interface GroupOptions {
  library: Library;
  encoder: EncoderKey;
  /** The catalog's. What the library makes of it (see own-calibration.ts) changes how faces are grouped, never which are. */
  calibration: Calibration;
  signal?: AbortSignal | undefined;
  /** Tells what thumbnails look like that no scan has looked at; none: only what is known already counts. */
  hasher?: Hasher | undefined;
  /** The scan that brings the faces; none where they are all there. */
  scan?: GroupedScan | undefined;
}

/** What is to be known of a scan whose faces are grouped. */
export interface GroupedScan {
  /** The newest group that there was before it began. Changes of newer groups are no entries of the journal. */
  after: GroupId;
  /** Whether it still looks at photos. Groups that were there before it only gain faces then. */
  goesOn: boolean;
}

/** Groups that were there and have changed, and the entry that takes it back. */
export interface Grown {
  entry: EntryId;
  groups: number;
  /** Photos that came; or faces are compared in another way than when the groups were made. */
  why: 'photos' | 'method';
}

/**
 * Groups the faces of the library that have an embedding of this encoder, unless that was done since the last change.
 *
 * All of them each time, so that it does not matter in how many imports faces came: only groups that the user has named
 * or arranged hold still, and others join them. In a large library only what the newest faces may change, until a good
 * part of all has come in that way. What changes in groups that were there can be undone. Grouping
 * everything anew is a command of its own: see {@link planRegroup}.
 *
 * Another encoder, another calibration, what was learned, or another version of this method compares faces in another way
 * than when the groups were made. Then all that is not held is grouped by it, and that can be undone too, also what becomes
 * of faces that were in no group. The library goes over to the encoder in the same transaction.
 *
 * While a scan still looks at photos nothing is done where the user changed something meanwhile, or where the groups were
 * made by another encoder: the next try, or the end of the scan, will do it.
 *
 * @returns what changed in groups that were there; null: nothing that can be undone
 * @throws KithError cancelled (the former groups stay), and the errors of the library
 */
export async function groupLibrary(options: GroupOptions): Promise<Grown | null> {
  const { library, encoder, scan } = options;
  const way = () => methodOf(options);
  for (let tries = 1, method = way(); !library.groups.areCurrent(method); tries++, method = way()) {
    const former = library.groups.encoder();
    const grow = former !== null || library.groups.last() > 0;
    if (scan?.goesOn && former !== null && former !== encoder) return null;
    const labels = labelState(library);
    const faces = await labelled(options, grow);
    // Few faces are grouped in this thread, which no signal breaks off.
    if (options.signal?.aborted) throw new KithError('cancelled', 'grouping');
    const by = { encoder, method, faces };
    if (scan?.goesOn && labelState(library) !== labels) return null;
    // What the user has done meanwhile is to count; at last it counts the next time.
    if (!scan?.goesOn && basisOf(library) !== faces.basis && tries < TRIES) continue;
    const outcome = grow ? grown(options, faces, by) : null;
    if (!grow) library.groups.replace(facesByGroup(faces), by, faces.state);
    // Groups do not depend on stacks, so they are written first. A scan hashes its own photos; hashing older ones now would
    // delay its photos.
    await recordStacks(library, faces, scan?.goesOn ? undefined : options.hasher, options.signal);
    return outcome;
  }
  return null;
}

/** Puts new faces into groups. What changes in the groups that were there is an entry of the journal. */
function grown({ library, scan }: GroupOptions, faces: LabelledFaces, by: GroupedBy): Grown | null {
  const { groups } = library;
  const why = groups.encoder() === null || groups.areBy(by.method) ? 'photos' : 'method';
  const moves = growthOf(faces, faces.held);
  const known = why === 'method' ? (groups.upTo().last as FaceId) : 0;
  const { own, others } = partedAt(scan?.after ?? null, moves, known);
  if (scan?.goesOn) {
    const now = withoutSingles(own.filter((move) => !isForTheEnd(move, scan.after, faces.held)));
    const isAll = faces.anew && now.length === moves.length;
    // The others wait for the end of the scan, which is to know by what their groups were made.
    groups.rearrange(now, why === 'method' ? null : by, isAll ? faces.state : UNFINISHED);
    return null;
  }
  const founded = new Map<number, GroupId>();
  return library.transaction(() => {
    const left = groups.encoder() === by.encoder ? [] : groups.withoutVector(by.encoder);
    const isWhole = groups.rearrange(own, by, faces.state, founded);
    const changed = [...others, ...left];
    if (changed.length === 0) return null;
    const command = { action: ACTIONS[why], detail: { groups: changedBy(changed) }, by: 'kith' } as const;
    const { entry } = library.journal.act(command, () =>
      groups.rearrange(changed, by, isWhole ? faces.state : UNFINISHED, founded),
    );
    return entry && { entry, groups: command.detail.groups, why };
  });
}

/** What the journal calls it. */
const ACTIONS: Record<Grown['why'], string> = { photos: 'grow', method: 'adapt' };

/**
 * Whether a face would join a group that was held before the scan. It could never leave that group again, so it is decided
 * at the end of the scan, when all faces are there to compare with. Groups that are named during the scan grow at once.
 */
function isForTheEnd({ to }: Move, after: GroupId, held: ReadonlySet<GroupId>): boolean {
  return to !== null && 'group' in to && to.group <= after && held.has(to.group);
}

/** How often it is begun anew, where the user changes what it is made from meanwhile. Chosen by hand: it takes minutes. */
const TRIES = 3;

/** What grouping everything anew would do. */
export interface Regroup {
  groups: FaceId[][];
  /** What the record's faces were when it was planned. */
  state: string;
  /** The newest of them; 0 where there was none. */
  newest: number;
  /** All that it was planned on. */
  basis: string;
  plan: RegroupPlan;
}

/**
 * Groups everything anew, without changing anything: faces of one person stay together, those of two apart.
 *
 * @throws KithError cancelled
 */
export async function planRegroup(options: GroupOptions): Promise<Regroup> {
  const faces = await labelled(options, false);
  const { state, newest, basis, impure } = faces;
  return {
    groups: facesByGroup(faces),
    state,
    newest,
    basis,
    plan: { id: randomUUID(), ...compareGroups(faces), mixed: impure },
  };
}

/** Whether the record is still what a plan was made on: to apply another would undo what the user did since. */
export function isUpToDate(library: Library, { basis }: Regroup): boolean {
  return basisOf(library) === basis;
}

/** Puts a plan into effect, inside a command of the journal. */
export function applyRegroup(
  { library, ...options }: GroupOptions,
  { groups, state, newest }: Regroup,
): void {
  const method = methodOf({ library, ...options });
  const by = { encoder: options.encoder, method, faces: { newest, anew: true } };
  library.groups.replace(groups, by, state);
}

/** Names the way in which faces are compared: groups that were made in another way are made again. */
function methodOf({
  library,
  encoder,
  calibration,
}: Pick<GroupOptions, 'library' | 'encoder' | 'calibration'>): string {
  // What matching makes of an encoder's distances is nothing to grouping.
  const { match: _, ...used } = calibration;
  const metric = library.metrics.get(encoder);
  const learned = metric && createHash('sha256').update(metric.out).update(metric.into).digest('hex');
  return `${encoder} ${METHOD_VERSION} ${JSON.stringify(used)}${learned ? ` ${learned}` : ''}`;
}

function labelled(
  { library, encoder, calibration, signal, scan }: GroupOptions,
  grow: boolean,
): Promise<LabelledFaces> {
  const method = methodOf({ library, encoder, calibration });
  const task: LabelTask = { encoder, calibration, method, grow, goesOn: scan?.goesOn === true };
  if (library.cards.photos.counts().faces < WORTH_A_THREAD) return labelFaces(library, task, plainProduct);
  return inThread(new URL('./label-worker.ts', import.meta.url), { ...task, file: library.file }, signal);
}

/** How many faces the sample of a plan shows. */
const SHOWN = 60;

/** Faces that would be with others than now, groups that would become one, and groups that would fall apart. */
function compareGroups({ faceIds, groups, labels }: LabelledFaces): Omit<RegroupPlan, 'id' | 'mixed'> {
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
function facesByGroup({ labels, faceIds }: LabelledFaces): FaceId[][] {
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
