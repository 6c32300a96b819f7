import type { Calibration } from '../../electron/contract/calibration.ts';
import type { DetectorId, EncoderId } from '../../electron/contract/ids.ts';
import { sureOf } from '../../electron/grouping/match-probability.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { random } from '../fixtures/random.ts';
import { alignedBy, type Face, facesOf, grouped, type Work } from './ages.ts';
import { fitAges, PRESETS } from './ages-fit.ts';
import { identified, judged, taskOf, type Verdict } from './people.ts';

/** Share of strangers who are taken for somebody. */
const FPIR = 0.01;

/** Least share of right ones among *sure* names. */
const SURE = 0.999;

/** What is known of the times: nothing, when photos were taken, the people's days of birth as well. */
const KNOWN = ['no dates', 'dates', 'dates and days of birth'] as const;

interface Tally {
  probes: number;
  first: number;
  identified: number;
  right: number;
  wrong: number;
  /** Of the probes of the age at which nobody is known. */
  others: number;
  othersFirst: number;
  othersRight: number;
}

/**
 * What dates say of who a face can be. The pictures of Large Age-Gap have none, so they get made ones: people are born over
 * half a century; children are 2 to 12 years old, grown-ups 20 to 60, no photo is later than 2026. Everybody is in one
 * library, known by one face of one age. Each half of the people is judged by a model of ages that was fitted on the other.
 *
 * @returns a table in Markdown
 */
export async function compareDates(detector: DetectorId, encoder: EncoderId, work: Work): Promise<string> {
  const { key, lag, lfw } = await facesOf(detector, encoder, work);
  const preset = PRESETS[encoder] ?? { spread: 1, prior: 0.5 };
  const people = [...new Set(lag.map(({ person }) => person))].sort();
  const sides = new Map(people.map((person, at) => [person, at % 2]));
  const halves = [0, 1].map((half) => lag.filter(({ person }) => sides.get(person) === half));
  const calibration = calibrationOf(key);
  const columns = KNOWN.map(() => [] as Tally[][]);
  for (const [half, faces] of halves.entries()) {
    const model = fitAges([...halves[1 - half]!, ...lfw], preset);
    const groups = await grouped(
      faces.map((face) => alignedBy(model, face)),
      calibration,
    );
    for (const [at, known] of KNOWN.entries()) {
      columns[at]!.push([
        await found(groups, true, known, calibration),
        await found(groups, false, known, calibration),
      ]);
    }
  }
  const rows = ['known as a child', 'known grown up'].flatMap((name, age) => rowsOf(name, age, columns));
  return [
    `${detector} + ${encoder}: ${people.length} people`,
    `| | ${KNOWN.join(' | ')} |`,
    `|---|${KNOWN.map(() => '---|').join('')}`,
    ...rows,
  ].join('\n');
}

function rowsOf(name: string, age: number, columns: readonly Tally[][][]): string[] {
  const sums = columns.map(
    (halves) => (of: keyof Tally) => halves.reduce((sum, one) => sum + one[age]![of], 0),
  );
  const row = (what: string, cell: (sum: (of: keyof Tally) => number) => string) =>
    `| ${name}: ${what} | ${sums.map(cell).join(' | ')} |`;
  return [
    row('rank-1', (sum) => percent(sum('first') / sum('probes'))),
    row('DIR at FPIR 1 %', (sum) => percent(sum('identified') / sum('probes'))),
    row('*sure* names, wrong ones', (sum) => `${sum('right') + sum('wrong')}, ${sum('wrong')}`),
    row('found with a *sure* name', (sum) => percent(sum('right') / sum('probes'))),
    row('faces of the other age: rank-1', (sum) => percent(sum('othersFirst') / sum('others'))),
    row('faces of the other age: *sure*', (sum) => percent(sum('othersRight') / sum('others'))),
  ];
}

async function found(
  faces: readonly Face[],
  isChildKnown: boolean,
  known: (typeof KNOWN)[number],
  calibration: Calibration,
): Promise<Tally> {
  // The known age comes first by name, so that the example is one of it.
  const sorted = faces
    .map((face) => ({ ...face, path: `${face.person}/${Number(face.child !== isChildKnown)} ${face.path}` }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const task = taskOf(sorted);
  const { births, days } = madeTimes(sorted);
  if (known !== 'no dates') task.said.days = days;
  if (known === 'dates and days of birth') {
    task.said.births = Float64Array.from(task.said.births, (_, person) => {
      const { row } = task.said.examples.find((example) => example.person === person)!;
      return births.get(sorted[row]!.person)!;
    });
  }
  const verdicts = await judged(task, calibration);
  const sure = sureOf(verdicts, SURE) as Verdict[];
  const isOther = ({ row }: { row: number }) =>
    sorted[row]!.child !== isChildKnown && task.truth[row]! >= 0 && task.said.labelled[row] === 0;
  const right = sure.filter((verdict) => verdict.right);
  return {
    probes: task.probes,
    first: verdicts.filter((verdict) => verdict.right).length,
    identified: identified(verdicts, FPIR, task.strangers),
    right: right.length,
    wrong: sure.length - right.length,
    others: sorted.filter((_, row) => isOther({ row })).length,
    othersFirst: verdicts.filter((verdict) => verdict.right && isOther(verdict)).length,
    othersRight: right.filter(isOther).length,
  };
}

/** Days of birth by person, and the day of each face's photo, in days since 1970. */
function madeTimes(faces: readonly Face[]): { births: Map<string, number>; days: Float64Array } {
  const next = random(7);
  const day = (year: number) => (year - 1970) * 365.25;
  const births = new Map(
    [...new Set(faces.map(({ person }) => person))].sort().map((person) => [person, day(1945 + 50 * next())]),
  );
  const days = Float64Array.from(faces, ({ person, child }) => {
    const born = births.get(person)!;
    return child
      ? born + 365.25 * (2 + 10 * next())
      : Math.min(born + 365.25 * (20 + 40 * next()), day(2026));
  });
  return { births, days };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
