import { EncoderKey, type FaceId, type GroupId } from '../contract/ids.ts';
import type { Database } from './database.ts';
import { getSetting, putSetting, revisionOf } from './settings.ts';

/** Where a face was, and where it goes: to a group that is there, to one that begins, or out of all groups. */
export interface Move {
  face: FaceId;
  from: GroupId | null;
  to: { group: GroupId } | { founded: number } | null;
}

/** By what groups were made: the encoder whose vectors were compared, and the method (calibration, version). */
export interface GroupedBy {
  encoder: EncoderKey;
  method: string;
  /**
   * The newest of the faces, 0 where there was none; and whether all faces were grouped anew, and not only those that the
   * newest may change. Left out: not known.
   */
  faces?: { newest: number; anew: boolean };
}

/** The newest face when all faces were last grouped anew, and when groups were last made in any way. 0: never. */
export interface GroupedUpTo {
  anew: number;
  last: number;
}

/** Groups: the faces of each are taken for one person. */
export class Groups {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Names the present state of all that is grouped. The caller hands it to {@link Groups.replace}, so that groups made from
   * a state that has changed meanwhile do not count as those of the new state.
   */
  state(): string {
    return this.#database.read(() => revisionOf(this.#database));
  }

  /** Whether the groups were made by this method, and from the present state. */
  areCurrent(method: string): boolean {
    return this.#database.read(
      () => getSetting(this.#database, 'grouped') === stamp(method, revisionOf(this.#database)),
    );
  }

  /** Whether the groups were made by this method, from any state. */
  areBy(method: string): boolean {
    return this.#database.read(
      () => getSetting(this.#database, 'grouped')?.startsWith(stamp(method, '')) === true,
    );
  }

  /**
   * Up to which face groups were made. Groups that were made while a scan went on do not count.
   *
   * @param method groups that were made by another method count as none; left out: any method counts
   */
  upTo(method?: string): GroupedUpTo {
    return this.#database.read(() => {
      const counts = method === undefined || this.areBy(method);
      const [anew = 0, last = 0] = counts ? newestOf(getSetting(this.#database, 'grouped-faces')) : [];
      return { anew, last };
    });
  }

  /** The encoder by which the present groups were made; null before the first grouping. */
  encoder(): EncoderKey | null {
    const { data } = EncoderKey.safeParse(
      this.#database.read(() => getSetting(this.#database, 'encoder')) ?? undefined,
    );
    return data ?? null;
  }

