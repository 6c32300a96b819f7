import { describe, expect, it } from 'vitest';
import { ErrorCode, KithError } from '../../electron/contract/errors.ts';
import { UnreadableCode } from '../../electron/contract/vision.ts';
import { duration } from '../../electron/host/progress.ts';
import { count, sentence, unreadable } from '../../electron/host/words.ts';

describe('what the command line says', () => {
  it.each(ErrorCode.options.filter((code) => code !== 'cancelled'))('names what %s is about', (code) => {
    const words = sentence(new KithError(code, '/photos/Anna & Ben $&.'));
    expect(words).toContain('/photos/Anna & Ben $&');
    expect(words).toMatch(/[^.]\.$/);
  });

  it.each(UnreadableCode.options)('says in one line why a file is %s', (code) => {
    expect(unreadable('a\n"b".jpg', code)).toMatch(/^"a\\n\\"b\\".jpg": .+[^.]\.$/);
  });

  it('counts as people do', () => {
    expect(count(1, 'face')).toBe('1 face');
    expect(count(0, 'face')).toBe('0 faces');
    expect(count(12_345, 'photo')).toBe('12,345 photos');
  });

  it('gives time in the units in which people wait', () => {
    expect(duration(0.2)).toBe('1 s');
    expect(duration(61)).toBe('1 min 1 s');
    expect(duration(7500)).toBe('2 h 5 min');
  });
});
