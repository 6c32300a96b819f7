import fc from 'fast-check';
import { expect, test } from 'vitest';
import { iou, type UnitBox } from '../../electron/contract/geometry.ts';
import { matchBoxes } from '../../electron/library/match-boxes.ts';

const box = fc
  .record({
    x: fc.double({ min: 0, max: 1, noNaN: true }),
    y: fc.double({ min: 0, max: 1, noNaN: true }),
    width: fc.double({ min: 0.05, max: 0.5, noNaN: true }),
    height: fc.double({ min: 0.05, max: 0.5, noNaN: true }),
  })
  .map((value) => value as UnitBox);
const boxes = fc.array(box, { maxLength: 12 });

test('A face of the record is found at most once, and only where the boxes overlap by 0.35.', () => {
  fc.assert(
    fc.property(boxes, boxes, (found, recorded) => {
      const matched = matchBoxes(found, recorded);
      expect(matched).toHaveLength(found.length);
      const used = matched.filter((index) => index >= 0);
      expect(new Set(used).size).toBe(used.length);
      matched.forEach((from, to) => {
        if (from >= 0) expect(iou(found[to]!, recorded[from]!)).toBeGreaterThanOrEqual(0.35);
      });
    }),
  );
});

test('No pair that overlaps enough is left with both faces unmatched.', () => {
  fc.assert(
    fc.property(boxes, boxes, (found, recorded) => {
      const matched = matchBoxes(found, recorded);
      found.forEach((one, to) => {
        recorded.forEach((other, from) => {
          if (iou(one, other) >= 0.35) expect(matched[to] !== -1 || matched.includes(from)).toBe(true);
        });
      });
    }),
  );
});

test('The same boxes in another order are each found as themselves.', () => {
  const rows = Array.from(
    { length: 5 },
    (_, i) => ({ x: i * 0.2, y: 0.1, width: 0.15, height: 0.2 }) as UnitBox,
  );
  fc.assert(
    fc.property(fc.shuffledSubarray(rows), (found) => {
      expect(matchBoxes(found, rows)).toEqual(found.map((one) => rows.indexOf(one)));
    }),
  );
});
