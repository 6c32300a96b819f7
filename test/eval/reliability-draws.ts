import type { Calibration } from '../../electron/contract/calibration.ts';
import type { CatalogCohort } from '../../electron/grouping/catalog-cohort.ts';
import { cluster } from '../../electron/grouping/cluster.ts';
import type { Labels } from '../../electron/grouping/match-reference.ts';
import type { Faces } from '../../electron/grouping/normalised-graph.ts';
import type { Product } from '../../electron/grouping/product.ts';
import { shuffled } from '../../electron/grouping/random.ts';
import { dot } from '../../electron/grouping/similarity.ts';
import type { KnownFace } from './reliability-pools.ts';

/** By what libraries are grouped and matched. */
export interface Engine {
  calibration: Calibration;
  catalog: CatalogCohort | null;
}

/** A library that was drawn: `photo` numbers its photos, and no person is twice on one. */
export interface DrawnFace extends KnownFace {
  photo: number;
}

/** How a library is made up. */
export const MIXES = ['as they come', 'a crowd', 'of a kind', 'a crowd of a kind'] as const;
export type Mix = (typeof MIXES)[number];

/** How many of a library's people get a name. */
export const NAMED = ['one', 'a third', 'most'] as const;
export type Named = (typeof NAMED)[number];

/** Share of the people of a crowd who are there twice; all others are there once. Chosen by hand. */
const TWICE = 0.1;

/** Faces on each photo of a crowd. Chosen by hand, as on the sample photos. */
const TOGETHER = 4;

/** Share of all people, those most like one of them, of whom people of a kind are drawn. Chosen by hand. */
const KIND = 0.2;

/** Share of the people who have a name where most have. Chosen by hand. */
const MOST = 0.8;

/**
 * Draws a library of `size` faces, or of all where there are fewer. `as they come`: people at random with all of their
 * photos, one face a photo. `a crowd`: people who are there once, one in ten of them twice, on photos of four. `of a
 * kind`: out of the fifth of all people who are most like one of them, as women, a family, or a people are.
 */
export function drawLibrary(
  all: readonly KnownFace[],
  size: number,
  mix: Mix,
  next: () => number,
): DrawnFace[] {
  const everybody = shuffled([...Map.groupBy(all, ({ person }) => person).values()], next);
  const people = mix.endsWith('of a kind') ? shuffled(kindOf(everybody), next) : everybody;
  if (!mix.startsWith('a crowd')) {
    return people
      .flatMap((faces) => shuffled(faces, next))
      .slice(0, size)
      .map((face, photo) => ({ ...face, photo }));
  }
  const chosen = people
    .flatMap((faces) => shuffled(faces, next).slice(0, next() < TWICE ? 2 : 1))
    .slice(0, size);
  const faces = shuffled(chosen, next);
  const photos: Set<string>[] = [];
  return faces.map((face) => {
    const found = photos.findIndex((on) => on.size < TOGETHER && !on.has(face.person));
    const photo = found < 0 ? photos.push(new Set()) - 1 : found;
    photos[photo]!.add(face.person);
    return { ...face, photo };
  });
}

/** The people who are most like the first, by one face each. */
function kindOf(people: readonly KnownFace[][]): KnownFace[][] {
  const first = people[0]![0]!.embedding;
  return people
    .map((faces) => ({ faces, alike: dot(first, faces[0]!.embedding) }))
    .sort((a, b) => b.alike - a.alike)
    .slice(0, Math.ceil(KIND * people.length))
    .map(({ faces }) => faces);
}

/** One library in which some people have a name by one example each. */
export interface NamedLibrary {
  faces: Faces;
  said: Labels;
  /** Person of each row as `said` numbers them, −1 for somebody without a name. */
  truth: Int32Array;
}

/** Groups a library as Kith does. @returns group of each face from 1, 0: alone */
export async function groupsOf(
  faces: readonly DrawnFace[],
  { calibration }: Engine,
  product: Product,
): Promise<Int32Array> {
  const labels = await cluster({ ...packed(faces), calibration }, product);
  return labels.map((label) => label + 1);
}

/**
 * Names some people by one face each, which is drawn. People with more photos are named sooner, as users do it, or all are
 * as likely (`evenly`).
 */
export function nameSome(
  faces: readonly DrawnFace[],
  group: Int32Array,
  named: Named | number,
  next: () => number,
  evenly = false,
): NamedLibrary {
  const rows = Map.groupBy(faces.keys(), (row) => faces[row]!.person);
  const wanted = { one: 1, 'a third': rows.size / 3, most: rows.size * MOST };
  const count = Math.max(1, Math.round(typeof named === 'number' ? named : wanted[named]));
  const names = evenly ? [...rows.keys()] : faces.map(({ person }) => person);
  const people = [...new Set(shuffled(names, next))].slice(0, count).map((name) => rows.get(name)!);
  const truth = new Int32Array(faces.length).fill(-1);
  const labelled = new Uint8Array(faces.length);
  const examples = people.map((own, person) => {
    for (const row of own) truth[row] = person;
    const row = own[Math.floor(next() * own.length)]!;
    labelled[row] = 1;
    return { row, person };
  });
  return {
    faces: { ...packed(faces), group },
    said: {
      ...{ people: people.length, examples, refusals: [], labelled, several: new Set() },
      births: new Float64Array(people.length).fill(Number.NaN),
      days: new Float64Array(faces.length).fill(Number.NaN),
    },
    truth,
  };
}

function packed(faces: readonly DrawnFace[]): Omit<Faces, 'group'> {
  const size = faces[0]!.embedding.length;
  const vectors = new Float32Array(faces.length * size);
  faces.forEach(({ embedding }, row) => {
    vectors.set(embedding, row * size);
  });
  return {
    ...{ vectors, size },
    photo: Int32Array.from(faces, ({ photo }) => photo),
    quality: Float32Array.from(faces, ({ quality }) => quality),
  };
}
