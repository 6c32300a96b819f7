import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UnitBox } from '../../electron/contract/geometry.ts';
import type { FaceId, PersonId } from '../../electron/contract/ids.ts';
import { type Library, openLibrary } from '../../electron/library/open.ts';
import { makePlace } from './support/place.ts';

let place: ReturnType<typeof makePlace>;
let library: Library;
beforeEach(() => {
  place = makePlace();
  library = openLibrary(place.file);
});
afterEach(() => {
  library.close();
  place.remove();
});

const JPEG = new Uint8Array([0xff, 0xd8, 0xff]);

/** Records a photo with a face of each of these people, and names them. @returns the photo */
function photo(name: string, takenAt: string | null, people: Record<string, number>) {
  const by = { detector: 'ssd', encoder: 'dlib' } as const;
  const id = library.photos.record(
    {
      hash: createHash('sha256').update(name).digest('hex'),
      ...{ bytes: 1000, width: 1200, height: 800, takenAt, thumbnail: JPEG },
      faces: Object.values(people).map((quality, at) => ({
        box: { x: 0.1 + 0.2 * at, y: 0.2, width: 0.15, height: 0.3 } as UnitBox,
        ...{ landmarks: null, score: 0.99, quality, embedding: new Float32Array(128).fill(0.1), crop: JPEG },
      })),
    },
    by,
  );
  const faces = library.faces.ofPhoto(id);
  library.journal.act({ action: 'name', detail: {}, by: 'hand' }, (entry) => {
    for (const [at, who] of Object.keys(people).entries()) {
      const person = library.people.named(who)?.id ?? library.people.create(who);
      library.labels.put([faces[at]!.id], { verdict: 'person', person, by: 'hand' }, entry);
    }
  });
  return { id, faces: faces.map((face) => face.id as FaceId) };
}

const idOf = (name: string): PersonId => library.people.named(name)!.id;

describe('the life of a person', () => {
  it('has the best face of each year, the first and the last photo, and who is on the most photos with them', () => {
    const later = photo('later', '2019-08-02 10:00:00', { Anna: 0.4, Ben: 0.9 });
    const first = photo('first', '2011-01-01 10:00:00', { Anna: 0.5 });
    const best = photo('best', '2019-03-02 10:00:00', { Anna: 0.8, Ben: 0.5, Cleo: 0.5 });
    photo('undated', null, { Anna: 0.99, Cleo: 0.5, Dora: 0.5 });
    photo('without', '2021-03-02 10:00:00', { Ben: 0.8, Cleo: 0.5 });
    const { years, company, ends } = library.cards.people.life(idOf('Anna'));
    expect(years).toEqual([
      { year: 2011, face: first.faces[0], photo: first.id },
      { year: 2019, face: best.faces[0], photo: best.id },
    ]);
    expect(ends).toEqual([first.id, later.id]);
    expect(company.map(({ name, photos }) => [name, photos])).toEqual([
      ['Ben', 2],
      ['Cleo', 2],
      ['Dora', 1],
    ]);
    expect(company[0]!.cover).toBe(later.faces[1]);
  });

  it('leaves out hidden people', () => {
    photo('two', '2019-03-02 10:00:00', { Anna: 0.8, Ben: 0.5 });
    library.journal.act({ action: 'hide', detail: {}, by: 'hand' }, () => {
      library.people.setHidden(idOf('Ben'), true);
    });
    expect(library.cards.people.life(idOf('Anna')).company).toEqual([]);
  });

  it('is empty where nothing is dated and nobody is beside', () => {
    photo('alone', null, { Anna: 0.8 });
    expect(library.cards.people.life(idOf('Anna'))).toEqual({ years: [], company: [], ends: null });
  });
});
