import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, safeName } from '../../electron/export/names.ts';
import { folderNames } from '../../electron/export/person-folders.ts';

/** Names, many of them much alike: in case, form, punctuation, what is invisible, what is reserved. */
const name = fc.oneof(
  fc.string({
    unit: fc.constantFrom(...'aAbß.ſs?! _-²1()é😀', 'e\u0301', '\u200d', '\ufe0f', 'ﬁ', 'fi', '١'),
    minLength: 1,
    maxLength: 5,
  }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('ä', '王', '😀', 'x'), minLength: 100, maxLength: 400 }),
  fc.constantFrom(
    'con',
    'NUL.txt',
    'com¹',
    'manifest.json',
    'Manifest.JSON',
    'alone',
    'group 12',
    'group-001',
    '.kith-export',
    '..',
    '.',
    'a/b',
    'a\\b',
    'A.',
    'A ',
    'A (1)',
    'A (2)',
    'a_ (3)',
    'Straße',
    'STRASSE',
    'strasse',
  ),
);

/** As the record keeps people: no two with one name but for case. */
const people = fc
  .uniqueArray(name, { selector: (text) => text.normalize('NFC').toLocaleLowerCase('und'), maxLength: 30 })
  .map((names) => names.map((text, index) => ({ id: index + 1, name: text })));

describe('Folders of people', () => {
  it('are never shared, on file systems that ignore case and the composition of letters too', () => {
    fc.assert(
      fc.property(people, (all) => {
        const folders = [...folderNames(all).values()];
        expect(new Set(folders.map(fold)).size).toBe(all.length);
        for (const form of ['NFC', 'NFD', 'NFKC'] as const) {
          expect(new Set(folders.map((folder) => folder.normalize(form).toLowerCase())).size).toBe(
            all.length,
          );
          expect(new Set(folders.map((folder) => folder.normalize(form).toUpperCase())).size).toBe(
            all.length,
          );
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('have names that every system accepts, and that nothing else in an export has', () => {
    fc.assert(
      fc.property(people, (all) => {
        for (const folder of folderNames(all).values()) {
          expect(folder).not.toMatch(/[\p{Cc}<>:"/\\|?*'`]|[ .]$|^[ .]/u);
          expect(folder).not.toMatch(/^(con|aux|nul|com[1¹])(\.|$)|^(alone|group[ -]\d+|manifest\.json)$/i);
          expect(Buffer.byteLength(folder)).toBeLessThan(200);
        }
      }),
    );
  });

  it('stay when people come later', () => {
    fc.assert(
      fc.property(people, fc.nat(30), (all, count) => {
        const some = folderNames(all.slice(0, count));
        const now = folderNames(all.toReversed());
        for (const [id, folder] of some) expect(now.get(id)).toBe(folder);
      }),
    );
  });

  it('are called like the person where they can be', () => {
    const names = [
      'Anna',
      'Großmutter Ζωή 祖母',
      'A?',
      'A!',
      '😀',
      '😺',
      'manifest.json',
      'Anna (2)',
      'anna ❤',
    ];
    const all = names.map((text, index) => ({ id: index + 1, name: text }));
    expect([...folderNames(all).values()]).toEqual([
      'Anna',
      'Großmutter Ζωή 祖母',
      'A (3)',
      'A (4)',
      'person (5)',
      'person (6)',
      'manifest.json (7)',
      'Anna (2) (8)',
      'anna (9)',
    ]);
  });

  it('are what safeName makes of a name that is good already', () => {
    expect(safeName('Großmutter Ζωή 祖母')).toBe('Großmutter Ζωή 祖母');
  });
});
