import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CopyReason } from '../../electron/contract/copies.ts';
import { type Dated, isCopyDue, roomForCopies, surplusCopies } from '../../electron/library/copy-policy.ts';

const DAY = 24 * 60 * 60 * 1000;
const NOW = Date.parse('2026-11-28T12:00:00.000Z');

/** A copy of so many days ago. */
function copy(days: number, why: CopyReason = 'weekly', bytes = 10): Dated {
  return { path: `${why} ${days}`, when: new Date(NOW - days * DAY).toISOString(), why, bytes };
}

const kept = (copies: Dated[], room = 1e9) => {
  const gone = new Set(surplusCopies(copies, NOW, room));
  return copies.filter((one) => !gone.has(one));
};

describe('Of the copies that nobody asked for', () => {
  test('the last five are kept, and the newest of each month of a year.', () => {
    const weekly = Array.from({ length: 100 }, (_, week) => copy(week * 7));
    const stay = kept(weekly);
    expect(stay.slice(0, 5)).toEqual(weekly.slice(0, 5));
    const months = stay.map(({ when }) => when.slice(0, 7));
    // November and October have some of the last five; then one a month, to the month a year ago.
    expect(months.slice(5)).toEqual([
      ...['2026-09', '2026-08', '2026-07', '2026-06', '2026-05', '2026-04', '2026-03', '2026-02'],
      ...['2026-01', '2025-12', '2025-11'],
    ]);
    for (const { when } of stay.slice(5)) {
      const ofMonth = weekly.filter((one) => one.when.slice(0, 7) === when.slice(0, 7));
      expect(ofMonth[0]!.when).toBe(when);
    }
  });

  test('the oldest go where they take more room than they may, but never the last two.', () => {
    const weekly = Array.from({ length: 5 }, (_, week) => copy(week * 7));
    expect(kept(weekly, 35)).toEqual(weekly.slice(0, 3));
    expect(kept(weekly, 0)).toEqual(weekly.slice(0, 2));
  });

  test('records that were replaced stay for thirty days, however many.', () => {
    const replaced = Array.from({ length: 20 }, (_, day) => copy(day, 'restore'));
    expect(kept(replaced, 0)).toEqual(replaced);
    const longAgo = Array.from({ length: 10 }, (_, day) => copy(40 + day / 10, 'restore'));
    expect(kept([...replaced, ...longAgo]).length).toBe(25);
  });

  test('those that the user asked for stay for ever, whatever there is besides.', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.nat(800),
            fc.constantFrom<CopyReason>('weekly', 'hand', 'regroup', 'restore', 'migration'),
          ),
        ),
        fc.nat(500),
        (some, room) => {
          const copies = some.map(([days, why], i) => ({ ...copy(days, why), path: `${i}` }));
          const stay = kept(copies, room);
          expect(stay.filter(({ why }) => why === 'hand')).toEqual(
            copies.filter(({ why }) => why === 'hand'),
          );
          // Applied again nothing more goes.
          expect(kept(stay, room)).toEqual(stay);
        },
      ),
    );
  });
});

test('Copies may take four times the library, or a tenth of what is free where that is more.', () => {
  expect(roomForCopies(100, 1000)).toBe(400);
  expect(roomForCopies(100, 10_000)).toBe(1000);
});

test.each<[string, boolean, Dated[], { made: number; changed: number }]>([
  ['a new library', false, [], { made: 0.5, changed: 0 }],
  ['a library of two days', true, [], { made: 2, changed: 0 }],
  ['six days after the last', false, [copy(6)], { made: 90, changed: 0 }],
  ['seven days after the last', true, [copy(7)], { made: 90, changed: 0 }],
  ['seven days after the last, with nothing changed since', false, [copy(7)], { made: 90, changed: 8 }],
  [
    'a day after a regroup, which was copied too',
    false,
    [copy(20), copy(1, 'regroup')],
    { made: 90, changed: 0 },
  ],
  [
    'a day after a restore, of which only the former was kept',
    true,
    [copy(1, 'restore')],
    { made: 1, changed: 0 },
  ],
  ['with a copy of next year', true, [copy(-365)], { made: 90, changed: -370 }],
])('A weekly copy: %s', (_, isDue, copies, { made, changed }) => {
  expect(isCopyDue(copies, NOW, { made: NOW - made * DAY, changed: NOW - changed * DAY })).toBe(isDue);
});
