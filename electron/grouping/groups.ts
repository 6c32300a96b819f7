/** What is known of rows before they are grouped. */
export interface Constraints {
  /** Photos that each row is on. Two rows of one photo never share a group. */
  photos: ReadonlyArray<readonly number[]>;
  /** Pairs of rows that are two people. */
  cannotLink?: Iterable<readonly [number, number]> | undefined;
  /**
   * Person of each row, where the user has said so, from 1; 0: unknown. Rows of one come together in {@link Groups.unite}.
   */
  seed?: ArrayLike<number> | undefined;
  /** Groups that rows begin in, from 1; 0: alone. These may join others. */
  start?: ArrayLike<number> | undefined;
}

/**
 * Who is with whom so far, and who may never be: rows of one photo, pairs known to be two people, rows of two seeds. A
 * group goes by the row that it began with. What is forbidden to two groups stays so when they grow.
 */
export class Groups {
  /** Group of each row. */
  readonly owner: Int32Array;
  readonly #photosOf: ReadonlyArray<readonly number[]>;
  readonly #members: number[][];
  readonly #photos: Set<number>[];
  /** Seed of each group, by the row that it goes by. */
  readonly #seed: Int32Array;
  /** Photos of all groups of a seed. */
  readonly #seedPhotos = new Map<number, Set<number>>();
  /** By row: the rows that it must not be with. */
  readonly #cannotLink = new Map<number, number[]>();

  constructor({ photos, cannotLink = [], seed = [], start = [] }: Constraints) {
    const rows = Array.from({ length: photos.length }, (_, row) => row);
    this.owner = Int32Array.from(rows);
    this.#photosOf = photos;
    this.#members = rows.map((row) => [row]);
    this.#photos = rows.map((row) => new Set(photos[row]));
    this.#seed = Int32Array.from(rows, (row) => seed[row] ?? 0);
    for (const [a, b] of cannotLink) {
      this.#cannotLink.set(a, [...(this.#cannotLink.get(a) ?? []), b]);
      this.#cannotLink.set(b, [...(this.#cannotLink.get(b) ?? []), a]);
    }
    for (const row of rows) if (this.#seed[row] !== 0) this.#note(this.#seed[row]!, photos[row]!);
    this.#joinAll((row) => start[row] ?? 0);
  }

  isSeeded(owner: number): boolean {
    return this.#seed[owner] !== 0;
  }

  /** Whether two groups have different seeds. */
  areApart(a: number, b: number): boolean {
    return this.#seed[a] !== 0 && this.#seed[b] !== 0 && this.#seed[a] !== this.#seed[b];
  }

  forbids(a: number, b: number): boolean {
    const [one, other] = [this.#seed[a]!, this.#seed[b]!];
    if (one !== 0 && other !== 0) return one !== other;
    if (one !== 0) return this.#isBarred(b, a, this.#seedPhotos.get(one)!);
    if (other !== 0) return this.#isBarred(a, b, this.#seedPhotos.get(other)!);
    const [few, many] = this.#members[a]!.length < this.#members[b]!.length ? [a, b] : [b, a];
    return this.#isBarred(few, many, this.#photos[many]!);
  }

  /** All of `b` goes over to `a`. */
  join(a: number, b: number): void {
    const seed = this.#seed[a]! || this.#seed[b]!;
    this.#seed[a] = seed;
    for (const row of this.#members[b]!) {
      this.owner[row] = a;
      this.#members[a]!.push(row);
      for (const photo of this.#photosOf[row]!) this.#photos[a]!.add(photo);
    }
    if (seed !== 0) this.#note(seed, this.#photos[a]!);
    this.#members[b] = [];
    this.#photos[b]!.clear();
  }

  /** Joins all groups of each seed: to the encoder one person may look like two, and the user knows better. */
  unite(): void {
    this.#joinAll((row) => this.#seed[row]!);
  }

  /** Joins the groups that have a number in common; 0 is none. */
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

  /** Whether a row of a group is on one of these photos, or may not be with a row of the other group, or of its seed. */
  #isBarred(group: number, from: number, photos: ReadonlySet<number>): boolean {
    const seed = this.#seed[from]!;
    const isThere = (row: number) =>
      this.owner[row] === from || (seed !== 0 && this.#seed[this.owner[row]!] === seed);
    return this.#members[group]!.some(
      (row) =>
        this.#photosOf[row]!.some((photo) => photos.has(photo)) ||
        this.#cannotLink.get(row)?.some(isThere) === true,
    );
  }

  #note(seed: number, photos: Iterable<number>): void {
    const all = this.#seedPhotos.get(seed) ?? new Set();
    this.#seedPhotos.set(seed, all);
    for (const photo of photos) all.add(photo);
  }
}
