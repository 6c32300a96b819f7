import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { group, scratch } from './cli.ts';

const shared = process.env.KITH_SHARED;

describe.skipIf(!shared)('kith group on 35 photos of three families (KITH_SHARED)', () => {
  const family = join(shared ?? '', 'photos/family');
  let place: Awaited<ReturnType<typeof scratch>>;
  let result: Awaited<ReturnType<typeof group>>['result'];
  /** Who is on each photo. */
  const people = new Map<string, string[]>();

  beforeAll(async () => {
    const rows: { photo: string; people: string }[] = parse(readFileSync(join(family, 'people.csv')), {
      columns: true,
    });
    for (const { photo, people: names } of rows) people.set(photo, names === '' ? [] : names.split(';'));
    place = await scratch();
    ({ result } = await group(family, join(place.folder, 'family.kith')));
  });
  afterAll(() => place.remove());

  it('finds every person of people.csv', () => {
    for (const { path, faces } of result.photos) {
      expect(faces.length, path).toBeGreaterThanOrEqual(people.get(path)?.length ?? 0);
    }
    expect(result.photos.flatMap(({ faces }) => faces).length).toBeGreaterThanOrEqual(43);
  });

  it('puts no two people into one group', () => {
    // A photo says who is on it, not which face is whose: a group is of one person if somebody is on all its photos.
    for (const { id } of result.groups) {
      const paths = result.photos
        .filter(({ faces }) => faces.some((face) => face.group === id))
        .map(({ path }) => path);
      // Who is on the photos of strangers is not said: nobody else, in any case.
      const candidates = paths.map((path) => (people.get(path)?.length ? people.get(path)! : [path]));
      const common = candidates[0]!.filter((name) => candidates.every((on) => on.includes(name)));
      expect(common, `group ${id}: ${paths.join(', ')}`).not.toEqual([]);
    }
  });

  it('puts no two faces of one photo into one group', () => {
    for (const { path, faces } of result.photos) {
      const groups = faces.flatMap(({ group: of }) => of ?? []);
      expect(new Set(groups).size, path).toBe(groups.length);
    }
  });
});
