import type { EncoderKey } from '../../electron/contract/ids.ts';
import { countOf, effectiveGallerySize, seenIn, sureOf } from '../../electron/grouping/match-probability.ts';
import { matchReference } from '../../electron/grouping/match-reference.ts';
import { normalisedGraph } from '../../electron/grouping/normalised-graph.ts';
import { plainProduct } from '../../electron/grouping/product.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { cohortOf } from '../../models/cohort.ts';
import { random } from '../fixtures/random.ts';
import { fitCohort } from './cohort.ts';
import { product } from './product.ts';
import {
  type DrawnFace,
  drawLibrary,
  type Engine,
  groupsOf,
  MIXES,
  NAMED,
  type NamedLibrary,
  nameSome,
} from './reliability-draws.ts';
import type { Drawn, Opinion } from './reliability-figures.ts';
import type { KnownFace, Pools } from './reliability-pools.ts';

/** Faces in a library, and how many libraries of each kind are drawn. Small ones hold few questions, so there are more. */
export const SIZES: readonly [faces: number, draws: number][] = [
  [10, 90],
  [30, 60],
  [100, 18],
  [1000, 2],
  [10_000, 1],
];

/** Faces from which multiplication by ONNX Runtime is worth its start. */
const MANY = 300;

/** As the settings are until the user changes them. */
const SURE = 0.999;

/** Every face's likeliest person, in one library. */
export async function opinionsOf(
  library: NamedLibrary,
  { calibration, catalog }: Engine,
  least = 0.01,
): Promise<Opinion[]> {
  const { faces, said, truth } = library;
  const graph = await normalisedGraph(faces, calibration, productFor(faces.photo), undefined, catalog);
  const matches = matchReference(faces, graph, said, calibration, least);
  const sure = sureOf(matches, SURE).length;
  const gallery = effectiveGallerySize(said.people, countOf(said.labelled), seenIn(faces.group));
  return matches.map(({ row, person, probability, score, margin, isInCluster }, at) => ({
    ...{ probability, right: truth[row] === person, sure: at < sure },
    ...{ score, margin, isInCluster, isAlone: said.people === 1, gallery },
  }));
}

/** Draws libraries of every kind and size out of either half of the people. @param least see `matchReference` */
export async function drawAll(
  pools: Pools['pools'],
  engines: readonly Engine[],
  least: number,
  report: (what: string) => void,
): Promise<Drawn[]> {
  const drawn: Drawn[] = [];
  for (const [size, draws] of SIZES) {
    for (const [pool, all] of Object.entries(pools)) {
      if (size > all.length && pool !== 'everybody') continue;
      for (const half of [0, 1]) {
        const engine = engines[half]!;
        const some = all.filter(({ person }) => halfOf(person) === half);
        for (const mix of MIXES) {
          for (let draw = 0; draw < draws; draw++) {
            const next = random(draw * 7919 + size + half);
            const faces = drawLibrary(some, size, mix, next);
            const group = await groupsOf(faces, engine, productFor(faces));
            for (const named of draws < NAMED.length ? NAMED : [NAMED[draw % NAMED.length]!]) {
              const opinions = await opinionsOf(nameSome(faces, group, named, next), engine, least);
              drawn.push({ size, half, pool, mix, named, opinions });
            }
          }
        }
      }
    }
    report(`libraries of ${size}`);
  }
  return drawn;
}

/** The sample photos after seven of their people have a name, in many draws. */
export async function drawSamples(
  { faces, group }: { faces: readonly DrawnFace[]; group: Int32Array },
  engine: Engine,
  draws: number,
): Promise<Drawn[]> {
  const drawn: Drawn[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const opinions = await opinionsOf(nameSome(faces, group, 7, random(draw), true), engine);
    drawn.push({ size: faces.length, half: 0, pool: 'samples', mix: 'samples', named: '7', opinions });
  }
  return drawn;
}

export type { Engine };

/** The product's own: the catalog's calibration and cohort. */
export function engineOf(key: EncoderKey): Engine {
  return { calibration: calibrationOf(key), catalog: cohortOf(key) };
}

/** The same with a cohort of one half of the people, to judge the other. */
export function engineWithout(half: number, all: readonly KnownFace[], key: EncoderKey): Engine {
  const others = all.filter(({ person }) => halfOf(person) !== half);
  return { calibration: calibrationOf(key), catalog: fitCohort(others) };
}

/** Half that a person is in, 0 or 1, by the letters of the name. */
export function halfOf(person: string): number {
  let hash = 0;
  for (let i = 0; i < person.length; i++) hash = (Math.imul(hash, 31) + person.charCodeAt(i)) | 0;
  return (hash >>> 3) & 1;
}

function productFor({ length }: ArrayLike<unknown>) {
  return length > MANY ? product : plainProduct;
}
