import { createHash, randomUUID } from 'node:crypto';
import type { Calibration } from '../contract/calibration.ts';
import { KithError } from '../contract/errors.ts';
import type { EncoderKey, EntryId, FaceId, GroupId } from '../contract/ids.ts';
import type { RegroupPlan } from '../contract/screens.ts';
import { plainProduct } from '../grouping/product.ts';
import { type GroupedBy, type Move, UNFINISHED } from '../library/groups.ts';
import type { Library } from '../library/open.ts';
import { alignmentOf, metricOf } from './aligned.ts';
import { changedBy, growthOf, partedAt, withoutSingles } from './growth.ts';
import { basisOf, type LabelledFaces, type LabelTask, labelFaces, labelState } from './label-faces.ts';
import { type Hasher, recordStacks } from './stacks.ts';
import { inThread, WORTH_A_THREAD } from './thread.ts';

/** Raised by hand when the same faces and calibration give other groups or stacks, so that old ones are made again. */
const METHOD_VERSION = 7;

export interface GroupOptions {
  library: Library;
  encoder: EncoderKey;
  /** The catalog's. The library's own calibration (own-calibration.ts) changes how faces are grouped, never which are. */
  calibration: Calibration;
  signal?: AbortSignal | undefined;
  /** Hashes thumbnails that no scan has hashed. Left out: only hashes of the record count. */
  hasher?: Hasher | undefined;
  /** The scan that brings the faces. Left out: all faces are there. */
  scan?: GroupedScan | undefined;
}

/** What grouping needs to know of the scan that brings the faces. */
export interface GroupedScan {
  /** The newest group that there was before it began. Changes of newer groups are no entries of the journal. */
  after: GroupId;
  /** Whether it still looks at photos. Groups that were there before it only gain faces then. */
  goesOn: boolean;
}

/** How many former groups have changed, and the entry of the journal that can be undone. */
export interface Grown {
  entry: EntryId;
  groups: number;
  /** `photos`: new photos came. `method`: faces are compared in another way than when the groups were made. */
  why: 'photos' | 'method';
}

/**
 * Groups the faces of the library that have an embedding of this encoder, unless that was done since the last change.
 *
 * Each call groups all faces, so that it does not matter in how many imports they came. Groups that the user has named or
 * arranged are held: their faces stay, and others may join them. In a large library a call only groups what the newest
 * faces may change, until a tenth of all faces have come in that way (`SHARE` in label-faces.ts). Changes of former groups
 * can be undone. Grouping everything anew is a command of its own: see {@link planRegroup}.
 *
 * With another encoder, another calibration, another learned metric or another version of this method, faces are compared
 * in another way than when the groups were made. Then all faces outside held groups are grouped in the new way. That can be
 * undone too, also for faces that were in no group. The library switches to the encoder in the same transaction.
 *
 * While a scan still looks at photos, nothing is written where the user changed something meanwhile, or where the groups
 * were made by another encoder: the next call, or the one at the end of the scan, writes it.
 *
 * @returns what changed in former groups; null: nothing that can be undone
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
    // Few faces are grouped in this thread, where the signal stops nothing.
    if (options.signal?.aborted) throw new KithError('cancelled', 'grouping');
    const by = { encoder, method, faces };
    if (scan?.goesOn && labelState(library) !== labels) return null;
    // Where the user changed something meanwhile, grouping begins again. After the last try, the next call sees the change.
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

/** Puts new faces into groups. Changes of former groups are an entry of the journal. */
function grown({ library, scan }: GroupOptions, faces: LabelledFaces, by: GroupedBy): Grown | null {
  const { groups } = library;
  const why = groups.encoder() === null || groups.areBy(by.method) ? 'photos' : 'method';
  const moves = growthOf(faces, faces.held);
  const known = why === 'method' ? (groups.upTo().last as FaceId) : 0;
  const { own, others } = partedAt(scan?.after ?? null, moves, known);
  if (scan?.goesOn) {
    const now = withoutSingles(own.filter((move) => !isForTheEnd(move, scan.after, faces.held)));
    const isAll = faces.anew && now.length === moves.length;
    // The other moves wait for the end of the scan, which has to know by which method their groups were made.
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

/** The journal's word for each reason. */
const ACTIONS: Record<Grown['why'], string> = { photos: 'grow', method: 'adapt' };

/**
 * Whether a face would join a group that was held before the scan. It could never leave that group again, so it is decided
 * at the end of the scan, when all faces are there to compare with. Groups that are named during the scan grow at once.
 */
function isForTheEnd({ to }: Move, after: GroupId, held: ReadonlySet<GroupId>): boolean {
  return to !== null && 'group' in to && to.group <= after && held.has(to.group);
}

/** How often grouping is tried where the user changes its input meanwhile. Chosen by hand: each try takes minutes. */
const TRIES = 3;

/** What grouping everything anew would do. */
export interface Regroup {
  groups: FaceId[][];
  /** State of the record's faces when it was planned: see `Groups.state`. */
  state: string;
  /** The newest of them; 0 where there was none. */
  newest: number;
  /** State of everything that it was planned from: see {@link basisOf}. */
  basis: string;
  plan: RegroupPlan;
}

/**
 * Plans how to group everything anew, and changes nothing. Faces of one named person stay together, those of two apart.
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

/** Whether the record is still as the plan found it. Applying an older plan would undo what the user did since. */
export function isUpToDate(library: Library, { basis }: Regroup): boolean {
  return basisOf(library) === basis;
}

/** Applies a plan. To be called inside an entry of the journal. */
export function applyRegroup(
  { library, ...options }: GroupOptions,
  { groups, state, newest }: Regroup,
): void {
  const method = methodOf({ library, ...options });
  const by = { encoder: options.encoder, method, faces: { newest, anew: true } };
  library.groups.replace(groups, by, state);
}

/** Names the way in which faces are compared. Groups that were made in another way are made again. */
function methodOf({
  library,
  encoder,
  calibration,
}: Pick<GroupOptions, 'library' | 'encoder' | 'calibration'>): string {
  // Grouping does not use the calibration's part for matching.
  const { match: _, ...used } = calibration;
  const metric = metricOf(library, encoder);
  const alignment = alignmentOf(encoder);
  const learned = metric && createHash('sha256').update(metric.out).update(metric.into).digest('hex');
  return `${encoder} ${METHOD_VERSION} ${JSON.stringify(used)}${alignment ? ` ${alignment}` : ''}${learned ? ` ${learned}` : ''}`;
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

/** How many faces a plan shows as examples. Chosen by hand. */
const SHOWN = 60;

/** Counts the faces that would change their group, the groups that would be merged, and those that would be split. */
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
