import type { UnreadableCode } from '../../../electron/contract/vision.ts';
import type { RefusalCode } from '../../refused.ts';

/** A sentence for every way a request can fail: what happened, to what, what to do. */
export default {
  'failed.folder-missing':
    'There is no such folder: {{detail}}. Check the path, and whether its disk is connected.',
  'failed.folder-is-a-file': 'This is a file, not a folder: {{detail}}. Choose the folder that it lies in.',
  'failed.folder-unreadable': 'This folder may not be read. Change its permissions, or choose another.',
  'failed.file-missing':
    'The file is not there any more. Check whether its disk is connected, or scan its folder again.',
  'failed.photo-unreadable': 'This could not be read as a photo.',
  'failed.no-face': 'No face was found there. Draw the box closer around the face.',
  'failed.library-not-a-library': 'This is not a library of Kith’s. It was left as it is.',
  'failed.library-from-newer-version':
    'This library was written by a newer Kith. It was left as it is; update Kith.',
  'failed.library-unwritable': 'The library can’t be written. Make its folder writable.',
  'failed.library-busy': 'Another Kith is at work in this library. Close it, or wait until it is done.',
  'failed.library-gone':
    'The library’s file was moved, deleted or replaced while Kith had it open. Nothing is lost: Kith kept what it had open. Look again.',
  'failed.disk-full': 'The disk is full. What was finished is kept; make room and go on.',
  'failed.model-missing': 'A model is not there. See Settings, Models.',
  'failed.model-damaged':
    'A model can’t be trusted and was not used. Remove it in Settings, and get it again.',
  'failed.model-unsupported': 'Kith can’t use this model. Nothing was installed.',
  'failed.download-failed': 'The download failed. Check the connection and try again.',
  'failed.pairs-malformed': 'This is not a list of pairs.',
  'failed.library-damaged': 'Your library is damaged. Restore a copy in Settings, or run “kith doctor”.',
  'failed.cancelled': 'Stopped. What was finished before is kept.',
  'failed.output-unwritable':
    'Nothing can be written there, or it holds what Kith did not write. Choose another place, such as an empty folder.',
  'failed.output-busy':
    'Another export is being written there. Wait until it is done, or choose another place.',
  'failed.output-among-photos':
    'This lies in a folder of photos. Choose a place outside, so that no exported face is taken for a photo.',
  'failed.not-found': 'This is not in your library any more. Look again; it may have been undone or merged.',
  'failed.changed-meanwhile':
    'This was changed in another window meanwhile, so nothing was done. Look again, then repeat it.',
  'failed.copy-unusable':
    'This copy is damaged or may not be read, so it can’t be restored. Your library was left as it is.',
  'failed.bad-request': 'That did not work, and nothing was changed.',
  'failed.folder-out-of-reach':
    'Kith looks around in your home folder and on drives only. Type the whole path to add a folder from elsewhere.',
  'failed.scan-running':
    'Kith is still looking through another folder. Wait until it is done, or stop it first.',
  'failed.encoder-unmeasured':
    'What the distances of this encoder mean was never measured, so it can compare faces but not group or name them. Choose another encoder in Settings.',
  'failed.encoder-changing': 'Kith is going over to another encoder. Draw the face when that is done.',
  'failed.copy-missing': 'There is no such copy. Check the path, and whether its disk is connected.',
  'failed.not-a-record':
    'This folder holds no record that Kith can read. “kith export --format jsonl” writes one.',
  'failed.folder-kept':
    'The names in the metadata of this folder’s photos are kept up to date. Switch that off in Settings first.',
  'failed.perl-missing':
    'Names in photos need Perl, which is not on this machine. Install Perl, then repeat it; all else of Kith works without.',
  'failed.copy-is-library': 'This is the library itself. Choose a copy of it.',
  'failed.output-taken': 'Something else lies there already. It was left as it is; choose another name.',
  'failed.path-unusable': 'This is no full path of a file. Give one such as /home/anna/Kith.kith.',
  'failed.vision-broken':
    'Kith’s vision process does not work. Photos finished before are kept; try again, and report it if it stays.',
  'failed.internal': 'Kith failed where it should not. Nothing was changed; please report this.',
  'failed.connection-lost':
    'The connection to Kith is lost, so this was perhaps not done. Look whether it was when the connection is back.',
  'unreadable.empty-file': 'The file is empty; copy it again from where it came from.',
  'unreadable.not-an-image': 'It is no picture, whatever its name says.',
  'unreadable.truncated': 'It is damaged or cut short; copy it again from where it came from.',
  'unreadable.unsupported-format': 'Kith does not read this format; save it as JPEG, PNG or HEIC.',
  'unreadable.too-large': 'The picture is larger than Kith reads; save a smaller copy.',
  'unreadable.no-permission': 'Kith may not read it; change its permissions.',
  'unreadable.vanished': 'It was moved or deleted while Kith was at work.',
  'unreadable.crashed': 'Reading it crashed twice; it is probably damaged.',
  'unreadable.timed-out': 'Reading it took too long; it is probably damaged.',
} as const satisfies Record<`failed.${RefusalCode}` | `unreadable.${UnreadableCode}`, string>;
