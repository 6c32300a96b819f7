import { existsSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FolderNames } from '../../electron/metadata/target.ts';
import { afterKill, carryOut, type Intent, look, type Names } from '../../electron/metadata/write.ts';
import { Here } from './here.ts';
import { NO_PERL } from './perl.ts';
import { drawn } from './place.ts';

// What a kill leaves between two steps is put right by what was noted before: no more is known then.

const here = new Here();

/** Ends a change where a kill would. */
class Killed extends Error {}

const STEPS = ['the draft is noted', 'the change is noted', 'the original is kept'] as const;

describe.skipIf(NO_PERL !== null)(`a change of a photo that is killed ${NO_PERL ?? ''}`, () => {
  test.each(STEPS)('once %s leaves the photo, and nothing beside it', async (step) => {
    const photo = here.path('a.jpg');
    writeFileSync(photo, await drawn('jpg', 1));
    const bytes = readFileSync(photo);
    const names: Names = {
      ...{ photo, place: 'file', former: null, people: [], forms: ['mwg'], width: 640, height: 480 },
      faces: [{ name: 'Anna', box: { x: 0.2, y: 0.1, width: 0.25, height: 0.3 } }],
    };
    const noted: { draft: string | null; intent: Intent | null } = { draft: null, intent: null };
    const change = await look(here.tool, names, null, new FolderNames());
    const killed = carryOut(here.tool, change, 'file', null, {
      onDraft: (draft) => {
        noted.draft = draft;
        if (step === 'the draft is noted') throw new Killed();
      },
      onReady: (intent) => {
        // Before anything else is done: whether it was noted makes no difference to the files.
        if (step === 'the change is noted') throw new Killed();
        noted.intent = intent;
        // Without its draft the change ends when that is to take the photo's place.
        unlinkSync(noted.draft!);
      },
    });
    await expect(killed).rejects.toThrow(step === 'the original is kept' ? 'ENOENT' : Killed);
    expect(existsSync(`${photo}_original`)).toBe(step === 'the original is kept');
    expect(await afterKill(null, noted)).toBeNull();
    expect(readdirSync(here.place.folder)).toEqual(['a.jpg']);
    expect(readFileSync(photo).equals(bytes)).toBe(true);
  });
});
