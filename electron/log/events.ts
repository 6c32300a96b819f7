import { z } from 'zod';
import { RequestName } from '../contract/api.ts';
import { CopyReason } from '../contract/copies.ts';
import { ErrorCode } from '../contract/errors.ts';
import { DetectorId, EncoderId } from '../contract/ids.ts';
import { ScanState } from '../contract/screens.ts';
import { ProviderRefusal } from '../contract/vision.ts';

/**
 * Everything that the log may hold, and nothing else: numbers, booleans and words of closed lists. There is no event that
 * takes a text, so that no name, path or message can get into the log by mistake; a test goes through this table.
 */

/** `1.2.3`, and what comes after it in a version that is not released. */
const VERSION = /^\d{1,4}\.\d{1,4}\.\d{1,6}(-(alpha|beta|rc|nightly)\.\d{1,10})?$/;

/** A version's number, as text that can be nothing else. */
export const Version = z.string().regex(VERSION).brand<'Version'>();
export type Version = z.infer<typeof Version>;

const count = z.number().int().nonnegative();
const seconds = z.number();

const FailureCode = z.union([ErrorCode, z.literal('internal')]);

/** Which process writes: it comes first on each line. */
export const Role = z.enum(['owner', 'command-line', 'browser-host', 'desktop']);
export type Role = z.infer<typeof Role>;

/** Work that goes on without what failed, and where nobody is told of it otherwise. */
const PassedOver = z.enum([
  /** Faces that are read ahead, or names that follow; whoever needs them asks again. */
  'read-ahead',
  /** Old entries of the history that could not be let go. */
  'history',
  /** The write-ahead log of SQLite, which could not be brought into the file now; SQLite does it within a later command. */
  'checkpoint',
  /** A picture of a photo or a face that the record would not take. */
  'picture',
  /** What a process was killed in the midst of, and could not be settled now. */
  'settling',
  /** The announcement of an owner that could not be taken back. */
  'announcement',
  'forming',
  /** Which camera took the photos of an older library. */
  'cameras',
  /** Metadata that is kept up to date, and could not be; it is tried again. */
  'keeping',
  /** Names in photos' metadata that could not be read ahead; whoever asks for them is told why. */
  'names',
  /** What thumbnails look like could not be told, so that some versions of a photo are shown one by one. */
  'stacks',
  /** A copy of the library that nobody asked for, and that could not be made. */
  'copy',
  /** Settings of the page or the window that can't be read: the usual ones hold. */
  'settings',
  /** A connection that broke. */
  'connection',
  /** The library could not be closed in an orderly way. */
  'closing',
  /** Another owner could not be reached; the next request tries again. */
  'owner',
]);
export type PassedOver = z.infer<typeof PassedOver>;

export const events = {
  'process.started': z.strictObject({
    kith: Version,
    node: Version,
    electron: Version.optional(),
    platform: z.enum(['linux', 'darwin', 'win32', 'other']),
    arch: z.enum(['x64', 'arm64', 'other']),
    cpus: count,
    memoryMiB: count,
  }),
  'process.ended': z.strictObject({ seconds, peakMiB: count }),
  /** Nobody caught an error: the process ends by it. */
  'process.failed': z.strictObject({ origin: z.enum(['exception', 'rejection']) }),
  /** Node warned of something. */
  'process.warned': z.strictObject({}),
  /** Nothing was answered for that long; `p99Ms`: 99 of 100 turns of the event loop took no longer, within ten seconds. */
  'process.blocked': z.strictObject({ ms: count, p99Ms: count }),

  'library.opened': z.strictObject({
    version: count,
    photos: count,
    faces: count,
    people: count,
    detector: DetectorId,
    encoder: EncoderId,
    seconds,
  }),
  'library.migrated': z.strictObject({ from: count, to: count, seconds }),
  /** It could not be opened, or the owner could not listen. */
  'library.refused': z.strictObject({}),
  /** Its file is not the one that was opened. */
  'library.gone': z.strictObject({}),
  /** What a process was killed in the midst of, and what the next start made of it. */
  'library.settled': z.strictObject({
    kind: z.enum(['restore-finished', 'restore-taken-back', 'erase-finished', 'leftover-removed']),
  }),

  'copy.made': z.strictObject({ why: CopyReason, bytes: count, seconds }),
  'copy.removed': z.strictObject({ why: CopyReason, bytes: count }),

  'scan.phase': z.strictObject({ phase: ScanState.shape.phase, seconds, done: count, total: count }),
  'scan.failed': z.strictObject({ code: FailureCode }),

  'request.began': z.strictObject({ request: RequestName }),
  'request.done': z.strictObject({ request: RequestName, seconds }),
  /** For a reason that its sender was told in a sentence. */
  'request.refused': z.strictObject({ request: RequestName, code: ErrorCode, seconds }),
  /** A defect of Kith. */
  'request.failed': z.strictObject({ request: RequestName.optional(), seconds: seconds.optional() }),
  'models.changed': z.strictObject({ detector: DetectorId, encoder: EncoderId }),

  'vision.lost': z.strictObject({
    during: z.enum([
      'setup',
      'analyse',
      'hash',
      'embed',
      'embed-crops',
      'draw',
      'show',
      'shot',
      'dhash',
      'cut',
      'hide',
    ]),
    why: z.enum(['crashed', 'timed-out']),
    /** Number of the signal that ended it, or its exit status; neither where it never ran. */
    signal: count.optional(),
    status: z.number().int().optional(),
    outOfMemory: z.boolean(),
  }),
  'vision.replaced': z.strictObject({ memoryMiB: count, limitMiB: count }),
  'vision.refused': ProviderRefusal.omit({ detail: true }).strict(),
  'vision.given-up': z.strictObject({ code: ErrorCode }),

  'peer.joined': z.strictObject({ peers: count }),
  'peer.left': z.strictObject({ peers: count }),
  'peer.refused': z.strictObject({}),
  'owner.joined': z.strictObject({}),
  'owner.lost': z.strictObject({}),
  'passed-over': z.strictObject({ what: PassedOver }),
  /** Lines that could not be written, for want of room or because the folder can't be written. */
  'log.lost': z.strictObject({ lines: count }),
} as const satisfies Record<string, z.ZodObject>;

export type LogEvent = keyof typeof events;
export type Values<E extends LogEvent> = z.input<(typeof events)[E]>;
