/**
 * Inserts a key into a list of the highest scores, in descending order, and drops the list's last entry. Many such
 * lists are one after another in two arrays. Of equal scores the one that was inserted first stays first. The caller
 * has checked that the score is higher than that of the last place, or that the last place is free.
 *
 * @param start first place of the list
 * @param last last place of the list
 */
export function insertRanked(
  keys: Int32Array,
  scores: Float32Array,
  start: number,
  last: number,
  key: number,
  score: number,
): void {
  let at = last;
  for (; at > start && scores[at - 1]! < score; at--) {
    scores[at] = scores[at - 1]!;
    keys[at] = keys[at - 1]!;
  }
  scores[at] = score;
  keys[at] = key;
}
