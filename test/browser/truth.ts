import type { FaceCard, Question } from '../../electron/contract/people.ts';
import type { Page as Wire } from '../e2e/page.ts';

/** Where two looks at one sample photo may find the same face, as a share of the photo's sides. */
export const NEAR = 0.05;

/** Which sample photo a face is on, and where, in the sample's own directions. */
export async function spotOf(wire: Wire, { photo, box }: FaceCard) {
  const { name } = await wire.call('photos.get', { id: photo });
  const x = box.x + box.width / 2;
  return {
    sample: /(\d+)\.jpg$/.exec(name)?.[1],
    // As `makeAlbum` mirrored them.
    x: /^(evening|phone)/.test(name) ? 1 - x : x,
    y: box.y + box.height / 2,
  };
}

/** Whether yes, with nothing ticked, is the right answer, which is known where both faces are one face of one sample photo. */
export async function isRight(wire: Wire, question: Question): Promise<boolean> {
  if (question.kind !== 'is') return false;
  const [reference] = await wire.call('faces.get', { ids: question.references.slice(0, 1) });
  if (!reference) return false;
  const there = await spotOf(wire, reference);
  const asked = await wire.call('faces.get', { ids: [question.face.id, ...question.mates] });
  for (const face of asked) {
    const { sample, x, y } = await spotOf(wire, face);
    if (sample !== there.sample || Math.hypot(x - there.x, y - there.y) > NEAR) return false;
  }
  return true;
}
