import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rowOf, rowsOf, stepFrom } from '../../renderer/parts/rows.ts';

// The grid of the page, as arithmetic: which item is in which row, and where the arrow keys lead.

interface Given {
  counts: number[];
  columns: number;
  /** Items that no section has counted yet. */
  more: number;
}
const grid: fc.Arbitrary<Given> = fc.record({
  counts: fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 6 }),
  columns: fc.integer({ min: 1, max: 7 }),
  more: fc.integer({ min: 0, max: 9 }),
});
function made({ counts, columns, more }: Given) {
  const total = counts.reduce((sum, count) => sum + count, more);
  const sections = counts.map((count, at) => ({ title: String(2000 + at), count }));
  return { total, rows: rowsOf(total, columns, sections) };
}

it('shows every item once, in order, in rows that are full but for the last of a section', () => {
  fc.assert(
    fc.property(grid, (given) => {
      const { total, rows } = made(given);
      const items = rows.flatMap(({ from, upTo }) => Array.from({ length: upTo - from }, (_, i) => from + i));
      expect(items).toEqual(Array.from({ length: total }, (_, i) => i));
      for (const [at, { title, from, upTo }] of rows.entries()) {
        expect(upTo - from).toBeLessThanOrEqual(given.columns);
        if (title !== null) expect(rows[at + 1]).toMatchObject({ title: null, from });
      }
      for (let index = 0; index < total; index++) {
        const row = rows[rowOf(rows, index)]!;
        expect(row.from <= index && index < row.upTo).toBe(true);
      }
    }),
  );
});

it('leads with the arrow keys to every item and back, and nowhere beyond the ends', () => {
  fc.assert(
    fc.property(grid, (given) => {
      const { total, rows } = made(given);
      for (let index = 0; index < total; index++) {
        expect(stepFrom(rows, index, 'ArrowRight')).toBe(index + 1 < total ? index + 1 : null);
        const down = stepFrom(rows, index, 'ArrowDown');
        if (down === null) expect(rowOf(rows, index)).toBe(rowOf(rows, total - 1));
        else {
          const row = rows[rowOf(rows, index)]!;
          expect(down).toBeGreaterThanOrEqual(row.upTo);
          expect(rowOf(rows, stepFrom(rows, down, 'ArrowUp')!)).toBe(rowOf(rows, index));
        }
        expect(stepFrom(rows, index, 'Home')).toBe(0);
        expect(stepFrom(rows, index, 'End')).toBe(total - 1);
        expect(stepFrom(rows, index, 'a')).toBeNull();
      }
    }),
  );
});

it('keeps the column from one section to the next, or takes the last item of a shorter row', () => {
  const rows = rowsOf(8, 3, [
    { title: '2019', count: 2 },
    { title: '2020', count: 6 },
  ]);
  expect(stepFrom(rows, 1, 'ArrowDown')).toBe(3);
  expect(stepFrom(rows, 4, 'ArrowUp')).toBe(1);
});
