import { expect, it } from 'vitest';
import type { PixelBox } from '../../electron/contract/geometry.ts';
import type { Classifier, Look } from '../../electron/vision/detect/classifier.ts';
import type { Detection } from '../../electron/vision/detect/detector.ts';
import { rescued } from '../../electron/vision/detect/face-check.ts';

const photo = { data: new Uint8Array(), width: 100, height: 100, fullWidth: 100, fullHeight: 100 };
const place = (x: number): Detection => ({
  box: { x, y: 0, width: 10, height: 10 } as PixelBox,
  score: 0.2,
  landmarks: null,
  turn: 0,
});

it('Of what is half recognised, what the classifier takes for a face by both looks together is one', async () => {
  const scores: Record<number, Record<Look, number>> = {
    0: { near: 0.7, far: 0.6 },
    10: { near: 0.9, far: 0.1 },
    20: { near: 0.1, far: 1 },
    30: { near: 1, far: 1 },
  };
  const asked: [number, Look][] = [];
  const classifier: Classifier = {
    async score(_, { x }, turn, look) {
      expect(turn).toBe(0);
      asked.push([x, look]);
      return scores[x]![look];
    },
    scoresByTurn: () => Promise.reject(new Error('not asked')),
    dispose: async () => {},
  };
  const found = await rescued(classifier, photo, [place(0), place(10), place(20), place(30)]);
  expect(found).toEqual([place(0)]);
  // The third can't be saved by the far look, and the fourth is one too many.
  expect(asked).toEqual([
    [0, 'near'],
    [0, 'far'],
    [10, 'near'],
    [10, 'far'],
    [20, 'near'],
  ]);
});
