import { expect, test } from 'vitest';
import type { KithError } from '../../electron/contract/errors.ts';
import { sentence } from '../../electron/host/words.ts';
import { findPerl } from '../../electron/metadata/tool.ts';

test('a machine without Perl is told what to install', () => {
  const failure = (() => {
    try {
      findPerl('/nowhere:/else', 'linux');
    } catch (error) {
      return error as KithError;
    }
  })();
  expect(failure?.code).toBe('perl-missing');
  expect(sentence(failure!)).toContain('sudo apt install perl');
});

test('Windows needs no Perl: its ExifTool brings one', () => {
  expect(findPerl('', 'win32')).toBeNull();
});
