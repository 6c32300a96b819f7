/**
 * Puts a key where it belongs in one of many lists of the highest scores, which lie one after another in two arrays, and the
 * list's last one out. Among equals whoever came first stays first. The caller has seen that the score is higher than the
 * last one's, or that the last place is free.
 *
 * @param start where the list begins
 * @param last its last place
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
