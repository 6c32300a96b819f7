import { EncoderKey, type FaceId, type GroupId } from '../contract/ids.ts';
import type { Database } from './database.ts';
import { getSetting, putSetting, revisionOf } from './settings.ts';

/** Faces that Kith takes for one person. */
export class Groups {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Names the present state of all that is grouped. {@link Groups.replace} takes it back, so that groups made
   * from a state that has changed meanwhile are not taken for those of the new one.
   */
  state(): string {
    return this.#database.read(() => revisionOf(this.#database));
  }

  /** Whether the groups were made by this method from the present state. */
  areCurrent(method: string): boolean {
    return this.#database.read(
      () => getSetting(this.#database, 'grouped') === stamp(method, revisionOf(this.#database)),
    );
  }

  /** Whether the groups that there are were made by this method, of whatever state. */
  wereMadeBy(method: string): boolean {
    return this.#database.read(
      () => getSetting(this.#database, 'grouped')?.startsWith(stamp(method, '')) === true,
    );
  }

  /** The encoder by which the present groups were made; null before the first grouping. */
  encoder(): EncoderKey | null {
    const { data } = EncoderKey.safeParse(
      this.#database.read(() => getSetting(this.#database, 'encoder')) ?? undefined,
    );
    return data ?? null;
  }

  /**
   * Adds to the groups that are there: faces without a group get one, and no other face is touched.
   *
   * @param joins faces that join a group of the record. Where that has gone meanwhile they join the one in which most of
   *   its faces are now; where those are in none, they are left for the next grouping
   * @param members faces that were in a group when the embeddings were read
   * @param founded faces of each group that begins
   * @param state what {@link Groups.state} said before the embeddings were read
   * @returns whether no face was left
   */
  extend(
    change: {
      joins: readonly { face: FaceId; group: GroupId }[];
      members: (group: GroupId) => readonly FaceId[];
      founded: readonly (readonly FaceId[])[];
    },
    by: { encoder: EncoderKey; method: string },
    state: string,
  ): boolean {
    const { sqlite } = this.#database;
    return this.#database.write(() => {
      const join = sqlite.prepare('UPDATE faces SET group_id = ? WHERE id = ? AND group_id IS NULL');
      const heirs = new Map<GroupId, GroupId | null>();
      let isWhole = true;
      for (const { face, group } of change.joins) {
        if (!heirs.has(group)) heirs.set(group, this.#heirOf(group, change.members));
        const heir = heirs.get(group)!;
        isWhole &&= heir !== null;
        join.run(heir, face);
      }
      for (const faces of change.founded) {
        const id = this.create();
        for (const face of faces) join.run(id, face);
      }
      putSetting(this.#database, 'encoder', by.encoder);
      putSetting(this.#database, 'grouped', stamp(by.method, isWhole ? state : UNFINISHED));
      return isWhole;
    });
  }

  /** The group itself where it is still there, else that of most of its former members; null where they are in none. */
  #heirOf(group: GroupId, members: (group: GroupId) => readonly FaceId[]): GroupId | null {
    const { sqlite } = this.#database;
    if (sqlite.prepare('SELECT 1 FROM groups WHERE id = ?').get(group)) return group;
    const heir = sqlite
      .prepare(
        `SELECT group_id FROM json_each(?) JOIN faces ON faces.id = value
         WHERE group_id IS NOT NULL GROUP BY group_id ORDER BY count(*) DESC, group_id LIMIT 1`,
      )
      .get(JSON.stringify(members(group)));
    return heir ? (heir.group_id as GroupId) : null;
  }

  /** A new, empty group. Its number was never another group's, so that undoing can bring that one back. */
  create(): GroupId {
    const { sqlite } = this.#database;
    return this.#database.write(() => {
      const most = sqlite.prepare('SELECT coalesce(max(id), 0) AS id FROM groups').get()!.id as number;
      const id = Math.max(most, Number(getSetting(this.#database, 'last-group') ?? 0)) + 1;
      putSetting(this.#database, 'last-group', String(id));
      sqlite.prepare('INSERT INTO groups (id) VALUES (?)').run(id);
      return id as GroupId;
    });
  }

  /** Moves faces to a group, or out of all groups; groups that are empty then go. */
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

  /** Faces of these groups that nobody has given a verdict on. */
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
   * Puts these groups in the place of all that were. Where they were made by another encoder than those, the library
   * goes over to it at this moment, all at once.
   *
   * @param by the encoder whose vectors were compared, and how: calibration, version of the method
   * @param groups faces of each group; one that mostly was a group keeps its number
   * @param state what {@link Groups.state} said before the embeddings were read
   */
  replace(
    groups: readonly (readonly FaceId[])[],
    by: { encoder: EncoderKey; method: string },
    state: string,
  ): void {
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
      putSetting(this.#database, 'encoder', by.encoder);
      putSetting(this.#database, 'grouped', stamp(by.method, state));
    });
  }
}

/** Stands for the state of groups that were made from none that the record ever was in. */
const UNFINISHED = 'unfinished';

function stamp(method: string, state: string): string {
  return `${method} @ ${state}`;
}
