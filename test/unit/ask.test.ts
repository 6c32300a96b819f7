import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Askable, askAbout, askWith } from '../../electron/grouping/ask.ts';

const unit = (faces: number, probability: number) => ({ faces, probability });

/**
 * What an answer brings on average, by playing out every way that things can be: the first is the person or not, and so is
 * each of the others. Whoever says yes ticks each right one, or all with one touch and each wrong one once more; a no says
 * nothing of the others.
 */
function playedOut(first: { faces: number }, probability: number, also: readonly Askable[]): number {
  let [labelled, deeds] = [first.faces * (1 - probability), 1 - probability];
  for (let way = 0; way < 2 ** also.length; way++) {
    let [chance, faces, right] = [probability, first.faces, 0];
    for (const [at, other] of also.entries()) {
      const isRight = (way & (1 << at)) !== 0;
      chance *= isRight ? other.probability : 1 - other.probability;
      if (isRight) faces += other.faces;
      if (isRight) right++;
    }
    labelled += chance * faces;
    deeds += chance * (1 + Math.min(right, 1 + also.length - right));
  }
  return labelled / deeds;
}

describe('What is asked about one person', () => {
  it('is the largest likely unit, and offers with it the others that are likely', () => {
    const [few, many, hardly] = [unit(3, 0.97), unit(8, 0.9), unit(9, 0.3)];
    const asked = askAbout([hardly, few, many], 6)!;
    expect(asked.first).toBe(many);
    expect(asked.also).toEqual([few]);
  });

  it('counts for more with offers that one touch ticks, and never for less than the first unit alone', () => {
    const [first, second, third] = [unit(8, 0.97), unit(7, 0.97), unit(7, 0.96)];
    expect(askAbout([first, second, third], 6)!.rate).toBeGreaterThan(8);
    expect(askAbout([first, unit(1, 0.97)], 6)!.rate).toBe(8);
  });

  it('offers nothing that is less likely than not, and nothing that may not be offered', () => {
    const [first, one, two, doubtful] = [unit(2, 0.9), unit(2, 0.9), unit(2, 0.8), unit(2, 0.4)];
    expect(askAbout([first, one, two, doubtful], 6)!.also).toEqual([one, two]);
    expect(askAbout([first, one, two], 6, (some) => some === one)!.also).not.toContain(two);
  });

  it('shows no more at once than there is room for, the likeliest first', () => {
    const many = Array.from({ length: 30 }, (_, i) => unit(1, 0.9 + i / 1000));
    const { first, also } = askAbout(many, 6)!;
    expect(also).toHaveLength(6);
    const chances = also.map(({ probability }) => probability);
    expect(chances).toEqual(chances.toSorted((a, b) => b - a));
    expect(also).not.toContain(first);
  });

  it('is the one unit of which most is expected where none is likely, and nothing where there is none', () => {
    const [few, many] = [unit(1, 0.4), unit(5, 0.3)];
    expect(askAbout([few, many], 6)).toMatchObject({ first: many, also: [], rate: 1.5 });
    expect(askAbout([], 6)).toBeNull();
  });

  it('expects what the best choice of offers brings on average, by playing out every way that things can be', () => {
    const chance = fc.double({ min: 0.01, max: 0.999, noNaN: true });
    const others = fc.array(fc.record({ faces: fc.integer({ min: 1, max: 30 }), probability: chance }), {
      maxLength: 7,
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        chance,
        others,
        fc.integer({ min: 0, max: 7 }),
        (faces, probability, units, most) => {
          const { also, rate } = askWith({ faces }, probability, units, most);
          const sorted = also.toSorted((a, b) => b.faces * b.probability - a.faces * a.probability);
          const rates = Array.from({ length: also.length + 1 }, (_, count) =>
            playedOut({ faces }, probability, sorted.slice(0, count)),
          );
          expect(also).toHaveLength(Math.min(most, units.length));
          expect(rate).toBeCloseTo(Math.max(...rates), 9);
        },
      ),
    );
  });
});
