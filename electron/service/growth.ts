import type { FaceId, GroupId } from '../contract/ids.ts';
import type { Move } from '../library/groups.ts';
import type { LabelledFaces } from './label-faces.ts';

/**
 * Gives each cluster a group: its held group, else the one that most of its faces were in, else a new one.
 *
 * @param held see `Groups.held`. Two held groups are never in one cluster
 * @returns faces whose group changes
 */
export function growthOf(
  { labels, faceIds, groups }: Pick<LabelledFaces, 'labels' | 'faceIds' | 'groups'>,
  held: ReadonlySet<GroupId>,
): Move[] {
  const former = (row: number) => (groups[row]! > 0 ? (groups[row] as GroupId) : null);
  const isHeld = (row: number) => held.has(groups[row] as GroupId);
  // A held group may have a single face, a cluster never does.
  const clusters = Map.groupBy(
    [...labels.keys()].filter((row) => labels[row]! >= 0 || isHeld(row)),
    (row) => (labels[row]! >= 0 ? labels[row]! : -1 - row),
  );
  const overlaps: { cluster: number; group: GroupId; faces: number; holds: boolean }[] = [];
  for (const [cluster, rows] of clusters) {
    const known = rows.filter((row) => former(row) !== null);
    for (const [group, of] of Map.groupBy(known, (row) => former(row)!)) {
      overlaps.push({ cluster, group, faces: of.length, holds: held.has(group) });
    }
  }
  overlaps.sort(
    (a, b) =>
      Number(b.holds) - Number(a.holds) || b.faces - a.faces || a.cluster - b.cluster || a.group - b.group,
  );
  const groupOf = new Map<number, GroupId>();
  const taken = new Set<GroupId>();
  for (const { cluster, group } of overlaps) {
    if (groupOf.has(cluster) || taken.has(group)) continue;
    groupOf.set(cluster, group);
    taken.add(group);
  }
  // The last face here of a group keeps it: the photos of the group's other faces are gone, and may come back.
  const sizes = Map.groupBy(groups.keys(), (row) => groups[row]!);
  const isLast = (row: number) => sizes.get(groups[row]!)?.length === 1;
  const moves: Move[] = [];
  labels.forEach((label, row) => {
    if (isHeld(row) || (label < 0 && isLast(row))) return;
    const [from, group] = [former(row), groupOf.get(label)];
    const to = label < 0 ? null : group === undefined ? { founded: label } : { group };
    if (to === null ? from !== null : from === null || group !== from)
      moves.push({ face: faceIds[row]!, from, to });
  });
  return moves;
}

/**
 * Parts moves in two: `own` are those of faces that are in no group or in one newer than `after`; `others` are the rest.
 *
 * @param after null: no group is newer
 * @param known faces up to this one were there when groups were last made. Being in no group was a result for them, so
 *   their moves are among the others. 0: there are no such faces
 */
export function partedAt(
  after: GroupId | null,
  moves: readonly Move[],
  known: FaceId | 0 = 0,
): { own: readonly Move[]; others: readonly Move[] } {
  const isOwn = ({ face, from }: Move) => (from === null ? face > known : after !== null && from > after);
  return { own: moves.filter(isOwn), others: moves.filter((move) => !isOwn(move)) };
}

/**
 * Leaves out moves that would begin a group of one face, where the other faces of its cluster are not among the
 * moves.
 */
export function withoutSingles(moves: readonly Move[]): readonly Move[] {
  const founders = (move: Move) => (move.to !== null && 'founded' in move.to ? move.to.founded : null);
  const sizes = Map.groupBy(moves, founders);
  return moves.filter((move) => founders(move) === null || sizes.get(founders(move))!.length > 1);
}

/** How many groups change by these moves: faces leave them or join them, or they begin with faces that were in none. */
export function changedBy(moves: readonly Move[]): number {
  const changed = new Set<string>();
  for (const { from, to } of moves) {
    if (from !== null) changed.add(`${from}`);
    if (to !== null && 'group' in to) changed.add(`${to.group}`);
    else if (from === null && to !== null) changed.add(`new ${to.founded}`);
  }
  return changed.size;
}
