import { expect, it } from 'vitest';
import { headingsOf } from '../../renderer/state/headings.ts';

// Which headings stand over photos by date.

const months = (...photos: [string | null, number][]) => photos.map(([month, photos]) => ({ month, photos }));

it('heads each month where months hold enough photos', () => {
  const full = months(['2016-08', 6], ['2016-07', 2], ['2015-01', 4]);
  expect(headingsOf(full, 'month')).toBe('month');
  expect(headingsOf(full, 'year')).toBe('year');
});

it('heads each year where months hold few', () => {
  expect(headingsOf(months(['2016-08', 3], ['2016-07', 3], ['2016-01', 3], [null, 9]), 'month')).toBe('year');
});

it('heads each year where months would leave most of a wide row empty', () => {
  const all = months(['2016-08', 6], ['2016-07', 6], ['2015-06', 6], ['2015-05', 6]);
  expect(headingsOf(all, 'month', 7)).toBe('month');
  expect(headingsOf(all, 'month', 20)).toBe('year');
  expect(headingsOf(all, 'month', 30)).toBeNull();
});

it('heads nothing where years hold few as well, where there are few photos, and where none has a date', () => {
  expect(headingsOf(months(['2014-08', 1], ['2016-08', 2], [null, 18]), 'month')).toBeNull();
  expect(headingsOf(months(['2016-08', 11]), 'month')).toBeNull();
  expect(headingsOf(months([null, 400]), 'month')).toBeNull();
  expect(headingsOf([], 'year')).toBeNull();
});
