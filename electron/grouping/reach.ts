import type { Groups } from './groups.ts';
import type { Linkage } from './linkage.ts';
import type { Nearest } from './nearest.ts';
import type { Product } from './product.ts';
import type { Rows } from './similarity.ts';

/** Groups that one look at all of them keeps for each. */
const KEPT = 32;

/** Groups that are looked from, and at, at once. */
const BLOCK = 512;

/** What single precision may take off a linkage. Lists hold a little more for it; what counts is looked at again. */
const ROUNDING = 1e-6;

interface ReachOptions {
  rows: Rows;
  nearest: Nearest;
  size: number;
  bound: number;
  groups: Groups;
  linkage: Linkage;
  product: Product;
}

/**
 * Which groups may be nearest to which. Each group has a list, and a bound on its linkage to whatever is not in it. A
 * group that grows takes the other's list over; the bound is then the average of both, as linkage itself is.
 */
export class Reach {
  readonly #options: ReachOptions;
  readonly #owner: Int32Array;
  readonly #lists: Int32Array[];
  /** No group that is not in the list is nearer than this; just below the bound where it does not matter any more. */
  readonly #beyond: Float64Array;
  /** Below every linkage that counts. */
  readonly #nothing: number;
  /** 1 for a group that no other reaches the bound with: then none ever will. */
  readonly #alone: Uint8Array;
  /** For whom each group was last met: lists hold some more than once. */
  readonly #met: Int32Array;
  #meeting = 0;

  constructor(options: ReachOptions) {
    const { rows, nearest, bound, groups } = options;
    const n = rows.offsets.length;
    this.#options = options;
    this.#owner = groups.owner.subarray(0, n);
    this.#nothing = bound - 1e-9;
    this.#alone = new Uint8Array(n);
    this.#met = new Int32Array(n).fill(-1);
    const members = Map.groupBy(this.#owner.keys(), (row) => this.#owner[row]!);
    this.#lists = Array.from({ length: n }, (_, group) => listed(nearest, members.get(group) ?? [], n));
    this.#beyond = new Float64Array(n);
    // No group takes less off than the face that takes the least.
    const least = rows.offsets.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    for (const [group, of] of members) {
      const ends = of.map((row) => nearest.dots[(row + 1) * nearest.count - 1]!);
      const mean = ends.reduce((sum, end) => sum + end, 0) / ends.length;
      this.#beyond[group] = Math.max(this.#nothing, mean - options.linkage.offset(group) - least);
    }
  }

  /** All groups that there are, in order. */
  groups(): number[] {
    return [...this.#owner.keys()].filter((row) => this.#owner[row] === row);
  }

  /** The nearest group of each of these that reaches the bound and that it may be merged with; −1: none. */
  async nearestOf(groups: readonly number[]): Promise<[group: number, nearest: number][]> {
    const found = groups.map((group): [number, number | null] => [group, this.#nearest(group)]);
    const open = found.flatMap(([group, nearest]) => (nearest === null ? [group] : []));
    if (open.length > 0) await this.#lookAtAll(open);
    return found.map(([group, nearest]) => {
      const settled = nearest ?? this.#nearest(group, true)!;
      if (settled < 0) this.#alone[group] = 1;
      return [group, settled];
    });
  }

  /** `b` has gone over to `a`, in the linkage too. */
  join(a: number, b: number): void {
    const { count } = this.#options.linkage;
    const grown = count[b]! / count[a]!;
    this.#beyond[a] = (1 - grown) * this.#beyond[a]! + grown * this.#beyond[b]!;
    this.#lists[a] = Int32Array.from([...this.#lists[a]!, ...this.#lists[b]!]);
    this.#lists[b] = new Int32Array(0);
  }

  /** @returns null where it may be one that is not in the list, unless `sure` says that it is not */
  #nearest(group: number, sure = false): number | null {
    const { groups, linkage, bound } = this.#options;
    const kept: number[] = [];
    let best = this.#nothing;
    let nearest = -1;
    const meeting = this.#meeting++;
    for (const row of this.#lists[group]!) {
      const other = this.#owner[row]!;
      if (other === group || this.#met[other] === meeting) continue;
      this.#met[other] = meeting;
      if (this.#alone[other] || (groups.isFixed(group) && groups.isFixed(other))) continue;
      const score = linkage.between(group, other);
      if (score < bound) continue;
      kept.push(other);
      if (score < best || (score === best && other > nearest)) continue;
      if (groups.forbids(group, other)) {
        kept.pop();
        continue;
      }
      best = score;
      nearest = other;
    }
    this.#lists[group] = Int32Array.from(kept);
    return sure || best >= this.#beyond[group]! ? nearest : null;
  }

  /** Makes the lists of some groups anew, out of all groups. */
  async #lookAtAll(open: readonly number[]): Promise<void> {
    const { size, groups, bound, product } = this.#options;
    const all = this.groups().filter((group) => !this.#alone[group]);
    // Groups that were there before are never merged with each other.
    const free = all.filter((group) => !groups.isFixed(group));
    for (const [from, at] of [
      [open.filter((group) => !groups.isFixed(group)), all],
      [open.filter((group) => groups.isFixed(group)), free],
    ] as const) {
      for (let top = 0; top < from.length; top += BLOCK) {
        const seekers = from.slice(top, top + BLOCK).map((group) => new Seeker(group, bound - ROUNDING));
        const ones = this.#means(seekers.map(({ group }) => group));
        for (let left = 0; left < at.length; left += BLOCK) {
          const others = at.slice(left, left + BLOCK);
          const across = this.#means(others);
          const dots = await product(ones.vectors, across.vectors, size);
          seekers.forEach((seeker, i) => {
            const off = ones.offsets[i]!;
            for (let j = 0, place = i * others.length; j < others.length; j++, place++) {
              const score = dots[place]! - off - across.offsets[j]!;
              if (score < seeker.floor || others[j] === seeker.group) continue;
              if (!groups.forbids(seeker.group, others[j]!)) seeker.offer(others[j]!, score);
            }
          });
        }
        for (const { group, found, isFull, floor } of seekers) {
          this.#lists[group] = Int32Array.from(found, (one) => one.group);
          this.#beyond[group] = isFull ? floor : this.#nothing;
        }
      }
    }
  }

  #means(of: readonly number[]): Rows {
    const { size, linkage } = this.#options;
    const vectors = new Float32Array(of.length * size);
    of.forEach((group, at) => {
      linkage.writeMean(group, vectors, at * size);
    });
    return { vectors, offsets: Float64Array.from(of, (group) => linkage.offset(group)) };
  }
}

/** A group that looks at all others, and keeps the nearest. */
class Seeker {
  readonly group: number;
  readonly found: { group: number; score: number }[] = [];
  /** Linkage below which nothing is kept. */
  floor: number;

  constructor(group: number, bound: number) {
    this.group = group;
    this.floor = bound;
  }

  get isFull(): boolean {
    return this.found.length === KEPT;
  }

  offer(group: number, score: number): void {
    if (this.isFull) this.found.pop();
    let at = this.found.length;
    while (at > 0 && this.found[at - 1]!.score < score) at--;
    this.found.splice(at, 0, { group, score });
    if (this.isFull) this.floor = this.found.at(-1)!.score;
  }
}

/** Who is in the lists of these rows, of the first `n` rows. */
function listed({ count, rows }: Nearest, of: readonly number[], n: number): Int32Array {
  const all = of.flatMap((row) => [...rows.subarray(row * count, (row + 1) * count)]);
  return Int32Array.from(new Set(all.filter((row) => row >= 0 && row < n)));
}
