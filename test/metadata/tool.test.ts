import { expect, test } from 'vitest';
import type { KithError } from '../../electron/contract/errors.ts';
import { sentence } from '../../electron/host/words.ts';
import { ExifToolError, findPerl } from '../../electron/metadata/tool.ts';
import { MetadataFailed, troubleOf } from '../../electron/metadata/trouble.ts';

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

test('a photo that could not be written is told by what is to be done about it', () => {
  const why = (message: string) => troubleOf(new ExifToolError(message)).why;
  expect(why('File not found - /photos/a.jpg')).toBe('vanished');
  expect(why('Error creating temporary file: /photos/a.jpg_exiftool_tmp')).toBe('no-permission');
  expect(why('Error writing output file: No space left on device')).toBe('disk-full');
  expect(why('Not a valid JPG (looks more like a PNG) - /photos/a.jpg')).toBe('unreadable');
  expect(troubleOf(new MetadataFailed('changed', '/photos/a.jpg'))).toEqual({
    why: 'changed',
    detail: '/photos/a.jpg',
  });
  expect(troubleOf(Object.assign(new Error('EACCES'), { code: 'EACCES' })).why).toBe('no-permission');
  expect(() => troubleOf(new TypeError('a defect'))).toThrow('a defect');
});
