import { describe, expect, it } from 'vitest';
import { ClusterSuggestions } from '../../electron/grouping/cluster-suggestions.ts';
import { matchReference } from '../../electron/grouping/match-reference.ts';
import { emptyState } from '../../electron/grouping/match-state.ts';
import { type Faces, normalisedGraph } from '../../electron/grouping/normalised-graph.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { madeFaces } from '../fixtures/embeddings.ts';
import { random } from '../fixtures/random.ts';

const calibration = {
  ...calibrationOf('dlib'),
  match: { intercept: -9, slope: 14, lead: 4, inCluster: 1 },
  founder: 0.3,
};

const oddsOf = (probability: number) => probability / (1 - probability);

/** People whose faces are in two clusters each, or in none; each face is on its own photo. */
async function album(seed: number) {
  const { vectors, size, person, photo } = madeFaces([30, 20, 12, 8, 5, 1, 1, 1], {
    size: 8,
    spread: 0.7,
    seed,
  });
  const next = random(seed);
  const faces: Faces = {
    ...{ vectors, size, photo },
    group: Int32Array.from(person, (who, row) => (next() < 0.2 ? 0 : 1 + 2 * who + (row % 2))),
    quality: Float32Array.from(person, () => (next() < 0.2 ? 0.1 : 0.9)),
  };
  const graph = await normalisedGraph(faces, calibration);
  const days = new Float64Array(person.length).fill(Number.NaN);
  return { faces, graph, days };
}

describe('The suggestions for a cluster', () => {
  it.each([1, 2, 3])(
    'are what matching gives where the cluster has the only name, at lower odds for a small cluster (seed %i)',
    async (seed) => {
      const { faces, graph, days } = await album(seed);
      const { quality } = faces;
      const suggestions = new ClusterSuggestions(emptyState(faces, graph, days, new Set()), calibration);
      let found = 0;
      const discounts: { faces: number; discount: number }[] = [];
      for (const group of new Set(faces.group)) {
        if (group === 0) continue;
        const good = [...quality.keys()].filter(
          (row) => faces.group[row] === group && quality[row]! >= calibration.founder,
        );
        if (good.length === 0) continue;
        const labelled = new Uint8Array(quality.length);
        for (const row of good) labelled[row] = 1;
        const labels = {
          people: 1,
          examples: good.map((row) => ({ row, person: 0 })),
          ...{
            refusals: [],
            labelled,
            births: Float64Array.of(Number.NaN),
            days,
            several: new Set<number>(),
          },
        };
        const matched = matchReference(faces, graph, labels, calibration, 0.01).filter(
          ({ row }) => faces.group[row] !== group,
        );
        const likely = new Map(suggestions.of(group).map(({ row, probability }) => [row, probability]));
        // The ratio to the odds of matching is the same for all faces: it is the prior of a small cluster.
        const compared = matched.filter(({ row, probability }) => probability < 0.99 && likely.has(row));
        const ratios = compared.map(({ row, probability }) => oddsOf(likely.get(row)!) / oddsOf(probability));
        const [discount = 1] = ratios;
        for (const ratio of ratios) expect(ratio / discount).toBeCloseTo(1, 2);
        // No other face is suggested, and each face that is left out is unlikely at these odds.
        expect(matched.map(({ row }) => row)).toEqual(expect.arrayContaining([...likely.keys()]));
        if (ratios.length > 0) {
          const left = matched.filter(({ row }) => !likely.has(row));
          for (const { probability } of left)
            expect(oddsOf(probability) * discount).toBeLessThan(oddsOf(0.101));
          discounts.push({ faces: faces.group.filter((other) => other === group).length, discount });
        }
        found += likely.size;
      }
      expect(found).toBeGreaterThanOrEqual(20);
      discounts.sort((a, b) => a.faces - b.faces || a.discount - b.discount);
      expect(discounts.length).toBeGreaterThan(3);
      for (const [at, { faces, discount }] of discounts.entries()) {
        expect(discount).toBeLessThanOrEqual(1.001);
        const before = discounts[at - 1];
        if (before) expect(discount / before.discount).toBeCloseTo(faces / before.faces, 2);
        // A cluster of thirty has the full odds.
        expect(faces / discount).toBeCloseTo(30, 0);
      }
    },
  );

  it('have no face of a cluster that shares a photo with it, unless the photo can show a person twice', async () => {
    const { faces, graph, days } = await album(1);
    const rowsOf = (group: number) => [...faces.group.keys()].filter((row) => faces.group[row] === group);
    const [ones, others] = [rowsOf(1), rowsOf(2)];
    const groups = (several: number[]) => {
      const state = emptyState(faces, graph, days, new Set(several));
      const suggested = new ClusterSuggestions(state, calibration).of(1);
      return new Set(suggested.map(({ row }) => faces.group[row]));
    };
    expect(groups([])).toContain(2);
    faces.photo[others[0]!] = faces.photo[ones[0]!]!;
    expect(groups([])).not.toContain(2);
    expect(groups([faces.photo[ones[0]!]!])).toContain(2);
  });

  it('are empty where there is no such cluster', async () => {
    const { faces, graph, days } = await album(1);
    const state = emptyState(faces, graph, days, new Set());
    expect(new ClusterSuggestions(state, calibration).of(999)).toEqual([]);
  });
});
