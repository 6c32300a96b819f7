import type { Nearest } from './nearest.ts';

/**
 * Groups that new faces may change: those with a face that is near to a new one.
 *
 * @param group of each row, 0: none
 * @param isNew whether a row has come since these groups were made
 * @param bound least dot product of two faces that count as near
 */
export function groupsNear(
  { count, rows, dots }: Nearest,
  group: ArrayLike<number>,
  isNew: (row: number) => boolean,
  bound: number,
): Set<number> {
  const near = new Set<number>();
  for (let row = 0; row < group.length; row++) {
    for (let at = row * count; at < (row + 1) * count && rows[at]! >= 0 && dots[at]! >= bound; at++) {
      const [one, other] = [row, rows[at]!];
      if (isNew(one)) near.add(group[other]!);
      else if (isNew(other)) near.add(group[one]!);
    }
  }
  near.delete(0);
  return near;
}
