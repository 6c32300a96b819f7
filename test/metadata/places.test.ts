import { expect, it } from 'vitest';
import type { UnitBox } from '../../electron/contract/geometry.ts';
import { placed, placesOf } from '../../electron/metadata/in/places.ts';

const box = (x: number, y: number, width: number, height = width) => ({ x, y, width, height }) as UnitBox;
const face = (index: number) => ({ kind: 'face', face: index });

it('puts a name on the face that its region overlaps most, each face once', () => {
  const faces = [box(0.1, 0.1, 0.1), box(0.3, 0.1, 0.1)];
  expect(placed([box(0.31, 0.1, 0.1), box(0.09, 0.1, 0.1)], faces)).toEqual([face(1), face(0)]);
  expect(placed([box(0.1, 0.1, 0.1), box(0.11, 0.1, 0.1)], faces)).toEqual([face(0), { kind: 'unclear' }]);
  expect(placed([box(0.7, 0.7, 0.1)], faces)).toEqual([{ kind: 'none' }]);
});

it('takes the box of a whole head for the face within it, and no box of a whole person', () => {
  const head = box(0.36, 0.34, 0.24, 0.3);
  const within = box(0.43, 0.42, 0.1, 0.12);
  expect(placed([head], [within])).toEqual([face(0)]);
  expect(placed([box(0.2, 0.3, 0.6, 0.7)], [within])).toEqual([{ kind: 'none' }]);
});

it('guesses at none of two faces within one region, but knows the other where one has a region of its own', () => {
  const region = box(0.1, 0.1, 0.3, 0.2);
  const faces = [box(0.12, 0.12, 0.12), box(0.26, 0.12, 0.12)];
  expect(placed([region], faces)).toEqual([{ kind: 'unclear' }]);
  expect(placed([region, box(0.26, 0.12, 0.12)], faces)).toEqual([face(0), face(1)]);
});

it('puts regions of one face together, and keeps two names for it apart', () => {
  const places = placesOf([
    { name: 'Anna', box: box(0.1, 0.1, 0.1), from: 'mwg' },
    { name: 'ANNA', box: box(0.08, 0.08, 0.14), from: 'microsoft' },
    { name: 'Ben', box: box(0.5, 0.1, 0.1), from: 'mwg' },
    { name: 'Benjamin', box: box(0.505, 0.1, 0.1), from: 'iptc' },
  ]);
  expect(places.map(({ names, from }) => [names, from])).toEqual([
    [['Anna'], ['mwg', 'microsoft']],
    [
      ['Ben', 'Benjamin'],
      ['mwg', 'iptc'],
    ],
  ]);
});
