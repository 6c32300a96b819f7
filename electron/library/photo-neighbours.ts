import type { GroupId, PersonId, PhotoId } from '../contract/ids.ts';
import type { Database } from './database.ts';
import { ORDER, type RecordedPhoto } from './photo-cards.ts';
import { ofPerson } from './presences.ts';

/** The photos beside one, as the lists have them. */
export class PhotoNeighbours {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The photos before and after one, in the order of the lists. */
  ofAll({ id, takenAt }: RecordedPhoto): { previous: PhotoId | null; next: PhotoId | null } {
    const first = (sql: string, ...values: (string | number)[]) =>
      this.#database.sqlite
        .prepare(
          `SELECT id FROM photos WHERE EXISTS (SELECT 1 FROM files WHERE photo_id = photos.id) AND ${sql} LIMIT 1`,
        )
        .get(...values)?.id as PhotoId | undefined;
    return this.#database.read(() => {
      if (takenAt === null) {
        const last = () => first('taken_at IS NOT NULL ORDER BY taken_at DESC, id DESC');
        return {
          previous: first('taken_at IS NULL AND id < ? ORDER BY id DESC', id) ?? last() ?? null,
          next: first('taken_at IS NULL AND id > ? ORDER BY id', id) ?? null,
        };
      }
      const undated = () => first('taken_at IS NULL ORDER BY id');
      return {
        previous: first('(taken_at, id) < (?, ?) ORDER BY taken_at DESC, id DESC', takenAt, id) ?? null,
        next: first('(taken_at, id) > (?, ?) ORDER BY taken_at, id', takenAt, id) ?? undated() ?? null,
      };
    });
  }

  /** Where a photo stands among those of a person or of a group; see the contract's `photos.beside`. */
  within(
    { id, takenAt }: RecordedPhoto,
    { person, group }: { person?: PersonId | undefined; group?: GroupId | undefined },
  ) {
    const condition = [
      ...(person === undefined
        ? []
        : ['EXISTS (SELECT 1 FROM labels WHERE face_id = faces.id AND person_id = :person)']),
      ...(group === undefined ? [] : ['group_id = :group']),
    ].join(' AND ');
    const members =
      person !== undefined && group === undefined
        ? ofPerson(':person')
        : `SELECT photo_id FROM faces WHERE withdrawn = 0 AND ${condition || '1'}`;
    const rows = this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `SELECT id, taken_at FROM photos WHERE id IN (${members}) AND EXISTS (SELECT 1 FROM files WHERE photo_id = photos.id)
           ORDER BY ${ORDER}`,
        )
        .all({ ...(person === undefined ? {} : { person }), ...(group === undefined ? {} : { group }) }),
    ) as { id: PhotoId; taken_at: string | null }[];
    const isBefore = (row: (typeof rows)[number]) =>
      row.taken_at === takenAt
        ? row.id < id
        : row.taken_at !== null && (takenAt === null || row.taken_at < takenAt);
    const before = rows.findLastIndex(isBefore);
    const isOne = rows[before + 1]?.id === id;
    return {
      previous: rows[before]?.id ?? null,
      next: rows[before + (isOne ? 2 : 1)]?.id ?? null,
      at: isOne ? before + 2 : null,
      of: rows.length,
    };
  }
}
