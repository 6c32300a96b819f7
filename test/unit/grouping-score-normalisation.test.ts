import { describe, expect, it } from 'vitest';
import { plainProduct } from '../../electron/grouping/product.ts';
import { cohortOf, normalisationOffsets } from '../../electron/grouping/score-normalisation.ts';
import { normalise } from '../../electron/grouping/similarity.ts';
import { type MadeFaces, madeFaces } from '../fixtures/embeddings.ts';

/** Made faces. Those of each tenth person are moved towards one direction, as blur does. */
function partlyBlurred(faces: readonly number[]): MadeFaces {
  const made = madeFaces(faces, { size: 32 });
  made.person.forEach((who, row) => {
    if (who % 10 !== 0) return;
    const face = made.vectors.subarray(row * made.size, (row + 1) * made.size);
    face[0]! += 1;
    face.set(normalise(face));
  });
  return made;
}

/** Normalisation offset of each face where every person is one cluster. */
function offsetsOf({ vectors, size, person }: MadeFaces): Promise<Float64Array> {
  const owner = Int32Array.from(person, (who) => person.indexOf(who));
  const cohort = cohortOf(vectors, size, owner);
  return normalisationOffsets(vectors, size, cohort.own, cohort, plainProduct);
}

function mean(values: Float64Array, person: number[], of: (who: number) => boolean): number {
  const chosen = [...values].filter((_, row) => of(person[row]!));
  return chosen.reduce((sum, value) => sum + value, 0) / chosen.length;
}

describe('The normalisation offset', () => {
  it('is high for faces that are near the faces of many people', async () => {
    const made = partlyBlurred(new Array(300).fill(2));
    const values = await offsetsOf(made);
    const blurred = mean(values, made.person, (who) => who % 10 === 0);
    const clear = mean(values, made.person, (who) => who % 10 !== 0);
    expect(blurred).toBeGreaterThan(clear + 0.03);
  });

  it('does not grow with the number of a person’s own photos', async () => {
    const faces = new Array<number>(300).fill(2);
    const few = await offsetsOf(partlyBlurred(faces));
    const many = partlyBlurred(faces.with(299, 400));
    const own = mean(await offsetsOf(many), many.person, (who) => who === 299);
    const before = (few[598]! + few[599]!) / 2;
    expect(Math.abs(own - before)).toBeLessThan(0.02);
  });

  it('is 0 where the cohort has too few clusters', async () => {
    expect([...(await offsetsOf(madeFaces([3, 2, 4, 1])))]).toEqual(new Array(10).fill(0));
  });
});
