import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openLibrary } from '../../electron/library/open.ts';
import { doEdit, edit } from './support/random-edits.ts';
import { undoPlace } from './support/undo-place.ts';

const openNew = undoPlace();

const step = fc.oneof(
  { weight: 3, arbitrary: edit },
  { weight: 1, arbitrary: fc.constantFrom({ kind: 'undo' as const }, { kind: 'redo' as const }) },
  // Two commands come between two looks now and then.
  { weight: 1, arbitrary: fc.constant({ kind: 'unseen' as const }) },
);

it('Groups that were counted again and again are those of somebody who counts them for the first time.', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }), (steps) => {
      const library = openNew();
      const look = () => [true, false].map((hidden) => library.cards.people.groups(hidden, 0, 100));
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
        expect(groups).toEqual([true, false].map((hidden) => other.cards.people.groups(hidden, 0, 100)));
        expect(library.cards.people.groupCount()).toBe(other.cards.people.groupCount());
        other.close();
      }
      library.close();
    }),
    { numRuns: 60, seed: 1 },
  );
}, 120_000);
