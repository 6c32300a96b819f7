import type { Learning, LearningCurves } from '../contract/learning.ts';
import { drawHistogram } from './histogram.ts';
import { drawLossCurve } from './loss-curve.ts';
import { fillReport } from './report-folder.ts';

/** What Kith does with a learned metric, and why. */
const VERDICTS: Record<Learning['reason'], string> = {
  better: '**Adopted.** It tells held-out faces apart better than the encoder alone, by more than chance.',
  'not-better':
    '**Dropped.** On held-out faces it is no better than the encoder alone by more than chance, or by too little to matter.',
  'fewer-accepted':
    '**Dropped.** It accepts fewer genuine pairs than the encoder alone at a false accept rate of 1 %.',
  'labels-disagree':
    '**Dropped.** Faces of one name are not like each other, by whatever metric: some names must be wrong.',
};

/**
 * Writes what came of learning as a page of Markdown (`report.md`) with the loss, and the distances before and after.
 * @throws KithError `output-unwritable`, `disk-full`
 */
export async function writeLearningReport(
  folder: string,
  learning: Learning,
  { loss, before, after }: LearningCurves,
): Promise<void> {
  const words = (by: string) => `${counted(learning)} held out; ${learning.encoder}, ${by}`;
  await fillReport(
    folder,
    [
      { stem: 'report', end: '.md', content: (names) => page(learning, names) },
      { stem: 'loss', end: '.svg', content: () => drawLossCurve(loss, lossWords(learning)) },
      {
        stem: 'before',
        end: '.svg',
        content: () => drawHistogram(before.distances, before.even, words("the encoder's own metric")),
      },
      {
        stem: 'after',
        end: '.svg',
        content: () => drawHistogram(after.distances, after.even, words(`learned by ${learning.loss} loss`)),
      },
    ],
    { ...learning, curve: loss },
  );
}

function page(learning: Learning, [, loss, before, after]: readonly string[]): string {
  const { faces, people, encoder, gain, reason } = learning;
  return [
    '# What Kith learned from confirmed faces',
    '',
    `${faces} confirmed faces of ${people} people, encoder ${encoder}, ${learning.loss} loss, ${learning.seconds.toFixed(1)} s.`,
    '',
    VERDICTS[reason],
    '',
    '| on held-out pairs | encoder alone | learned |',
    '|---|---:|---:|',
    `| doubt left | ${percent(learning.before.doubt)} | ${percent(learning.after.doubt)} |`,
    `| TAR at FAR 0.1 % | ${percent(learning.before.tarAtFar['0.001'])} | ${percent(learning.after.tarAtFar['0.001'])} |`,
    `| TAR at FAR 1 % | ${percent(learning.before.tarAtFar['0.01'])} | ${percent(learning.after.tarAtFar['0.01'])} |`,
    '',
    `Doubt taken away: ${points(gain.mean)}; between ${points(gain.low)} and ${points(gain.high)} with 95 %, by a paired bootstrap over people. ${counted(learning)}, each judged by a metric that was trained without one of its faces. Doubt is the logarithmic loss at a prior of 1 %, as a share of what it costs to know nothing else.`,
    '',
    `![Loss](${loss})`,
    '',
    `![Distances before](${before})`,
    '',
    `![Distances after](${after})`,
    '',
  ].join('\n');
}

function lossWords({ loss, faces, people, encoder }: Learning): string {
  return `${loss} loss of each step's batch, and its mean over ten steps; ${faces} faces of ${people} people, ${encoder}`;
}

function counted({ pairs: { genuine, impostor } }: Learning): string {
  return `${genuine.toLocaleString('en')} genuine and ${impostor.toLocaleString('en')} impostor pairs`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** Percentage points. */
function points(share: number): string {
  return `${(share * 100).toFixed(2)} points`;
}
