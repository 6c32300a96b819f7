import type { FaceId, PersonId, PhotoId } from '../contract/ids.ts';
import type { PersonLife } from '../contract/people.ts';
import type { Database } from './database.ts';

/** People shown as somebody's company, at most. Chosen by hand: a row of them. */
const COMPANY = 12;

/**
 * Faces of a person who tell the company and the years, at most: the first ones by id. Reading all of them takes long where
 * there are thousands. Chosen by hand.
 */
const READ = 20_000;

/** Somebody who is on photos together with another person. */
type Company = Omit<PersonLife['company'][number], 'cover'>;

/** A person over the years, and in whose company. */
export function lifeOf(
  database: Database,
  person: PersonId,
): Omit<PersonLife, 'company'> & { company: Company[] } {
  return database.read(() => {
    const { sqlite } = database;
    // Where the user put the person on a photo, there is no face, and any face of the year is better.
    const own = `SELECT faces.id AS face, photo_id AS photo, quality FROM
      (SELECT face_id FROM labels WHERE person_id = ?1 ORDER BY face_id LIMIT ${READ})
      JOIN faces ON faces.id = face_id WHERE withdrawn = 0
      UNION ALL SELECT NULL, photo_id, -1 FROM presences WHERE person_id = ?1`;
    // Of the columns beside max(), SQLite takes the row that has it.
    const years = sqlite
      .prepare(
        `WITH own AS (${own})
         SELECT CAST(substr(taken_at, 1, 4) AS INTEGER) AS year, face, photo, max(quality)
         FROM own JOIN photos ON photos.id = photo WHERE taken_at IS NOT NULL GROUP BY year ORDER BY year`,
      )
      .all(person) as unknown as { year: number; face: FaceId | null; photo: PhotoId }[];
    const company = sqlite
      .prepare(
        `WITH own AS MATERIALIZED (SELECT DISTINCT photo FROM (${own})),
         others AS (
           SELECT person_id AS other, photo
           FROM own CROSS JOIN faces ON faces.photo_id = photo JOIN labels ON labels.face_id = faces.id
           WHERE person_id <> ?1
           UNION ALL SELECT person_id, photo FROM own CROSS JOIN presences ON presences.photo_id = photo
           WHERE person_id <> ?1),
         beside AS (SELECT other, count(DISTINCT photo) AS n FROM others GROUP BY other)
         SELECT other AS id, name, n AS photos FROM beside JOIN people ON people.id = other
         WHERE hidden = 0 ORDER BY n DESC, name_key LIMIT ${COMPANY}`,
      )
      .all(person) as unknown as Company[];
    const ends = sqlite
      .prepare(
        `WITH own AS (SELECT photo, taken_at FROM (${own}) JOIN photos ON photos.id = photo WHERE taken_at IS NOT NULL)
         SELECT * FROM (SELECT photo FROM own ORDER BY taken_at, photo LIMIT 1)
         UNION ALL SELECT * FROM (SELECT photo FROM own ORDER BY taken_at DESC, photo DESC LIMIT 1)`,
      )
      .all(person) as unknown as { photo: PhotoId }[];
    const [first, last] = ends.map(({ photo }) => photo);
    return {
      years: years.map(({ year, face, photo }) => ({ year, face, photo })),
      company,
      ends: first === undefined || last === undefined ? null : [first, last],
    };
  });
}
