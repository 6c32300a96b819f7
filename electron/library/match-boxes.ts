import { iou, type UnitBox } from '../contract/geometry.ts';

/** Overlap (intersection over union) from which a face that is found anew counts as one of the record. Chosen by hand. */
const SAME_FACE = 0.35;

/**
 * Finds the faces of the record among those that are found anew on the same photo. Pairs are taken by falling overlap,
 * each face once, none below {@link SAME_FACE}.
 *
 * @returns for each found box the index of its recorded box, or -1
 */
export function matchBoxes(found: readonly UnitBox[], recorded: readonly UnitBox[]): number[] {
  const pairs = found
    .flatMap((box, to) => recorded.map((old, from) => ({ to, from, overlap: iou(box, old) })))
    .filter(({ overlap }) => overlap >= SAME_FACE)
    .sort((a, b) => b.overlap - a.overlap || a.to - b.to || a.from - b.from);
  const matched = new Array<number>(found.length).fill(-1);
  const taken = new Set<number>();
  for (const { to, from } of pairs) {
    if (matched[to] !== -1 || taken.has(from)) continue;
    matched[to] = from;
    taken.add(from);
  }
  return matched;
}
