import type { Calibration } from '../../electron/contract/calibration.ts';
import { fitCalibration, type PairSample } from '../../electron/grouping/calibrate.ts';
import { type Agreement, bCubed } from '../../electron/grouping/metrics.ts';
import { distanceOf, dot } from '../../electron/grouping/similarity.ts';
import { grouped } from './ages.ts';
import { FOUNDER as founder, type LfwFace, type LfwRun } from './lfw.ts';

/** A calibration, and how it does on people whom it was not fitted on. */
export interface Fit {
  calibration: Calibration;
  /** B-cubed of either half of the people, grouped at the bound that was best for the other. */
  heldOut: Agreement[];
  /** On how many pairs it was fitted. */
  pairs: { genuine: number; impostor: number };
}

/** Evidence tried as the bound of grouping, the strictest first: odds of e⁹ to e². */
const links = Array.from({ length: 15 }, (_, step) => 9 - step * 0.5);

/** Once B-cubed F has fallen this far behind its best, looser bounds only make it worse, and very slow. */
const hopeless = 0.02;

/** Impostor pairs are a hundred times as many as genuine ones; every so many of them is enough. */
const impostorStride = 97;

/**
 * Fits what an encoder's distances mean, as the catalog or the file beside somebody's own weights stores it: evidence by maximum likelihood on all genuine
 * pairs and a regular sample of impostor pairs, and the bound of grouping where B-cubed F is highest.
 */
export async function calibrate({ faces }: LfwRun): Promise<Fit> {
  const all = [...faces.values()];
  const people = [...new Set(all.map(({ person }) => person))].toSorted();
  const halves = [0, 1].map((half) => {
    const chosen = new Set(people.filter((_, index) => index % 2 === half));
    return all.filter(({ person }) => chosen.has(person));
  });
  const heldOut: Agreement[] = [];
  for (const [index, half] of halves.entries()) {
    heldOut.push(await agreement(half, await calibrationFrom(halves[1 - index]!)));
  }
  const samples = pairsOf(all);
  const genuine = samples.filter((pair) => pair.genuine).length;
  const pairs = { genuine, impostor: samples.length - genuine };
  return { calibration: rounded(await calibrationFrom(all)), heldOut, pairs };
}

async function calibrationFrom(faces: readonly LfwFace[]): Promise<Calibration> {
  const fit = fitCalibration(pairsOf(faces));
  let best = { link: links[0]!, f: 0 };
  for (const link of links) {
    const { f } = await agreement(faces, { ...fit, link, founder });
    if (f > best.f) best = { link, f };
    if (f < best.f - hopeless) break;
  }
  return { ...fit, link: best.link, founder };
}

function pairsOf(faces: readonly LfwFace[]): PairSample[] {
  const samples: PairSample[] = [];
  let impostors = 0;
  for (const [index, one] of faces.entries()) {
    for (const other of faces.slice(index + 1)) {
      const genuine = one.person === other.person;
      if (!genuine && impostors++ % impostorStride > 0) continue;
      const distance = distanceOf(dot(one.embedding, other.embedding));
      samples.push({ distance, quality: Math.min(one.quality, other.quality), genuine });
    }
  }
  return samples;
}

/** Of a grouping of these faces alone, each on a photo of its own. */
async function agreement(faces: readonly LfwFace[], calibration: Calibration): Promise<Agreement> {
  const groups = (await grouped(faces, calibration)).map(({ group }) => group ?? -1);
  return bCubed(
    groups,
    faces.map(({ person }) => person),
  );
}

function rounded({ intercept, slope, qualitySlope, link }: Calibration): Calibration {
  const [i, s, d, l] = [intercept, slope, qualitySlope, link].map((value) => Math.round(value * 100) / 100);
  return { intercept: i!, slope: s!, qualitySlope: d!, link: l!, founder };
}
