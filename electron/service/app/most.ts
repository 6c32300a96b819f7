/** Those of a long list that have most, the first of equals first; sorting all of it takes far longer. */
export function most<T>(list: readonly T[], count: number, of: (one: T) => number): T[] {
  const found: { one: T; value: number }[] = [];
  for (const one of list) {
    const value = of(one);
    if (found.length === count && value <= found.at(-1)!.value) continue;
    let at = found.length;
    while (at > 0 && found[at - 1]!.value < value) at--;
    found.splice(at, 0, { one, value });
    if (found.length > count) found.pop();
  }
  return found.map(({ one }) => one);
}
