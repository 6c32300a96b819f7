import type { StatementSync } from 'node:sqlite';
import type { UnitBox } from '../contract/geometry.ts';
import type { DetectorId, FaceId, PhotoId } from '../contract/ids.ts';
import type { Analysis, FoundFace, VisionSetup } from '../contract/vision.ts';
import { bytesOf } from './bytes.ts';
import type { Database } from './database.ts';
import { matchBoxes } from './match-boxes.ts';
import { bumpRevision } from './settings.ts';

/** The detector and encoder by which a photo is analysed. */
export type AnalysedBy = Pick<VisionSetup, 'detector' | 'encoder'>;

/** Photos by content, and the faces that were found on them. */
export class Photos {
  readonly #database: Database;
  readonly #statements;

  constructor(database: Database) {
    this.#database = database;
    this.#statements = prepare((sql) => database.sqlite.prepare(sql));
  }

  /** Whether a photo of this many bytes is in the record: only then can a new file hold one of its photos. */
  hasSize(bytes: number): boolean {
    return this.#database.read(() => this.#statements.bySize.get(bytes)) !== undefined;
  }

  /**
   * The photo of this content, if its faces were found by this detector; otherwise null. Which encoders' vectors it has
   * does not matter here: see backlog.ts.
   */
  analysed(hash: string, detector: DetectorId): PhotoId | null {
    const row = this.#database.read(() => this.#statements.detected.get(this.#originalOf(hash), detector));
    return row ? (row.id as PhotoId) : null;
  }

  /**
   * Records what vision found on a photo, in one transaction. A photo of the record keeps the ids and groups of the faces
   * that are found again (see match-boxes.ts). Other faces of an earlier detector are deleted, unless the user drew,
   * labelled or refused them. Vectors of encoders that saw other boxes are deleted too.
   */
  record(analysis: Analysis, setup: AnalysedBy): PhotoId {
    return this.#database.write(() => {
      const { bytes, width, height, takenAt, thumbnail, dhash } = analysis;
      const hash = this.#originalOf(analysis.hash);
      const photo = this.#statements.put.get(hash, bytes, width, height, takenAt)!.id as PhotoId;
      this.#statements.putThumbnail.run(photo, thumbnail);
      if (dhash !== undefined) this.#statements.putDhash.run(photo, dhash);
      if (analysis.camera !== undefined) this.#statements.putCamera.run(analysis.camera ?? '', photo);
      this.#statements.dropAnalyses.run(photo, setup.detector);
      if (this.#statements.analysed.get(hash, setup.encoder, setup.detector)) return photo;
      this.#replaceFaces(photo, analysis.faces, setup);
      this.#statements.note.run(photo, setup.encoder, setup.detector);
      bumpRevision(this.#database);
      return photo;
    });
  }

  /** Notes that Kith makes another content of a photo, by writing names into its file: it is the same photo. */
  addContent(id: PhotoId, hash: string, bytes: number): void {
    this.#database.write(() => this.#statements.putContent.run(hash, id, bytes));
  }

  /** Notes that a file of the photo holds this content by now, and that its former one is still the same photo. */
  setContent(id: PhotoId, hash: string, bytes: number): void {
    const { sqlite } = this.#database;
    this.#database.write(() => {
      const former = sqlite.prepare('SELECT hash, bytes FROM photos WHERE id = ?').get(id);
      if (!former || former.hash === hash) return;
      // Another photo of the record has just these bytes: each stays what it is.
      if (sqlite.prepare('SELECT 1 FROM photos WHERE hash = ?').get(hash)) return;
      sqlite.prepare('DELETE FROM photo_contents WHERE hash = ?').run(hash);
      sqlite.prepare('UPDATE photos SET hash = ?, bytes = ? WHERE id = ?').run(hash, bytes, id);
      this.#statements.putContent.run(former.hash!, id, former.bytes!);
    });
  }

  /** The content of which Kith made this one; else the same. */
  #originalOf(hash: string): string {
    return (this.#statements.original.get(hash)?.hash as string | undefined) ?? hash;
  }

  /** Notes which camera took a photo; null: its file names none. */
  setCamera(id: PhotoId, camera: string | null): void {
    this.#database.write(() => this.#statements.putCamera.run(camera ?? '', id));
  }

  /** Photos after one, by id, of which nobody has looked which camera took them, and that lie in files. */
  withoutCamera(after: number, limit: number): PhotoId[] {
    return this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `SELECT id FROM photos WHERE id > ? AND camera IS NULL AND EXISTS (SELECT 1 FROM files WHERE photo_id = photos.id)
           ORDER BY id LIMIT ?`,
        )
        .all(after, limit)
        .map((row) => row.id as PhotoId),
    );
  }

  /** Marks a photo as a mirror or a collage, on which a person may be more than once. */
  setSeveral(id: PhotoId, several: boolean): void {
    this.#database.write(() =>
      this.#database.sqlite.prepare('UPDATE photos SET several = ? WHERE id = ?').run(Number(several), id),
    );
  }

  #replaceFaces(photo: PhotoId, found: readonly FoundFace[], setup: AnalysedBy): void {
    const recorded = this.#statements.faces.all(photo) as unknown as (UnitBox & { id: FaceId })[];
    const matched = matchBoxes(
      found.map(({ box }) => box),
      recorded,
    );
    const kept = new Set(matched);
    recorded.forEach((face, i) => {
      // A face that is kept because of the user keeps its box and its vectors.
      if (kept.has(i)) this.#statements.dropStray.run(face.id, photo);
      else this.#statements.dropFace.run(face.id, face.id, face.id);
    });
    found.forEach((face, i) => {
      const known = recorded[matched[i]!];
      const { box, landmarks, score, quality } = face;
      const row = [
        photo,
        setup.detector,
        box.x,
        box.y,
        box.width,
        box.height,
        landmarks && JSON.stringify(landmarks),
        score,
        quality,
      ];
      const id = this.#statements.putFace.get(known?.id ?? null, ...row)!.id as FaceId;
      this.#statements.putCrop.run(id, face.crop);
      if (face.portrait) this.#statements.putPortrait.run(id, face.portrait.edition, face.portrait.jpeg);
      else this.#statements.dropPortrait.run(id);
      this.#statements.putVector.run(id, setup.encoder, bytesOf(face.embedding));
    });
  }
}

