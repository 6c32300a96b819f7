import type { GroupId } from '../contract/ids.ts';
import type { Database } from './database.ts';

/** A group with how many of its faces have no label; there is at least one. */
export interface SizedGroup {
  id: GroupId;
  size: number;
  /** The oldest of these faces. */
  first: number;
  /** 1: the user has hidden it. */
  hidden: number;
}

/**
 * Groups up to which those that changes concern are counted one by one. Bound: of 100,000 faces all groups are counted in 15 ms
 * (45 where they have to be read first), and one of the largest in 0.3 ms.
 */
const FEW = 50;

const SIZED = `
  SELECT sized.id, size, first, hidden FROM (
    SELECT group_id AS id, count(*) AS size, min(id) AS first FROM faces
    WHERE GROUP AND labelled = 0 AND withdrawn = 0 GROUP BY group_id) AS sized JOIN groups ON groups.id = sized.id`;

/**
 * Counts the groups. Counting 100,000 faces takes some hundredths of a second, so it is done where faces have moved between
 * groups; where a command has only named or hidden some, their groups alone are counted anew. Faces that a scan adds change
 * nothing: they are in no group.
 */
export class GroupSizes {
  readonly #database: Database;
  #known: Known | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The groups with faces that have no label, the largest first. */
  list(hidden: boolean): readonly SizedGroup[] {
    const known = this.#now();
    if (known.sorted === null) {
      const groups = [...known.byId.values()].sort(largestFirst);
      const of = (hidden: number) => groups.filter((group) => group.hidden === hidden);
      known.sorted = { visible: of(0), hidden: of(1) };
    }
    return hidden ? known.sorted.hidden : known.sorted.visible;
  }

  /** The largest groups that are not hidden. Quicker than the whole list where few are wanted. */
  largest(count: number): readonly SizedGroup[] {
    const { sorted, byId } = this.#now();
    if (sorted !== null) return sorted.visible.slice(0, count);
    const largest: SizedGroup[] = [];
    for (const group of byId.values()) {
      const last = largest[count - 1];
      if (group.hidden || (last && largestFirst(last, group) < 0)) continue;
      largest.splice(placeIn(largest, group), 0, group);
      if (largest.length > count) largest.pop();
    }
    return largest;
  }

  /** How many faces without a label each group has; those that are hidden, or have none, are left out. */
  sizeOf(): (group: GroupId) => number | undefined {
    const { byId } = this.#now();
    return (id) => {
      const group = byId.get(id);
      return group?.hidden ? undefined : group?.size;
    };
  }

  #now(): Known {
    return this.#database.read(() => {
      const state = this.#state();
      const known = this.#known;
      if (known !== null && known.moved === state.moved && known.seq === state.seq) return known;
      // A transaction may be rolled back, and the next one counts its changes from the same number.
      if (this.#database.sqlite.isTransaction) return { ...state, byId: this.#all(), sorted: null };
      const isFew = known !== null && known.moved === state.moved && this.#bringUp(known);
      this.#known = { ...state, byId: isFew ? known.byId : this.#all(), sorted: null };
      return this.#known;
    });
  }

  #state(): State {
    return this.#database.sqlite
      .prepare(
        `SELECT (SELECT group_concat(value) FROM revisions WHERE name IN ('changed', 'verdicts')) AS moved,
           coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'journal_changes'), 0) AS seq`,
      )
      .get() as unknown as State;
  }

  #all(): Map<GroupId, SizedGroup> {
    const select = this.#database.sqlite.prepare(SIZED.replace('GROUP', 'group_id IS NOT NULL'));
    return new Map((select.all() as unknown as SizedGroup[]).map((group) => [group.id, group]));
  }

  /** Counts the groups anew that have changed since. @returns false: they are too many, so counting all is quicker */
  #bringUp({ seq, byId }: Known): boolean {
    const { sqlite } = this.#database;
    const changed = sqlite
      .prepare(
        // The plus makes SQLite begin at that number, and not read every change of a table.
        `SELECT DISTINCT CASE tbl WHEN 'groups' THEN CAST(key AS INTEGER)
           ELSE (SELECT group_id FROM faces WHERE id = CAST(key AS INTEGER)) END AS id
         FROM journal_changes WHERE seq > ? AND +tbl IN ('groups', 'labels') LIMIT ${FEW + 1}`,
      )
      .all(seq) as unknown as { id: GroupId | null }[];
    if (changed.length > FEW) return false;
    const count = sqlite.prepare(SIZED.replace('GROUP', 'group_id = ?'));
    for (const { id } of changed) {
      if (id === null) continue;
      const group = count.get(id) as unknown as SizedGroup | undefined;
      if (group) byId.set(id, group);
      else byId.delete(id);
    }
    return true;
  }
}

/** What the sizes follow from. */
interface State {
  /** Another text where faces may be in other groups. */
  moved: string;
  /** The newest change of the journal. */
  seq: number;
}

interface Known extends State {
  byId: Map<GroupId, SizedGroup>;
  /** Null: nobody has asked for it yet. */
  sorted: { visible: readonly SizedGroup[]; hidden: readonly SizedGroup[] } | null;
}

/** Where a group belongs in a list, the largest first. */
function placeIn(list: readonly SizedGroup[], group: SizedGroup): number {
  const place = list.findIndex((other) => largestFirst(group, other) < 0);
  return place < 0 ? list.length : place;
}

const largestFirst = (a: SizedGroup, b: SizedGroup) => b.size - a.size || a.first - b.first;
