import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FaceId } from '../../electron/contract/ids.ts';
import { type Library, openLibrary } from '../../electron/library/open.ts';
import { doEdit, edit } from './support/random-edits.ts';
import { undoPlace } from './support/undo-place.ts';

const openNew = undoPlace();

const step = fc.oneof(
  { weight: 3, arbitrary: edit },
  { weight: 1, arbitrary: fc.constantFrom({ kind: 'undo' as const }, { kind: 'redo' as const }) },
  // Two commands come between two looks now and then.
  { weight: 1, arbitrary: fc.constant({ kind: 'unseen' as const }) },
);

/** More faces than the library has. */
const FACES = Array.from({ length: 60 }, (_, at) => ({ face: (at + 1) as FaceId, probability: 0.5 }));

it('Groups that were counted again and again are those of somebody who counts them for the first time.', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }), (steps) => {
      const library = openNew();
      // The largest first: once the lists are sorted, it would be taken from them.
      const seenIn = ({ questions, cards }: Library) => [
        questions.groups(3),
        questions.unitsOf(FACES),
        ...[true, false].map((hidden) => cards.people.groups(hidden, 0, 100)),
      ];
      const look = () => seenIn(library);
      look();
      let seen = true;
      for (const one of steps) {
        if (one.kind === 'undo') library.journal.undo();
        else if (one.kind === 'redo') library.journal.redo();
        else if (one.kind === 'unseen') seen = false;
        else doEdit(library, one);
        if (one.kind === 'unseen' || !seen) {
          seen = one.kind !== 'unseen';
          continue;
        }
        const groups = look();
        const other = openLibrary(library.file);
        expect(groups).toEqual(seenIn(other));
        expect(library.cards.people.groupCount()).toBe(other.cards.people.groupCount());
        other.close();
      }
      library.close();
    }),
    { numRuns: 60, seed: 1 },
  );
}, 120_000);
