/** Constraints of the rows that are to be clustered. */
export interface Constraints {
  /** Photos on which each row is. Two rows of one photo never share a cluster. */
  photos: ReadonlyArray<readonly number[]>;
  /** Pairs of rows that are two people. */
  cannotLink?: Iterable<readonly [number, number]> | undefined;
  /**
   * Must-link: number of the person as whom the user labelled each row, from 1; 0: none. Rows of one seed come together
   * in {@link Groups.unite}. Rows of two seeds never do.
   */
  seed?: ArrayLike<number> | undefined;
  /** Clusters in which rows begin, from 1; 0: none. They may be merged with others. */
  start?: ArrayLike<number> | undefined;
}

/**
 * A partition of rows into clusters, and the constraints on it. Two clusters must not be merged where this would join
 * rows of one photo, a cannot-link pair or rows of two seeds. A merge only ever adds constraints. A cluster's id is the
 * row with which it began.
 */
export class Groups {
  /** Cluster of each row. */
  readonly owner: Int32Array;
  readonly #photosOf: ReadonlyArray<readonly number[]>;
  /** Rows of each cluster that has more than the one it began with. A hundred thousand small lists would be much to look after. */
  readonly #members = new Map<number, number[]>();
  /** Photos of the same clusters. */
  readonly #photos = new Map<number, Set<number>>();
  /** Seed of each cluster, by its id; 0: none. */
  readonly #seed: Int32Array;
  /** Photos of all clusters of a seed. */
  readonly #seedPhotos = new Map<number, Set<number>>();
  /** For each row the rows that must not be in one cluster with it. */
  readonly #cannotLink = new Map<number, number[]>();
  /** The photo of each cluster that is one row on one photo, without a seed or a cannot-link pair; −1 for any other cluster. */
  readonly #plainPhoto: Int32Array;

  constructor({ photos, cannotLink = [], seed = [], start = [] }: Constraints) {
    const rows = Array.from({ length: photos.length }, (_, row) => row);
    this.owner = Int32Array.from(rows);
    this.#photosOf = photos;
    this.#seed = Int32Array.from(rows, (row) => seed[row] ?? 0);
    for (const [a, b] of cannotLink) {
      this.#cannotLink.set(a, [...(this.#cannotLink.get(a) ?? []), b]);
      this.#cannotLink.set(b, [...(this.#cannotLink.get(b) ?? []), a]);
    }
    this.#plainPhoto = Int32Array.from(rows, (row) => {
      const isPlain = photos[row]!.length === 1 && this.#seed[row] === 0 && !this.#cannotLink.has(row);
      return isPlain ? photos[row]![0]! : -1;
    });
    for (const row of rows) if (this.#seed[row] !== 0) this.#note(this.#seed[row]!, photos[row]!);
    this.#joinAll((row) => start[row] ?? 0);
  }

  /** Whether a cluster has a seed. */
  isSeeded(owner: number): boolean {
    return this.#seed[owner] !== 0;
  }

  /** Whether two clusters have different seeds: quicker than {@link forbids}, and part of it. */
  areApart(a: number, b: number): boolean {
    return this.#seed[a] !== 0 && this.#seed[b] !== 0 && this.#seed[a] !== this.#seed[b];
  }

  /** Whether a constraint forbids to merge two clusters. */
  forbids(a: number, b: number): boolean {
    // Most clusters are single rows. Without these lines, which only read numbers, grouping a large library takes a tenth longer.
    const [photo, its] = [this.#plainPhoto[a]!, this.#plainPhoto[b]!];
    if (photo >= 0 && its >= 0) return photo === its;
    if (its >= 0 && this.#seed[a] === 0) return this.#photosIn(a).has(its);
    if (photo >= 0 && this.#seed[b] === 0) return this.#photosIn(b).has(photo);
    const [one, other] = [this.#seed[a]!, this.#seed[b]!];
    if (one !== 0 && other !== 0) return one !== other;
    if (one !== 0) return this.#isBarred(b, a, this.#seedPhotos.get(one)!);
    if (other !== 0) return this.#isBarred(a, b, this.#seedPhotos.get(other)!);
    const [few, many] = this.#rowsIn(a).length < this.#rowsIn(b).length ? [a, b] : [b, a];
    return this.#isBarred(few, many, this.#photosIn(many));
  }

  /** Merges cluster `b` into `a`. */
  join(a: number, b: number): void {
    const seed = this.#seed[a]! || this.#seed[b]!;
    this.#seed[a] = seed;
    this.#plainPhoto[a] = -1;
    const rows = this.#members.get(a) ?? [a];
    const photos = this.#photos.get(a) ?? new Set(this.#photosOf[a]);
    for (const row of this.#rowsIn(b)) {
      this.owner[row] = a;
      rows.push(row);
      for (const photo of this.#photosOf[row]!) photos.add(photo);
    }
    this.#members.set(a, rows).delete(b);
    this.#photos.set(a, photos).delete(b);
    if (seed !== 0) this.#note(seed, photos);
  }

  /** Merges all clusters of each seed: what the user labelled as one person is one, even where it looks like two. */
  unite(): void {
    this.#joinAll((row) => this.#seed[row]!);
  }

  /** Merges the clusters that have the same number; 0: none. */
  #joinAll(numberOf: (row: number) => number): void {
    const first = new Map<number, number>();
    for (let row = 0; row < this.owner.length; row++) {
      const of = this.owner[row] === row ? numberOf(row) : 0;
      if (of === 0) continue;
      const owner = first.get(of);
      if (owner === undefined) first.set(of, row);
      else this.join(owner, row);
    }
  }

  /**
   * Whether a row of `cluster` is on one of `photos`, or has a cannot-link pair in the cluster `from` or in another
   * cluster of the same seed.
   */
  #isBarred(cluster: number, from: number, photos: ReadonlySet<number>): boolean {
    const seed = this.#seed[from]!;
    // Plain loops: this is asked some ten million times.
    for (const row of this.#rowsIn(cluster)) {
      for (const photo of this.#photosOf[row]!) if (photos.has(photo)) return true;
      const others = this.#cannotLink.get(row);
      if (others === undefined) continue;
      for (const other of others) {
        const owner = this.owner[other]!;
        if (owner === from || (seed !== 0 && this.#seed[owner] === seed)) return true;
      }
    }
    return false;
  }

  #rowsIn(cluster: number): readonly number[] {
    return this.#members.get(cluster) ?? [cluster];
  }

  #photosIn(cluster: number): ReadonlySet<number> {
    return this.#photos.get(cluster) ?? new Set(this.#photosOf[cluster]);
  }

  /** Adds photos to those of a seed. */
  #note(seed: number, photos: Iterable<number>): void {
    const all = this.#seedPhotos.get(seed) ?? new Set();
    this.#seedPhotos.set(seed, all);
    for (const photo of photos) all.add(photo);
  }
}
