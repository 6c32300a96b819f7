import type { Task, Verdict } from './people.ts';

/**
 * Two simple ways of naming faces, beside which the engine has to earn its lines: the nearest example, and the similarity to
 * the mean of a person's examples together with the three best, its probability by isotonic regression.
 *
 * Both are told how many are right as they are judged (the regression is fitted on every other face and used on the rest), so
 * that they are shown in the best light.
 *
 * @returns the likeliest person of each face without a label, by falling probability
 */
export function baselineOf(name: 'nearest example' | 'class mean, top 3, isotonic', task: Task): Verdict[] {
  const { faces, said, truth } = task;
  const { vectors, size } = faces;
  const examples = Map.groupBy(said.examples, ({ person }) => person);
  const means = new Map([...examples].map(([person, rows]) => [person, meanOf(rows.map(({ row }) => row))]));
  const verdicts: Verdict[] = [];
  for (let row = 0; row < truth.length; row++) {
    if (said.labelled[row]) continue;
    const scores: [number, number][] = [...examples].map(([person, rows]) => {
      const dots = rows.map((one) => dot(row * size, vectors, one.row * size)).sort((a, b) => b - a);
      if (name === 'nearest example') return [person, dots[0]!];
      const top = dots.slice(0, 3);
      const mean = top.reduce((sum, value) => sum + value, 0) / top.length;
      return [person, (dot(row * size, means.get(person)!, 0) + mean) / 2];
    });
    const [person, score] = scores.reduce((best, one) => (one[1] > best[1] ? one : best));
    const common = { nearMargin: null, margin: 0, isInCluster: false, isStranger: truth[row]! < 0 };
    verdicts.push({ row, person, score, probability: score, right: truth[row] === person, ...common });
  }
  return [0, 1]
    .flatMap((side) => {
      const curve = isotonic(verdicts.filter((_, at) => at % 2 !== side));
      return verdicts
        .filter((_, at) => at % 2 === side)
        .map((verdict) => ({ ...verdict, probability: curve(verdict.score) }));
    })
    .sort((a, b) => b.probability - a.probability || b.score - a.score);

  function dot(at: number, others: Float32Array, from: number): number {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += vectors[at + i]! * others[from + i]!;
    return sum;
  }

  function meanOf(rows: readonly number[]): Float32Array {
    const sum = new Float64Array(size);
    for (const row of rows) for (let i = 0; i < size; i++) sum[i]! += vectors[row * size + i]!;
    const length = Math.hypot(...sum);
    return Float32Array.from(sum, (value) => value / length);
  }
}

/** Probability by score that never falls: pool adjacent violators (Barlow et al. 1972). */
function isotonic(verdicts: readonly Verdict[]): (score: number) => number {
  const blocks: { from: number; right: number; count: number }[] = [];
  for (const { score, right } of verdicts.toSorted((a, b) => a.score - b.score)) {
    blocks.push({ from: score, right: Number(right), count: 1 });
    for (;;) {
      const [before, last] = blocks.slice(-2);
      if (!before || !last || before.right / before.count < last.right / last.count) break;
      blocks.splice(-2, 2, {
        from: before.from,
        right: before.right + last.right,
        count: before.count + last.count,
      });
    }
  }
  return (score) => {
    const block = blocks.findLast(({ from }) => score >= from) ?? blocks[0]!;
    // Laplace's rule, weakened by the number of blocks: a block without a mistake is not certain.
    return (block.right + 1 / blocks.length) / (block.count + 2 / blocks.length);
  };
}
