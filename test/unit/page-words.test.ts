import { describe, expect, expectTypeOf, it } from 'vitest';
import { ErrorCode } from '../../electron/contract/errors.ts';
import { type Given, languages } from '../../renderer/words/all.ts';
import { saidOf } from '../../renderer/words/said.ts';

const { en = {}, ...others } = languages;

const holesOf = (sentence: string) => [...sentence.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();

describe('what the page says', () => {
  it.each(Object.keys(others).flatMap((language) => Object.keys(en).map((key) => [language, key] as const)))(
    'in %s has the sentence %s, with the same values',
    (language, key) => {
      expect(others[language]).toHaveProperty([key]);
      expect(holesOf(others[language]![key]!)).toEqual(holesOf(en[key]!));
    },
  );

  it('can not be asked for without the values that it needs', () => {
    expectTypeOf<Given<'did.removed'>>().toEqualTypeOf<[values: Record<'name', string | number>]>();
    expectTypeOf<Given<'did.refused'>>().toEqualTypeOf<[values: Record<'name' | 'count', string | number>]>();
    expectTypeOf<Given<'do.undo'>>().toEqualTypeOf<[]>();
  });

  // A place is the same in every language; a sentence of the service's is English.
  it.each(ErrorCode.options)('says that %s without what the service says of it', (code) => {
    const isPlace = ['folder-missing', 'folder-is-a-file'].includes(code);
    for (const sentences of Object.values(languages))
      expect(holesOf(sentences[`failed.${code}`]!)).toEqual(isPlace ? ['detail'] : []);
  });
});

describe('a journal entry', () => {
  it('is counted where it is about several faces', () => {
    expect(saidOf({ action: 'split', detail: { faces: 3 } })).toMatchObject({
      key: 'journal.split',
      values: { count: 3 },
    });
  });

  it.each(['record-import', 'names-read'])('%s says nothing of faces where it named none', (action) => {
    expect(saidOf({ action, detail: { faces: 0 } }).key).toBe(`journal.${action}-without-faces`);
    expect(saidOf({ action, detail: { faces: 1 } }).key).toBe(`journal.${action}`);
    expect(saidOf({ action: 'split', detail: { faces: 0 } }).key).toBe('journal.split');
  });

  it('of an answer about nobody is said without a name', () => {
    const { key } = saidOf({ action: 'answer', detail: { name: null, answer: 'ignore' } });
    expect(key).toBe('journal.answer-ignore');
  });

  it.each([
    [{ action: 'remove', detail: {} }],
    [{ action: 'take-back', detail: { faces: 2 } }],
    [{ action: 'answer', detail: { name: null, answer: 'yes' } }],
    [{ action: 'what a later version writes', detail: { name: 'Anna' } }],
  ])('%j shows no template', (entry) => {
    const { key } = saidOf(entry);
    expect(holesOf(en[key] ?? en[`${key}_other`]!)).toEqual([]);
  });
});
