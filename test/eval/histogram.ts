import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DistanceTable } from '../../electron/contract/distances.ts';
import { countDistances } from '../../electron/grouping/distances.ts';
import { distanceOf, dot } from '../../electron/grouping/similarity.ts';
import { distancesFile } from '../../models/cards.ts';
import type { LfwFace, LfwRun } from './lfw.ts';

/** Width of a bin; curves drawn over it are smooth, and the table stays a few lines. */
const step = 0.02;

/** Impostor pairs are a hundred times as many as genuine ones; every so many of them is enough. */
const impostorStride = 97;

/** What of an evaluation is counted. */
type MeasuredRun = Pick<LfwRun, 'detector' | 'encoder' | 'faces' | 'together'>;

/** How far apart the faces of an evaluation lie: all genuine pairs, and a regular sample of impostor pairs. */
export function distanceTable({ faces, together, detector, encoder }: MeasuredRun): DistanceTable {
  return {
    command: `npm run eval -- calibrate ${detector}/${encoder}`,
    source: `pairs of ${faces.size.toLocaleString('en')} faces of Labeled Faces in the Wild`,
    ...countDistances(pairsOf([...faces.values()]), step),
    together: countDistances(
      together.map((distance) => ({ distance, genuine: false })),
      step,
    ).impostor,
  };
}

/** Puts the table where `kith compare --explain` looks for it. @returns the file */
export function writeDistances(run: MeasuredRun, file = fileURLToPath(distancesFile(run.encoder))): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(distanceTable(run)).replaceAll('],"', '],\n"')}\n`);
  return file;
}

function* pairsOf(faces: readonly LfwFace[]): Generator<{ distance: number; genuine: boolean }> {
  let impostors = 0;
  for (const [index, one] of faces.entries()) {
    for (let next = index + 1; next < faces.length; next++) {
      const other = faces[next]!;
      const genuine = one.person === other.person;
      if (!genuine && impostors++ % impostorStride > 0) continue;
      yield { distance: distanceOf(dot(one.embedding, other.embedding)), genuine };
    }
  }
}
