import { type ErrorCode, type KithError, UnreadablePhoto } from '../contract/errors.ts';
import type { PassedOver } from '../contract/results.ts';
import type { UnreadableCode } from '../contract/vision.ts';
import { shown } from './paths.ts';

/** The sentence of each error: what happened, with `…` for what it happened to, and what to do about it. */
const ERRORS: Record<ErrorCode, string> = {
  'folder-missing': 'There is no such folder: …. Check the path, and whether its disk is connected.',
  'folder-is-a-file': 'This is a file, not a folder: …. Give its folder, or use "kith detect" for one photo.',
  'folder-unreadable': 'This folder may not be read: …. Change its permissions, or run Kith as its owner.',
  'file-missing': 'There is no such file: …. Check the path.',
  'photo-unreadable': 'This could not be read as a photo: ….',
  'no-face': 'No face was found: …. Try a photo that shows the face larger.',
  'library-not-a-library':
    "This is not a library of Kith's: …. It was left as it is; choose another file with --library.",
  'library-from-newer-version':
    'This library was written by a newer Kith: …. It was left as it is; update Kith, or choose another file with --library.',
  'library-unwritable':
    "The library can't be written: …. Make its folder writable, or choose another file with --library.",
  'library-busy':
    'Another Kith is at work in this library: …. Wait until it is done, or choose another file with --library.',
  'library-gone':
    "The library's file was moved, deleted or replaced while Kith had it open. Nothing is lost: what Kith had open is kept in …. Look again, then repeat it.",
  'library-damaged': 'The library is damaged: …. "kith doctor" says what can be saved.',
  'disk-full': 'The disk is full: …. What was finished before is kept; make room and run it again.',
  'model-missing': 'A model is not there: ….',
  'model-damaged': "A model can't be trusted and was not used: ….",
  'model-unsupported': "Kith can't use this model: …. Nothing was installed.",
  'download-failed': 'The download failed: ….',
  'pairs-malformed': "This is not a pairs file in LFW's format: ….",
  'connection-lost':
    'The process that keeps the library ended in the midst of this: …. Look whether it was done, then repeat it.',
  cancelled: 'Stopped. What was finished before is kept; run it again to go on from there.',
  'output-unwritable': "This can't be written: …. Choose another place.",
  'bad-request': '….',
  'not-found': 'The library has no such thing (any more): ….',
  'changed-meanwhile':
    'The library was changed elsewhere meanwhile, so nothing was done: …. Look again, then repeat it.',
  'copy-unusable':
    "This copy is damaged or may not be read, so it can't be restored: …. Your library was left as it is.",
  'folder-out-of-reach': 'Pages look around in your home folder and on drives only: ….',
  'scan-running': 'Another folder is being scanned: …. Wait until that is done, or cancel it first.',
  'encoder-unmeasured': '….',
  'encoder-changing': 'Kith is going over to another encoder: …. Repeat it when that is done.',
  'copy-missing': 'There is no such copy: …. Check the path, and whether its disk is connected.',
  'copy-is-library': 'This is the library itself: …. Choose a copy of it.',
  'output-busy': 'Another export is being written there: …. Wait until it is done, or choose another place.',
  'output-among-photos':
    'This lies in a folder of photos: …. Choose a place outside, so that no exported face is taken for a photo.',
  'output-taken': 'Something else lies there already: …. It was left as it is; choose another name.',
  'path-unusable': 'This is no full path of a file: …. Give one such as /home/anna/Kith.kith.',
  'not-a-record': 'This is no record that Kith can read: …. "kith export <dir> --format jsonl" writes one.',
  'folder-kept':
    'The names in the metadata of its photos are kept up to date: …. "kith metadata keep <folder> --off" ends that first.',
  'perl-missing':
    'Names in photos are read and written by ExifTool, which needs Perl, and Perl is not on this machine: …. Then repeat it; all else of Kith works without.',
  'vision-broken':
    "Kith's vision process does not work: …. Photos finished before are kept; run it again, and report it if it stays.",
};

const UNREADABLE: Record<UnreadableCode, string> = {
  'empty-file': 'the file is empty (0 bytes); copy it again from where it came from',
  'not-an-image': 'it is no picture, whatever its name says',
  truncated: 'it is damaged or cut short; copy it again from where it came from',
  'unsupported-format': 'Kith does not read this format; save it as JPEG, PNG or HEIC',
  'too-large': 'the picture is larger than Kith reads; save a smaller copy',
  'no-permission': 'Kith may not read it; change its permissions',
  vanished: 'it was moved or deleted while Kith was at work',
  crashed: 'reading it made the vision process crash, twice; it is probably damaged',
  'timed-out': 'reading it took too long; it is probably damaged',
};

const PASSED_OVER: Record<PassedOver['reason'], string> = {
  'no-permission': 'Kith may not enter it; change its permissions',
  vanished: 'it leads nowhere, or was moved while Kith was at work',
  unreadable: "it can't be listed",
  export: 'it holds faces that Kith exported',
};

/** An error as a sentence for the user: what happened, to what, and what to do. */
export function sentence(error: KithError): string {
  // The trace is left out: the user can do nothing with it.
  const [first = ''] = error.detail.split(/\n\s+at /);
  const detail = shown(first).replace(/[.\s]+$/, '');
  const words = ERRORS[error.code].replace('…', () => detail);
  return error.code === 'photo-unreadable' && error.cause instanceof UnreadablePhoto
    ? `${words} ${why(error.cause.code)}`
    : words;
}

function why(reason: UnreadableCode): string {
  return `${UNREADABLE[reason].replace(/^./, (first) => first.toUpperCase())}.`;
}

/** Why one file gave no photo. */
export function unreadable(path: string, reason: UnreadableCode): string {
  return `${shown(path)}: ${UNREADABLE[reason]}.`;
}

/** Why one subfolder or link was passed over. */
export function passedOver({ path, reason }: PassedOver): string {
  return `${shown(path)}: ${PASSED_OVER[reason]}.`;
}

/** `1 face`, `2,000 faces`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}
