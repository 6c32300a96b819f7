import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FolderNames } from '../../electron/metadata/target.ts';
import { afterKill, carryOut, type Intent, look, type Names } from '../../electron/metadata/write.ts';
import { Here } from './here.ts';
import { NO_PERL } from './perl.ts';
import { drawn } from './place.ts';

// What a kill leaves between two steps is put right with what was put down before: nothing more is known then.

const here = new Here();

/** Ends a change as a kill does. */
class Killed extends Error {}

describe.skipIf(NO_PERL !== null)(`a change of a photo that is killed ${NO_PERL ?? ''}`, () => {
  test.each(['as its draft is put down', 'as it is put down that the draft is ready'])(
    '%s leaves the photo, and nothing beside it',
    async (step) => {
      const photo = here.path('a.jpg');
      writeFileSync(photo, await drawn('jpg', 1));
      const bytes = readFileSync(photo);
      const names: Names = {
        ...{ photo, place: 'file', former: null, people: [], forms: ['mwg'], width: 640, height: 480 },
        faces: [{ name: 'Anna', box: { x: 0.2, y: 0.1, width: 0.25, height: 0.3 } }],
      };
      const down: { draft: string | null; intent: Intent | null } = { draft: null, intent: null };
      const kill = () => {
        throw new Killed();
      };
      const change = await look(here.tool, names, null, new FolderNames());
      const killed = carryOut(here.tool, change, 'file', null, {
        onDraft: (draft) => {
          down.draft = draft;
          if (step.endsWith('its draft is put down')) kill();
        },
        onReady: () => kill(),
      });
      await expect(killed).rejects.toThrow(Killed);
      expect(await afterKill(null, down)).toBeNull();
      expect(readdirSync(here.place.folder)).toEqual(['a.jpg']);
      expect(readFileSync(photo).equals(bytes)).toBe(true);
    },
  );
});
