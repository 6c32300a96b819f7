/** Probability of log-odds `z`, 0..1, without overflow. */
export function sigmoid(z: number): number {
  return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
}

/** Log-odds of a probability: inverse of {@link sigmoid}. */
export function logit(p: number): number {
  return Math.log(p) - Math.log1p(-p);
}

/** ln(1 + eᶻ), the logarithmic loss of log-odds −z, without overflow. */
export function softplus(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}

/** A convex loss at one point. */
export interface LossAt {
  loss: number;
  /** Called only where a step starts from this point. */
  derivatives: () => { gradient: readonly number[]; hessian: readonly (readonly number[])[] };
}

/**
 * Minimises a convex loss by Newton's method. Each step is halved until the loss does not rise.
 *
 * @param rounds steps at most
 * @param ridge added to the diagonal of the Hessian, since a column of the data may be constant
 * @param enough a step that lowers the loss by less than this is the last
 */
export function newton(
  lossAt: (at: readonly number[]) => LossAt,
  start: readonly number[],
  { rounds = 100, ridge = 1e-10, enough = 1e-14 }: { rounds?: number; ridge?: number; enough?: number } = {},
): number[] {
  let at = [...start];
  let here = lossAt(at);
  for (let round = 0; round < rounds; round++) {
    const { gradient, hessian } = here.derivatives();
    const step = solve(
      hessian.map((row, r) => row.map((value, c) => (r === c ? value + ridge : value))),
      gradient,
    );
    let next = at;
    let there = here;
    for (let share = 1; share > 1e-6; share /= 2) {
      next = at.map((value, i) => value - share * step[i]!);
      there = lossAt(next);
      if (there.loss <= here.loss) break;
    }
    const gain = here.loss - there.loss;
    if (!(gain >= 0)) return at;
    at = next;
    here = there;
    if (gain < enough) return at;
  }
  return at;
}

/** Solves a small linear system by Gaussian elimination with row exchange. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const n = right.length;
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let r = column + 1; r < n; r++) {
      if (Math.abs(rows[r]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = r;
    }
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let r = 0; r < n; r++) {
      if (r === column) continue;
      const factor = rows[r]![column]! / rows[column]![column]!;
      for (let c = column; c <= n; c++) rows[r]![c]! -= factor * rows[column]![c]!;
    }
  }
  return rows.map((row, i) => row[n]! / row[i]!);
}
