import type { DistanceCounts } from '../contract/distances.ts';
import type { PairsReport } from '../contract/results.ts';
import { type HardPair, judgement } from './hard-pair.ts';
import type { CurvePoint } from './roc.ts';

/** All that a report shows. */
export interface Verification {
  report: PairsReport;
  /** What the list of pairs is called. */
  list: string;
  curve: CurvePoint[];
  distances: DistanceCounts;
  /** Mean of the thresholds that the folds were judged at. */
  threshold: number;
  /** The worst first. */
  hardest: HardPair[];
}

/** Names of the files that the page shows. */
interface Files {
  roc: string;
  distances: string;
  hardest: readonly string[];
}

/** The report as Markdown: the figures in a table, the curves, and the hardest pairs as pictures. */
export function reportPage({ report, list, threshold, hardest }: Verification, files: Files): string {
  const { pairs, folds, accuracy, std, tarAtFar, auc, noFace, detector, encoder } = report;
  return [
    '# How well faces are told apart',
    '',
    `${pairs.toLocaleString('en')} pairs of ${cell(list)} in ${folds} ${folds === 1 ? 'fold' : 'folds'}; detector ${detector}, encoder ${encoder}. Each fold is judged at the threshold that serves the others best${folds === 1 ? '; as there is only one, at its own, which flatters' : ''}.`,
    '',
    '| measure | value |',
    '|---|---:|',
    `| accuracy | ${percent(accuracy)} ± ${percent(std)} |`,
    `| TAR at FAR 0.1 % | ${percent(tarAtFar['0.001'])} |`,
    `| TAR at FAR 1 % | ${percent(tarAtFar['0.01'])} |`,
    `| area under the curve | ${auc.toFixed(4)} |`,
    `| threshold τ, mean of the folds | ${threshold.toFixed(3)} |`,
    `| pairs without a face | ${noFace} |`,
    '',
    `![ROC curve](${link(files.roc)})`,
    '',
    `![Histogram of distances](${link(files.distances)})`,
    '',
    '## The hardest pairs',
    '',
    'Genuine pairs that lie farthest apart and impostor pairs that lie nearest, the worst first, as the encoder saw them.',
    '',
    '| | pair | truth | distance | answer | photos |',
    '|---:|---|---|---:|---|---|',
    ...hardest.map((pair, index) => {
      const names = pair.faces.map(({ name }) => cell(name)).join('<br>');
      const truth = pair.genuine ? 'one person' : 'two people';
      return `| ${index + 1} | ![Pair ${index + 1}](${link(files.hardest[index]!)}) | ${truth} | ${pair.distance.toFixed(3)} | ${judgement(pair)} | ${names} |`;
    }),
    '',
  ].join('\n');
}

/** Text that means nothing to Markdown. */
function cell(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#|!&~]/g, '\\$&').replace(/\s+/g, ' ');
}

function link(file: string): string {
  return encodeURIComponent(file);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
