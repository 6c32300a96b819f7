import { readFileSync } from 'node:fs';
import { lfwPath, parseLfwPairs } from '../../electron/grouping/lfw-pairs.ts';
import { type Agreement, bCubed, pairwise } from '../../electron/grouping/metrics.ts';
import { distanceOf, dot } from '../../electron/grouping/similarity.ts';
import { auc, foldedAccuracy, type Trial, tarAtFar } from '../../electron/grouping/verification.ts';
import { type LfwRun, lfwFiles } from './lfw.ts';

/** How well pairs of pictures are told apart; all shares 0..1. */
export interface Verification {
  accuracy: number;
  std: number;
  tarAtFar: { '0.001': number; '0.01': number };
  auc: number;
  /** Pairs with a picture on which no face was found; they count as "different". */
  noFace: number;
}

export interface Grouping {
  faces: number;
  people: number;
  bCubed: Agreement;
  pairwise: Agreement;
}

/** The protocol of LFW's View 2 over the list of pairs, as `kith compare --pairs` has it. */
export function verify({ faces }: LfwRun): Verification {
  const { pairs } = parseLfwPairs(readFileSync(lfwFiles().pairs, 'utf8'));
  const trials = pairs.map(({ a, b, genuine, fold }): Trial => {
    const one = faces.get(lfwPath(a));
    const other = faces.get(lfwPath(b));
    const distance =
      one && other ? distanceOf(dot(one.embedding, other.embedding)) : Number.POSITIVE_INFINITY;
    return { distance, genuine, fold };
  });
  const { accuracy, std } = foldedAccuracy(trials);
  return {
    accuracy,
    std,
    tarAtFar: { '0.001': tarAtFar(trials, 0.001), '0.01': tarAtFar(trials, 0.01) },
    auc: auc(trials),
    noFace: trials.filter(({ distance }) => distance === Number.POSITIVE_INFINITY).length,
  };
}

/** The groups as the record has them after a scan at the default setting, against who is on the pictures. */
export function judgeGroups({ faces }: LfwRun): Grouping {
  const judged = [...faces.values()];
  const groups = judged.map(({ group }) => group ?? -1);
  const people = judged.map(({ person }) => person);
  return {
    faces: judged.length,
    people: new Set(people).size,
    bCubed: bCubed(groups, people),
    pairwise: pairwise(groups, people),
  };
}
