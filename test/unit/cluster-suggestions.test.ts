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
  match: { intercept: -9, slope: 14, lead: 4, mate: 1 },
  founder: 0.3,
};

/** People whose faces are in two groups each, and some of them alone; each face on a photo of its own. */
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
  const around = await normalisedGraph(faces, calibration);
  const days = new Float64Array(person.length).fill(Number.NaN);
  return { faces, around, days };
}

describe('The kin of a group', () => {
  it.each([1, 2, 3])(
    'is who matching would say are the same, had the group a name and nobody else; less of a small group (seed %i)',
    async (seed) => {
      const { faces, around, days } = await album(seed);
      const { quality } = faces;
      const kin = new ClusterSuggestions(emptyState(faces, around, days, new Set()), calibration);
      let found = 0;
      for (const group of new Set(faces.group)) {
        if (group === 0) continue;
        const good = [...quality.keys()].filter(
          (row) => faces.group[row] === group && quality[row]! >= calibration.founder,
        );
        if (good.length === 0) continue;
        const labelled = new Uint8Array(quality.length);
        for (const row of good) labelled[row] = 1;
        const said = {
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
        const share = Math.min(1, faces.group.filter((other) => other === group).length / 30);
        const expected = matchReference(faces, around, said, calibration, 0.01)
          .map(({ row, probability: p }) => ({ row, probability: (share * p) / (share * p + 1 - p) }))
          .filter(({ row, probability }) => faces.group[row] !== group && probability >= 0.1)
          .toSorted((a, b) => a.row - b.row);
        const likely = kin.of(group);
        expect(likely.map(({ row }) => row)).toEqual(expected.map(({ row }) => row));
        likely.forEach(({ probability }, at) => {
          expect(probability).toBeCloseTo(expected[at]!.probability, 5);
        });
        found += likely.length;
      }
      expect(found).toBeGreaterThan(20);
    },
  );

  it('has nobody of a group that is on one photo with it, but where a photo may show somebody twice', async () => {
    const { faces, around, days } = await album(1);
    const rowsOf = (group: number) => [...faces.group.keys()].filter((row) => faces.group[row] === group);
    const [ones, others] = [rowsOf(1), rowsOf(2)];
    const groups = (several: number[]) => {
      const kin = new ClusterSuggestions(emptyState(faces, around, days, new Set(several)), calibration).of(
        1,
      );
      return new Set(kin.map(({ row }) => faces.group[row]));
    };
    expect(groups([])).toContain(2);
    faces.photo[others[0]!] = faces.photo[ones[0]!]!;
    expect(groups([])).not.toContain(2);
    expect(groups([faces.photo[ones[0]!]!])).toContain(2);
  });

  it('is nobody where there is no such group', async () => {
    const { faces, around, days } = await album(1);
    expect(new ClusterSuggestions(emptyState(faces, around, days, new Set()), calibration).of(999)).toEqual(
      [],
    );
  });
});
