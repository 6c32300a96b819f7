import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AgeAlignment, AgeModel } from '../../electron/contract/ages.ts';
import type { EncoderId } from '../../electron/contract/ids.ts';
import { logit, newton, sigmoid, softplus } from '../../electron/grouping/logistic.ts';
import { agesFile } from '../../models/ages.ts';

/** A face as its encoder gave it, not aligned, and whether it is a child's. */
export interface AgedFace {
  embedding: Float32Array;
  child: boolean;
}

interface Preset {
  /** How much farther apart children are drawn. */
  spread: number;
  /** Share of faces that are taken for children's: with a smaller one, alignment moves fewer grown-ups. */
  prior: number;
}

/**
 * Chosen by hand by `npm run eval -- ages` and LFW's B-cubed F: with dlib a larger spread or share costs grown-ups more
 * than it gives children, a smaller one leaves two children looking like one; FaceNet hardly depends on them.
 */
export const PRESETS: Partial<Record<EncoderId, Preset>> = {
  dlib: { spread: 1.4, prior: 0.12 },
  'facenet-512': { spread: 1.4, prior: 0.27 },
  'facenet-512+dlib': { spread: 1.4, prior: 0.1 },
};

/** Weight of the prior that all weights are 0. Held-out loss is lowest with it, and not above that of the fit. */
const RIDGE = 1;

/** Digits of each number that is kept. */
const DIGITS = 4;

/**
 * Fits how an encoder sees children: a logistic regression, both ages weighing the same before the prior is added, and the
 * means of both.
 */
export function fitAges(faces: readonly AgedFace[], { spread, prior }: Preset): AgeAlignment {
  const size = faces[0]!.embedding.length;
  const children = faces.filter(({ child }) => child);
  const grown = faces.filter(({ child }) => !child);
  const weightOf = (child: boolean) => faces.length / (2 * (child ? children : grown).length);
  const dotWith = (at: readonly number[], { embedding }: AgedFace) =>
    embedding.reduce((sum, value, i) => sum + value * at[i]!, at[size]!);
  const fitted = newton(
    (at) => {
      const odds = faces.map((face) => dotWith(at, face));
      const ridge = at.slice(0, size).reduce((sum, value) => sum + value * value, 0);
      const loss = faces.reduce(
        (sum, { child }, i) => sum + weightOf(child) * softplus(child ? -odds[i]! : odds[i]!),
        (RIDGE * ridge) / 2,
      );
      return { loss, derivatives: () => derivatives(faces, at, odds, weightOf) };
    },
    new Array<number>(size + 1).fill(0),
    { rounds: 20, enough: 1e-3 },
  );
  const [ofChildren, ofGrown] = [meanOf(children, size), meanOf(grown, size)];
  return {
    weights: fitted.slice(0, size).map(rounded),
    bias: rounded(fitted[size]! + logit(prior)),
    spread,
    offset: ofGrown.map((value, i) => rounded(value - spread * ofChildren[i]!)),
  };
}

/** Puts the model where Kith looks for it. @returns the file */
export function writeAges(id: EncoderId, model: AgeModel): string {
  const file = fileURLToPath(agesFile(id));
  writeFileSync(file, `${JSON.stringify(model).replaceAll(',"', ',\n"')}\n`);
  return file;
}

function derivatives(
  faces: readonly AgedFace[],
  at: readonly number[],
  odds: readonly number[],
  weightOf: (child: boolean) => number,
): { gradient: number[]; hessian: number[][] } {
  const n = at.length;
  const gradient = at.map((value, i) => (i < n - 1 ? RIDGE * value : 0));
  const hessian = Array.from({ length: n }, (_, i) => {
    const row = new Array<number>(n).fill(0);
    if (i < n - 1) row[i] = RIDGE;
    return row;
  });
  const x = new Float64Array(n).fill(1);
  // Plain loops, since they run thousands of millions of times.
  for (const [index, { embedding, child }] of faces.entries()) {
    x.set(embedding);
    const p = sigmoid(odds[index]!);
    const slope = weightOf(child) * (p - Number(child));
    const curve = weightOf(child) * p * (1 - p);
    for (let i = 0; i < n; i++) {
      gradient[i]! += slope * x[i]!;
      const row = hessian[i]!;
      const scaled = curve * x[i]!;
      for (let j = 0; j <= i; j++) row[j]! += scaled * x[j]!;
    }
  }
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) hessian[i]![j] = hessian[j]![i]!;
  return { gradient, hessian };
}

function meanOf(faces: readonly AgedFace[], size: number): number[] {
  const mean = new Array<number>(size).fill(0);
  for (const { embedding } of faces) {
    embedding.forEach((value, i) => {
      mean[i]! += value / faces.length;
    });
  }
  return mean;
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
