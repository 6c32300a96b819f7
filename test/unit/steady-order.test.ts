import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SteadyOrder } from '../../electron/library/steady-order.ts';

/** An order of bare ids. */
function steadyOrder<Id>() {
  const order = new SteadyOrder<Id>();
  const items = (ids: readonly Id[]) => ids.map((id) => ({ id }));
  return (ids: readonly Id[], steady: boolean) => order.of(items(ids), steady).map(({ id }) => id);
}

describe('A steady order', () => {
  it('keeps who was there in their places, and puts others at the end', () => {
    const order = steadyOrder<string>();
    expect(order(['anna', 'ben', 'cleo'], false)).toEqual(['anna', 'ben', 'cleo']);
    expect(order(['dora', 'cleo', 'anna'], true)).toEqual(['anna', 'cleo', 'dora']);
    expect(order(['ben', 'emil', 'dora', 'cleo', 'anna'], true)).toEqual([
      ...['anna', 'ben', 'cleo', 'dora', 'emil'],
    ]);
    expect(order(['emil', 'anna'], false)).toEqual(['emil', 'anna']);
    expect(order(['anna', 'emil'], true)).toEqual(['emil', 'anna']);
  });

  it('never changes the order of two that stay', () => {
    const lists = fc.array(fc.uniqueArray(fc.nat(12)), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(lists, (asked) => {
        const order = steadyOrder<number>();
        let former = order(asked[0]!, false);
        for (const ids of asked.slice(1)) {
          const now = order(ids, true);
          expect(now.toSorted()).toEqual(ids.toSorted());
          const stayed = former.filter((id) => now.includes(id));
          expect(now.filter((id) => former.includes(id))).toEqual(stayed);
          expect(now.slice(0, stayed.length).every((id) => former.includes(id)) || asked.length > 2).toBe(
            true,
          );
          former = now;
        }
      }),
    );
  });
});