  /**
   * Held groups: grouping may add faces to them, but takes none out, and merges no two of them. A group is held where one
   * of its faces has a label, or where the user has hidden or arranged it.
   */
  held(): Set<GroupId> {
    return this.#database.read(() => {
      const rows = this.#database.sqlite
        .prepare(
          `SELECT id FROM groups WHERE hidden = 1 OR id IN (SELECT group_id FROM arranged_groups)
           UNION SELECT group_id FROM faces WHERE labelled = 1 AND group_id IS NOT NULL`,
        )
        .all();
      return new Set(rows.map(({ id }) => id as GroupId));
    });
  }

  /**
   * Moves that take faces without a vector of this encoder out of their groups. Faces of held groups stay, and so do faces
   * on photos that no file holds any more: such photos may come back.
   */
  withoutVector(encoder: EncoderKey): Move[] {
    return this.#database.read(() => {
      const held = this.held();
      const rows = this.#database.sqlite
        .prepare(
          `SELECT id, group_id FROM faces WHERE group_id IS NOT NULL
             AND EXISTS (SELECT 1 FROM files WHERE photo_id = faces.photo_id)
             AND NOT EXISTS (SELECT 1 FROM embeddings WHERE face_id = faces.id AND encoder = ?) ORDER BY id`,
        )
        .all(encoder) as { id: FaceId; group_id: GroupId }[];
      const free = rows.filter(({ group_id: from }) => !held.has(from));
      return free.map(({ id: face, group_id: from }) => ({ face, from, to: null }));
    });
  }

  /**
   * Moves faces between groups that are not held. A face stays where it is where it has changed its group meanwhile, where
   * its group is held now, or where its new group is gone. The next grouping moves such faces.
   *
   * @param moves where each face was when the embeddings were read, and where it goes; each number of `founded` is one new
   *   group
   * @param by null: the groups still count as made by the former encoder and method
   * @param state what {@link Groups.state} said before the embeddings were read; {@link UNFINISHED} where there is more
   * @param founded the new groups that were created already, by number; others are added
   * @returns whether every face was moved
   */
  rearrange(
    moves: readonly Move[],
    by: GroupedBy | null,
    state: string,
    founded: Map<number, GroupId> = new Map(),
  ): boolean {
    const { sqlite } = this.#database;
    return this.#database.write(() => {
      const held = this.held();
      const move = sqlite.prepare(
        `UPDATE faces SET group_id = ?1 WHERE id = ?2 AND group_id IS ?3
           AND (?1 IS NULL OR EXISTS (SELECT 1 FROM groups WHERE id = ?1))`,
      );
      const idOf = ({ to }: Move): GroupId | null => {
        if (to === null || !('founded' in to)) return to?.group ?? null;
        const id = founded.get(to.founded) ?? this.create();
        founded.set(to.founded, id);
        return id;
      };
      let isWhole = true;
      for (const one of moves) {
        const isFree = one.from === null || !held.has(one.from);
        isWhole = isFree && move.run(idOf(one), one.face, one.from).changes === 1 && isWhole;
      }
      this.#sweep();
      if (by !== null) this.#note(by, isWhole ? state : UNFINISHED);
      return isWhole;
    });
  }

  /** The number of the newest group that there ever was; 0 where there was none. */
  last(): GroupId {
    return this.#database.read(() => {
      const most = this.#database.sqlite.prepare('SELECT coalesce(max(id), 0) AS id FROM groups').get()!.id;
      return Math.max(most as number, Number(getSetting(this.#database, 'last-group') ?? 0)) as GroupId;
    });
  }

  /** How many groups are newer than this one and have faces without a name. */
  countUnnamedAfter(group: GroupId): number {
    return this.#database.read(
      () =>
        this.#database.sqlite
          .prepare(
            `SELECT count(DISTINCT group_id) AS n FROM faces
             WHERE group_id > ? AND labelled = 0 AND withdrawn = 0`,
          )
          .get(group)!.n as number,
    );
  }

  /** Makes an empty group. No other group ever had its number, so that undo can bring former groups back. */
  create(): GroupId {
    const { sqlite } = this.#database;
    return this.#database.write(() => {
      const id = this.last() + 1;
      putSetting(this.#database, 'last-group', String(id));
      sqlite.prepare('INSERT INTO groups (id) VALUES (?)').run(id);
      return id as GroupId;
    });
  }

  /** Moves faces to a group, or out of all groups. Groups that are empty then are deleted. */
  move(faces: readonly FaceId[], to: GroupId | null): void {
    const { sqlite } = this.#database;
    this.#database.write(() => {
      const move = sqlite.prepare('UPDATE faces SET group_id = ? WHERE id = ?');
      for (const face of faces) move.run(to, face);
      this.#sweep();
    });
  }

  /** All faces of `from` join `into`. */
  merge(from: readonly GroupId[], into: GroupId): void {
    const { sqlite } = this.#database;
    this.#database.write(() => {
      const move = sqlite.prepare('UPDATE faces SET group_id = ? WHERE group_id = ?');
      for (const group of from) if (group !== into) move.run(into, group);
      this.#sweep();
    });
  }

  setHidden(groups: readonly GroupId[], hidden: boolean): void {
    this.#database.write(() => {
      const hide = this.#database.sqlite.prepare('UPDATE groups SET hidden = ? WHERE id = ?');
      for (const group of groups) hide.run(Number(hidden), group);
    });
  }

  /** Faces of these groups without a label of the user. */
  unlabelled(groups: readonly GroupId[]): FaceId[] {
    return this.#database.read(() => {
      const select = this.#database.sqlite.prepare(
        `SELECT id FROM faces WHERE group_id = ? AND withdrawn = 0
           AND NOT EXISTS (SELECT 1 FROM labels WHERE face_id = faces.id AND by_whom <> 'sure') ORDER BY id`,
      );
      return groups.flatMap((group) => select.all(group).map(({ id }) => id as FaceId));
    });
  }

  /** A number for each new group: that of the former group that most of its faces were in, else a new one. */
  #inherited(groups: readonly (readonly FaceId[])[]): GroupId[] {
    const former = this.#database.sqlite.prepare('SELECT group_id FROM faces WHERE id = ?');
    const overlaps = groups.flatMap((faces, index) => {
      const counts = new Map<GroupId, number>();
      for (const face of faces) {
        const group = former.get(face)?.group_id as GroupId | null | undefined;
        if (group != null) counts.set(group, (counts.get(group) ?? 0) + 1);
      }
      return [...counts].map(([group, count]) => ({ index, group, count }));
    });
    overlaps.sort((a, b) => b.count - a.count || a.index - b.index || a.group - b.group);
    const ids: (GroupId | undefined)[] = groups.map(() => undefined);
    const taken = new Set<GroupId>();
    for (const { index, group } of overlaps) {
      if (ids[index] !== undefined || taken.has(group)) continue;
      ids[index] = group;
      taken.add(group);
    }
    return ids.map((id) => id ?? this.create());
  }

  #sweep(): void {
    this.#database.sqlite.exec(
      'DELETE FROM groups WHERE NOT EXISTS (SELECT 1 FROM faces WHERE group_id = groups.id)',
    );
  }

  /**
   * Replaces all groups by these, in one transaction.
   *
   * @param groups faces of each group; it keeps the number of the former group that most of its faces were in
   * @param state what {@link Groups.state} said before the embeddings were read
   */
  replace(groups: readonly (readonly FaceId[])[], by: GroupedBy, state: string): void {
    const { sqlite } = this.#database;
    this.#database.write(() => {
      const ids = this.#inherited(groups);
      const next = new Map(groups.flatMap((faces, i) => faces.map((face) => [face, ids[i]!] as const)));
      const move = sqlite.prepare('UPDATE faces SET group_id = ? WHERE id = ? AND group_id IS NOT ?');
      for (const { id, group_id } of sqlite.prepare('SELECT id, group_id FROM faces').all()) {
        const group = next.get(id as FaceId) ?? null;
        if (group !== group_id) move.run(group, id!, group);
      }
      this.#sweep();
      this.#note(by, state);
    });
  }

  #note({ encoder, method, faces = { newest: 0, anew: false } }: GroupedBy, state: string): void {
    const before = this.upTo(method);
    const last = state === UNFINISHED ? before.last : faces.newest;
    const anew = faces.anew && state !== UNFINISHED ? faces.newest : before.anew;
    putSetting(this.#database, 'encoder', encoder);
    putSetting(this.#database, 'grouped', stamp(method, state));
    putSetting(this.#database, 'grouped-faces', `${anew} ${last}`);
  }
}

/** The two numbers of {@link Groups.upTo}; none where nothing is noted. */
function newestOf(noted: string | null): number[] {
  return noted === null ? [] : noted.split(' ').map(Number);
}

/** Given instead of {@link Groups.state} where groups are not finished. The record is never in that state. */
export const UNFINISHED = 'unfinished';

function stamp(method: string, state: string): string {
  return `${method} @ ${state}`;
}
