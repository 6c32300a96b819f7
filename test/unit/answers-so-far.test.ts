import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswersSoFar } from '../../electron/grouping/answers-so-far.ts';
import { ANSWER_DEVIATION } from '../../electron/grouping/constants.ts';
import { logit, sigmoid } from '../../electron/grouping/logistic.ts';

const chance = fc.double({ min: 0.05, max: 0.99, noNaN: true });
const answers = fc.array(fc.record({ probability: chance, isRight: fc.boolean() }), { maxLength: 20 });

/** The likeliest shift of log-odds, by trying all of them. */
function triedOut(said: readonly { probability: number; isRight: boolean }[]): number {
  const shifts = Array.from({ length: 4001 }, (_, at) => (at - 2000) / 200);
  const posterior = (shift: number) =>
    said.reduce(
      (sum, { probability, isRight }) => {
        const now = sigmoid(logit(probability) + shift);
        return sum + Math.log(isRight ? now : 1 - now);
      },
      -(shift ** 2) / (2 * ANSWER_DEVIATION ** 2),
    );
  return shifts.reduce((best, shift) => (posterior(shift) > posterior(best) ? shift : best));
}

describe('What answers about lone faces say of the others', () => {
  it('is nothing where there are none', () => {
    expect(new AnswersSoFar().ofLone(0.7)).toBeCloseTo(0.7, 12);
  });

  it('is the likeliest shift of their log-odds, found by trying all, and never raises a probability', () => {
    fc.assert(
      fc.property(answers, chance, (said, probability) => {
        const shift = Math.min(0, triedOut(said));
        const now = new AnswersSoFar(said).ofLone(probability);
        expect(Math.abs(logit(now) - logit(probability) - shift)).toBeLessThan(0.01);
      }),
      { numRuns: 50 },
    );
  });

  it('makes the next one unlikely after three passers-by that Kith took for somebody', () => {
    const passers = [0.9, 0.8, 0.95].map((probability) => ({ probability, isRight: false }));
    expect(new AnswersSoFar(passers).ofLone(0.9)).toBeLessThan(0.5);
    const known = passers.map(({ probability }) => ({ probability, isRight: true }));
    expect(new AnswersSoFar(known).ofLone(0.9)).toBeCloseTo(0.9, 12);
  });
});

describe('What answers about groups of nobody say of the others', () => {
  const group = (faces: number, isNamed: boolean) => ({ faces, isNamed });

  it('is their share of names, with one half of an answer for either', () => {
    expect(new AnswersSoFar().ofGroup(2)).toBe(0.5);
    const named = [group(2, false), group(2, false), group(3, true)];
    expect(new AnswersSoFar([], named).ofGroup(2)).toBeCloseTo(1.5 / 4, 12);
  });

  it('leaves large groups out of account where a small one is asked about, but not the other way round', () => {
    const named = [group(20, true), group(2, false)];
    expect(new AnswersSoFar([], named).ofGroup(3)).toBe(0.25);
    expect(new AnswersSoFar([], named).ofGroup(20)).toBe(0.5);
  });
});