function prepare(statement: (sql: string) => StatementSync) {
  return {
    bySize: statement(
      'SELECT 1 FROM photos WHERE bytes = ?1 UNION ALL SELECT 1 FROM photo_contents WHERE bytes = ?1 LIMIT 1',
    ),
    original: statement(
      'SELECT photos.hash FROM photo_contents JOIN photos ON photos.id = photo_id WHERE photo_contents.hash = ?',
    ),
    putContent: statement(
      `INSERT INTO photo_contents (hash, photo_id, bytes) SELECT ?1, ?2, ?3
       WHERE NOT EXISTS (SELECT 1 FROM photos WHERE hash = ?1) ON CONFLICT (hash) DO NOTHING`,
    ),
    detected: statement(
      'SELECT id FROM photos JOIN analyses ON photo_id = id WHERE hash = ? AND detector = ?',
    ),
    analysed: statement(
      `SELECT id FROM photos JOIN analyses ON photo_id = id WHERE hash = ? AND encoder = ? AND detector = ?`,
    ),
    put: statement(
      `INSERT INTO photos (hash, bytes, width, height, taken_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (hash) DO UPDATE SET width = excluded.width, height = excluded.height,
         taken_at = excluded.taken_at
       RETURNING id`,
    ),
    putDhash: statement('INSERT OR IGNORE INTO photo_hashes (photo_id, dhash) VALUES (?, ?)'),
    putCamera: statement('UPDATE photos SET camera = ?1 WHERE id = ?2 AND camera IS NOT ?1'),
    putThumbnail: statement('INSERT OR IGNORE INTO thumbnails (photo_id, jpeg) VALUES (?, ?)'),
    /** A photo's faces are of one detector at a time: analyses on another detector's boxes are void. */
    dropAnalyses: statement('DELETE FROM analyses WHERE photo_id = ? AND detector <> ?'),
    note: statement('INSERT INTO analyses (photo_id, encoder, detector) VALUES (?, ?, ?)'),
    faces: statement('SELECT id, x, y, width, height FROM faces WHERE photo_id = ? ORDER BY id'),
    /** A face that the user drew, labelled or refused is never deleted because a detector does not find it. */
    dropFace: statement(
      `DELETE FROM faces WHERE id = ? AND drawn = 0
         AND NOT EXISTS (SELECT 1 FROM labels WHERE face_id = ? AND by_whom <> 'sure')
         AND NOT EXISTS (SELECT 1 FROM refusals WHERE face_id = ?)`,
    ),
    /** Vectors whose analysis is void. */
    dropStray: statement(
      `DELETE FROM embeddings WHERE face_id = ? AND encoder NOT IN (SELECT encoder FROM analyses WHERE photo_id = ?)`,
    ),
    putFace: statement(
      `INSERT INTO faces (id, photo_id, detector, x, y, width, height, landmarks, score, quality)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET detector = excluded.detector, x = excluded.x, y = excluded.y,
         width = excluded.width, height = excluded.height, landmarks = excluded.landmarks,
         score = excluded.score, quality = excluded.quality
       RETURNING id`,
    ),
    putCrop: statement(
      `INSERT INTO crops (face_id, jpeg) VALUES (?, ?) ON CONFLICT (face_id) DO UPDATE SET jpeg = excluded.jpeg`,
    ),
    putPortrait: statement('INSERT OR REPLACE INTO portraits (face_id, edition, jpeg) VALUES (?, ?, ?)'),
    dropPortrait: statement('DELETE FROM portraits WHERE face_id = ?'),
    putVector: statement(
      `INSERT INTO embeddings (face_id, encoder, vector) VALUES (?, ?, ?)
       ON CONFLICT (face_id, encoder) DO UPDATE SET vector = excluded.vector`,
    ),
  };
}
