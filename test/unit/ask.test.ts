import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Askable, askAbout, askWith } from '../../electron/grouping/ask.ts';

const unit = (faces: number, probability: number) => ({ faces, probability });

/**
 * What an answer brings on average, by playing out every way that things can be: the first is the person or not, and so is
 * each of the others. Whoever says yes takes out each wrong one by a touch; a no says nothing of the others.
 *
 * @returns faces that are settled, and those for each thing that is done
 */
function playedOut(first: { faces: number }, probability: number, also: readonly Askable[]) {
  let [settles, deeds] = [first.faces * (1 - probability), 1 - probability];
  for (let way = 0; way < 2 ** also.length; way++) {
    let [chance, faces, done] = [probability, first.faces, 1];
    for (const [at, other] of also.entries()) {
      const isRight = (way & (1 << at)) !== 0;
      chance *= isRight ? other.probability : 1 - other.probability;
      if (isRight) faces += other.faces;
      else done++;
    }
    settles += chance * faces;
    deeds += chance * done;
  }
  return { settles, rate: settles / deeds };
}

describe('What is asked about one person', () => {
  it('is the largest likely unit, and with it whatever is likely enough to be worth a touch', () => {
    const [anna, likely, hardly] = [unit(8, 0.9), unit(2, 0.97), unit(1, 0.3)];
    const asked = askAbout([hardly, likely, anna], 11)!;
    expect(asked.first).toBe(anna);
    expect(asked.also).toEqual([likely]);
    expect(asked.rate).toBeGreaterThan(8);
  });

  it('takes in doubtful faces only where nothing better is to be had', () => {
    const doubtful = unit(1, 0.6);
    expect(askAbout([unit(10, 0.9), doubtful], 11)!.also).toEqual([]);
    expect(askAbout([unit(1, 0.9), doubtful], 11)!.also).toEqual([doubtful]);
  });

  it('shows no more at once than there is room for, the likeliest first', () => {
    const many = Array.from({ length: 30 }, (_, i) => unit(1, 0.9 + i / 1000));
    const { first, also } = askAbout(many, 11)!;
    expect(also).toHaveLength(11);
    const chances = also.map(({ probability }) => probability);
    expect(chances).toEqual(chances.toSorted((a, b) => b - a));
    expect(also).not.toContain(first);
  });

  it('is the one unit of which most is expected where none is likely, and nothing where there is none', () => {
    const [few, many] = [unit(1, 0.4), unit(5, 0.3)];
    expect(askAbout([few, many], 11)).toMatchObject({ first: many, also: [], rate: 1.5 });
    expect(askAbout([], 11)).toBeNull();
  });

  it('never expects less of several together than of the first alone, and as much as they bring on average', () => {
    const units = fc.array(
      fc.record({
        faces: fc.integer({ min: 1, max: 50 }),
        probability: fc.double({ min: 0.01, max: 1, noNaN: true }),
      }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(units, (some) => {
        const { first, also, rate, settles } = askAbout(some, 11)!;
        if (first.probability < 0.5) return;
        expect(rate).toBeGreaterThanOrEqual(first.faces);
        const played = playedOut(first, first.probability, also);
        expect(settles).toBeCloseTo(played.settles, 9);
        expect(rate).toBeCloseTo(played.rate, 9);
      }),
    );
  });

  it('takes along those that settle the most for each thing that is to be done, of all choices', () => {
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
          const { rate } = askWith({ faces }, probability, units, most);
          let best = 0;
          for (let choice = 0; choice < 2 ** units.length; choice++) {
            const some = units.filter((_, at) => choice & (1 << at));
            if (some.length > most) continue;
            best = Math.max(best, playedOut({ faces }, probability, some).rate);
          }
          expect(rate).toBeCloseTo(best, 9);
        },
      ),
    );
  });
});
