import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DetectorId, EncoderId } from '../../electron/contract/ids.ts';
import { difference, type Figure, figures, summed } from './paired.ts';
import { runTrial } from './trial.ts';

/** Other values are so many times the one in use. */
const TIMES = [0.5, 0.75, 1.5, 2];

const shown: readonly (readonly [set: string, figure: Figure])[] = [
  ['adults', 'DIR'],
  ['adults', 'sure, right'],
  ['adults', 'sure, found'],
  ['adults', 'B-cubed'],
  ['adults, several examples', 'DIR'],
  ['children', 'DIR'],
  ['children', 'sure, right'],
  ['children', 'B-cubed'],
  ['album', 'B-cubed'],
];

/**
 * What other values of one constant cost and gain.
 *
 * @param name as electron/grouping/constants.ts has it
 * @param values to be tried; when left out, half to twice the one in use
 * @returns a table in Markdown; a difference beyond chance is bold
 * @throws RangeError for a name that is not there
 */
export async function sweep(
  name: string,
  values: readonly string[],
  by: { detector: DetectorId; encoder: EncoderId; out: string },
  onValue: (value: string) => void,
): Promise<string> {
  const present = presentValue(name);
  onValue(present);
  const whole = await runTrial(by);
  const heads = shown.map(([set, figure]) => `${set}: ${figure}`);
  const rows = [
    [
      `**${present}**`,
      ...shown.map(([set, figure]) => percent(figures[figure](summed(whole.sets[set]!.people)))),
    ],
  ];
  for (const value of values.length > 0 ? values : othersOf(present)) {
    onValue(value);
    const { sets } = await runTrial(by, { [name]: value });
    rows.push([
      value,
      ...shown.map(([set, figure]) => {
        const now = figures[figure](summed(sets[set]!.people));
        const { low, high } = difference(whole.sets[set]!.people, sets[set]!.people, figure);
        return low > 0 || high < 0 ? `**${percent(now)}**` : percent(now);
      }),
    ]);
  }
  return [[name, ...heads], ['---', ...heads.map(() => '---')], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** Names of all constants, in their order. */
export function constantNames(): string[] {
  return [...sourceOfConstants().matchAll(/^export const (\w+) =/gm)].map(([, name]) => name!);
}

function presentValue(name: string): string {
  const found = sourceOfConstants().match(new RegExp(`^export const ${name} = (.*);$`, 'm'));
  if (!found) {
    throw new RangeError(`Expected one of ${constantNames().join(', ')} but received ${name}`);
  }
  return found[1]!;
}

function sourceOfConstants(): string {
  return readFileSync(resolve(import.meta.dirname, '../../electron/grouping/constants.ts'), 'utf8');
}

/** Whole numbers stay whole. */
function othersOf(present: string): string[] {
  const [over, under = '1'] = present.split('/').map((text) => text.trim());
  const value = Number(over) / Number(under);
  const isWhole = Number.isInteger(value) && value !== 1;
  const tried = TIMES.map((times) => (isWhole ? Math.round(value * times) : value * times));
  return [...new Set(tried)].filter((other) => other !== value).map(String);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
