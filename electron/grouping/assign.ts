/**
 * The assignment of faces to people with the highest total worth. Each face gets one person or none, each person one
 * face at most. Kuhn's Hungarian method with potentials (Jonker & Volgenant 1987), O(faces² · people).
 *
 * @param worth worth[face][person]; a face is never assigned to a person of worth 0 or less
 * @returns the person of each face, −1: none
 */
export function assign(worth: readonly (readonly number[])[]): number[] {
  const faces = worth.length;
  const people = worth[0]?.length ?? 0;
  // One column of cost 0 for each face stands for "no person", so that every face can be assigned.
  const columns = people + faces;
  const cost = (face: number, column: number) => (column < people ? -worth[face]![column]! : 0);
  const u = new Float64Array(faces + 1);
  const v = new Float64Array(columns + 1);
  const owner = new Int32Array(columns + 1);
  const way = new Int32Array(columns + 1);
  for (let face = 1; face <= faces; face++) {
    owner[0] = face;
    const least = new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY);
    const used = new Uint8Array(columns + 1);
    let column = 0;
    do {
      used[column] = 1;
      const row = owner[column]!;
      let delta = Number.POSITIVE_INFINITY;
      let next = 0;
      for (let j = 1; j <= columns; j++) {
        if (used[j]) continue;
        const slack = cost(row - 1, j - 1) - u[row]! - v[j]!;
        if (slack < least[j]!) {
          least[j] = slack;
          way[j] = column;
        }
        if (least[j]! < delta) {
          delta = least[j]!;
          next = j;
        }
      }
      for (let j = 0; j <= columns; j++) {
        if (used[j]) {
          u[owner[j]!]! += delta;
          v[j]! -= delta;
        } else least[j]! -= delta;
      }
      column = next;
    } while (owner[column] !== 0);
    do {
      const before = way[column]!;
      owner[column] = owner[before]!;
      column = before;
    } while (column !== 0);
  }
  const result = new Array<number>(faces).fill(-1);
  for (let j = 1; j <= people; j++) {
    const face = owner[j]! - 1;
    if (face >= 0 && worth[face]![j - 1]! > 0) result[face] = j - 1;
  }
  return result;
}
