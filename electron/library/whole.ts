import { join } from 'node:path';
import type { UnitBox } from '../contract/geometry.ts';
import type { FaceId, GroupId, PersonId, PhotoId } from '../contract/ids.ts';
import type { Database } from './database.ts';
import type { RecordedPhoto } from './photo-cards.ts';

/** A photo of the record, with the absolute paths of its files, sorted, and the camera where the photo names one. */
export type WholePhoto = Omit<RecordedPhoto, 'several'> & { camera: string | null };

/** A face of the record with its label and its refusals. */
export interface WholeFace {
  id: FaceId;
  photo: PhotoId;
  box: UnitBox;
  score: number;
  quality: number;
  detector: string;
  /** Whether the user drew it. */
  drawn: boolean;
  group: GroupId | null;
  /** Null: it has no label. `by`: `sure` where Kith gave it by itself. */
  label: {
    verdict: 'person' | 'ignored' | 'not-a-face';
    person: PersonId | null;
    by: 'hand' | 'group' | 'sure';
  } | null;
  /** People who the user said it is not. */
  refused: PersonId[];
}

/** Reads the record from beginning to end, for an export. Faces that are no longer shown are left out. */
export class WholeRecord {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Photos that some file holds, by their ids. */
  *photos(): Generator<WholePhoto> {
    const rows = this.#database.read(() =>
      this.#database.sqlite
        .prepareAlone(
          `SELECT photos.id, hash, bytes, width, height, taken_at AS takenAt, camera,
             json_group_array(json_array(folders.path, files.path)) AS files
           FROM photos JOIN files ON files.photo_id = photos.id JOIN folders ON folders.id = folder_id
           GROUP BY photos.id ORDER BY photos.id`,
        )
        .iterate(),
    );
    for (const { camera, files, ...row } of rows) {
      yield {
        ...(row as unknown as Omit<WholePhoto, 'camera' | 'files'>),
        camera: (camera as string | null) || null,
        files: (JSON.parse(files as string) as [string, string][]).map((parts) => join(...parts)).toSorted(),
      };
    }
  }

  /** Faces on these photos, by their ids. */
  *faces(): Generator<WholeFace> {
    const rows = this.#database.read(() =>
      this.#database.sqlite
        .prepareAlone(
          `SELECT faces.id, photo_id AS photo, x, y, width, height, score, quality, detector, drawn, group_id AS grp,
             verdict, labels.person_id AS person, by_whom AS by,
             (SELECT json_group_array(person_id) FROM refusals WHERE face_id = faces.id) AS refused
           FROM faces LEFT JOIN labels ON labels.face_id = faces.id
           WHERE withdrawn = 0 AND EXISTS (SELECT 1 FROM files WHERE files.photo_id = faces.photo_id)
           ORDER BY faces.id`,
        )
        .iterate(),
    );
    for (const row of rows) {
      const { x, y, width, height, grp, verdict, person, by, refused, drawn, ...rest } = row;
      yield {
        ...(rest as unknown as Pick<WholeFace, 'id' | 'photo' | 'score' | 'quality' | 'detector'>),
        box: { x, y, width, height } as UnitBox,
        drawn: drawn === 1,
        group: grp as GroupId | null,
        label: verdict === null ? null : ({ verdict, person, by } as WholeFace['label']),
        refused: JSON.parse(refused as string) as PersonId[],
      };
    }
  }
}
