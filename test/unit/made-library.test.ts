import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { distanceOf, dot } from '../../electron/grouping/similarity.ts';
import { openLibrary } from '../../electron/library/open.ts';
import { distancesOf } from '../../models/cards.ts';
import { madeAlbum } from '../fixtures/made-album.ts';
import { makeLibrary } from '../fixtures/made-library.ts';
import { type MadeEncoder, madeVectors } from '../fixtures/made-vectors.ts';

it.each<[MadeEncoder, boolean]>([
  ['dlib', false],
  ['dlib', true],
  ['facenet-512', false],
  ['facenet-512', true],
])("makes faces that are as far from each other as %s's, in all dimensions: %s", (encoder, full) => {
  const { faceOf } = madeVectors(encoder, { full });
  const people = Array.from({ length: 400 }, (_, person) => [faceOf(person, 1), faceOf(person, 1)] as const);
  const genuine = people.map(([a, b]) => distanceOf(dot(a, b)));
  const impostor = people.flatMap(([a], i) => people.slice(i + 1).map(([b]) => distanceOf(dot(a, b))));
  const card = distancesOf(encoder)!;
  for (const [made, counts] of [
    [genuine, card.genuine],
    [impostor, card.impostor],
  ] as const) {
    const real = counts.flatMap((count, bin) => new Array<number>(count).fill((bin + 0.5) * card.step));
    expect(Math.abs(mean(made) - mean(real))).toBeLessThan(0.03);
    expect(deviation(made) / deviation(real)).toBeGreaterThan(0.75);
    expect(deviation(made) / deviation(real)).toBeLessThan(1.25);
  }
});

it('puts nobody on a photo twice, and few on many', () => {
  const { photos, sizes } = madeAlbum(20_000);
  const counts = new Map<number, number>();
  for (const people of photos) {
    expect(new Set(people).size).toBe(people.length);
    for (const person of people) counts.set(person, (counts.get(person) ?? 0) + 1);
  }
  expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(20_000);
  expect(sizes.every((size, person) => counts.get(person) === size)).toBe(true);
  expect(sizes[0]).toBeGreaterThan(1500);
  expect(sizes.filter((size) => size === 1).length).toBeGreaterThan(3000);
});

it('makes the same library each time, and says who is on it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kith-made-'));
  const tables = await Promise.all(
    ['one', 'two'].map(async (name) => {
      const { personOf } = await makeLibrary(join(folder, name), { faces: 300, encoder: 'dlib' });
      const library = openLibrary(join(folder, name));
      const table = library.embeddings.all('dlib');
      expect(library.cards.photos.counts()).toMatchObject({ faces: 300, unnamed: 300, unreadable: 0 });
      library.close();
      return { ...table, people: table.faceIds.map((face) => personOf[face]) };
    }),
  );
  expect(tables[0]).toEqual(tables[1]);
  rmSync(folder, { recursive: true });
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}
