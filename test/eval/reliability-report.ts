import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DetectorId, EncoderId } from '../../electron/contract/ids.ts';
import { LIKELY } from '../../electron/grouping/ask.ts';
import { drawAll, drawSamples, type Engine, engineOf, engineWithout, SIZES } from './reliability.ts';
import {
  ASKED,
  above,
  calibrationError,
  type Drawn,
  likely,
  type Opinion,
  withInterval,
} from './reliability-figures.ts';
import { fitMatch, probabilityBy } from './reliability-fit.ts';
import { drawReliability } from './reliability-picture.ts';
import { poolsOf, type ReliabilityWork } from './reliability-pools.ts';
import { samplesOf } from './reliability-samples.ts';

/** Times that seven of the sample photos' people are drawn. */
const SAMPLE_DRAWS = 200;

interface Work extends ReliabilityWork {
  report: (what: string) => void;
}

/**
 * Whether probabilities mean what they say, by the catalog's calibration, on drawn libraries of each size; each half of the
 * people with a cohort of the other. Draws its picture into docs/.
 *
 * @returns a report in Markdown
 */
export async function measureReliability(
  detector: DetectorId,
  encoder: EncoderId,
  work: Work,
): Promise<string> {
  const { key, pools } = await poolsOf(detector, encoder, work);
  const engines = [0, 1].map((half) => engineWithout(half, pools.everybody, key));
  const drawn = await drawAll(pools, engines, ASKED, work.report);
  const sizes = SIZES.map(([size]) => ({ size, draws: drawn.filter((one) => one.size === size) }));
  const all = pools.everybody.length;
  const panels = sizes.map(({ size, draws }) => ({
    title: `${Math.min(size, all / 2).toLocaleString('en', { maximumFractionDigits: 0 })} faces`,
    words: `${draws.length} libraries`,
    opinions: draws.flatMap(({ opinions }) => opinions).filter(({ sure }) => !sure),
  }));
  const picture = drawReliability(
    `Are questions as often right as they say? ${detector} + ${encoder}`,
    'across: how likely Kith says it is; up: how often it is so',
    panels,
  );
  const file = new URL(`../../docs/calibration-${encoder}.svg`, import.meta.url);
  writeFileSync(fileURLToPath(file), picture);
  const parts = (['pool', 'mix', 'named'] as const).flatMap((part) =>
    [...Map.groupBy(drawn, (one) => one[part])].map(([name, draws]) => row(name, draws)),
  );
  return [
    `${detector} + ${encoder}`,
    '',
    '| libraries | likely questions | said | so | ECE of likely | ECE above 50 %, sure names too | sure names, wrong |',
    '|---|---|---|---|---|---|---|',
    ...sizes.map(({ size, draws }) => row(`${size.toLocaleString('en')} faces`, draws)),
    ...parts,
    '',
    await toldOfSamples(detector, encoder, engineOf(key), work),
  ].join('\n');
}

/**
 * Fits what similarity to a person means, for the catalog: on all drawn libraries, and on either half of the people to judge
 * the other.
 *
 * @returns a report in plain lines
 */
export async function fitReliability(detector: DetectorId, encoder: EncoderId, work: Work): Promise<string> {
  const { key, pools } = await poolsOf(detector, encoder, work);
  const engines = [0, 1].map((half) => engineWithout(half, pools.everybody, key));
  const drawn = await drawAll(pools, engines, 0, work.report);
  const judged = [0, 1].flatMap((half) => {
    const match = fitMatch(drawn.filter((one) => one.half !== half));
    return drawn
      .filter((one) => one.half === half)
      .map(({ opinions, ...one }) => ({
        ...one,
        opinions: opinions.map((opinion) => {
          const probability = probabilityBy(opinion, match);
          return { ...opinion, probability, sure: probability >= 0.999 };
        }),
      }));
  });
  return [
    `${detector} + ${encoder}`,
    `  match: ${JSON.stringify(fitMatch(drawn))}`,
    ...SIZES.map(([size]) => {
      const draws = judged.filter((one) => one.size === size);
      const { value, low, high } = withInterval(draws, (opinions) => calibrationError(likely(opinions)));
      return `  libraries of ${size}, judged by the other half's fit: ECE of likely ${percent(value)} (${percent(low)} to ${percent(high)})`;
    }),
  ].join('\n');
}

async function toldOfSamples(
  detector: DetectorId,
  encoder: EncoderId,
  engine: Engine,
  { out }: Work,
): Promise<string> {
  const draws = await drawSamples(await samplesOf(detector, encoder, engine, out), engine, SAMPLE_DRAWS);
  const asked = draws.flatMap(({ opinions }) => above(ASKED)(opinions).filter(({ sure }) => !sure));
  const wrong = asked.filter(({ right, probability }) => probability >= LIKELY && !right);
  const named = draws.flatMap(({ opinions }) => opinions.filter(({ sure }) => sure));
  return [
    `Sample photos, seven of 21 people named, ${SAMPLE_DRAWS} draws:`,
    `${(asked.length / draws.length).toFixed(2)} questions a draw; in ${percent(wrong.length / Math.max(1, asked.length))} of them somebody else is`,
    `the likeliest answer, above 50 % (${percent(Math.max(0, ...wrong.map(({ probability }) => probability)))} at most);`,
    `${named.length} sure names, ${named.filter(({ right }) => !right).length} wrong`,
  ].join(' ');
}

function row(name: string, draws: readonly Drawn[]): string {
  const all = draws.flatMap(({ opinions }) => opinions);
  const some = likely(all);
  const error = withInterval(draws, (opinions) => calibrationError(likely(opinions)));
  const whole = withInterval(draws, (opinions) => calibrationError(above(LIKELY)(opinions)));
  const sure = all.filter((one) => one.sure);
  const mean = (of: (one: Opinion) => number) => some.reduce((sum, one) => sum + of(one), 0) / some.length;
  return `| ${[
    name,
    some.length,
    percent(mean(({ probability }) => probability)),
    percent(mean(({ right }) => Number(right))),
    `${percent(error.value)} (${percent(error.low)} to ${percent(error.high)})`,
    `${percent(whole.value)} (${percent(whole.low)} to ${percent(whole.high)})`,
    `${sure.length}, ${sure.filter(({ right }) => !right).length}`,
  ].join(' | ')} |`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
