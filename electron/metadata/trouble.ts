import type { MetadataTrouble } from '../contract/metadata.ts';
import { ExifToolError } from './tool.ts';

/** Nothing was written for one photo. */
export class MetadataFailed extends Error {
  readonly why: MetadataTrouble;

  constructor(why: MetadataTrouble, detail: string) {
    super(detail);
    this.name = 'MetadataFailed';
    this.why = why;
  }
}

/** What ExifTool says where the file itself is not to blame; its other errors are about what stands in the file. */
const SAID: readonly (readonly [RegExp, MetadataTrouble])[] = [
  [/^Line break in/, 'line-break'],
  [/File not found|No such file/i, 'vanished'],
  [/No space left|quota exceeded/i, 'disk-full'],
  [
    /Permission denied|not permitted|Read-only file system|Error creating( temporary)? file/i,
    'no-permission',
  ],
];

/** Why nothing was written for a photo; errors that say nothing of one photo are thrown on. */
export function troubleOf(error: unknown): { why: MetadataTrouble; detail: string } {
  if (error instanceof MetadataFailed) return { why: error.why, detail: error.message };
  if (error instanceof ExifToolError) {
    const [, why = 'unreadable'] = SAID.find(([said]) => said.test(error.message)) ?? [];
    return { why, detail: error.message };
  }
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const detail = error instanceof Error ? error.message : String(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return { why: 'vanished', detail };
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return { why: 'no-permission', detail };
  if (code === 'ENOSPC' || code === 'EDQUOT') return { why: 'disk-full', detail };
  // What the system says of a file: it is a folder, its name is too long, the disk is broken.
  if (error instanceof Error && 'syscall' in error) return { why: 'unreadable', detail };
  throw error;
}
