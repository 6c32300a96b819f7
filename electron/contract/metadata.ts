import { z } from 'zod';
import { Path } from './bounds.ts';
import { EntryId, FolderId } from './ids.ts';
import { JournalEntry } from './people.ts';
import { nothing, request } from './request-parts.ts';

/**
 * The forms in which programs keep who is on a photo: three kinds of regions, and four lists of words. docs/metadata.md says
 * which program reads which.
 */
export const MetadataForm = z.enum([
  'mwg',
  'microsoft',
  'iptc',
  'person-in-image',
  'hierarchical',
  'digikam',
  'subject',
]);
export type MetadataForm = z.infer<typeof MetadataForm>;

/** Whom names are written for. */
export const MetadataPreset = z.enum(['everything', 'digikam', 'lightroom', 'immich']);
export type MetadataPreset = z.infer<typeof MetadataPreset>;

/** Where names are written: beside a photo (`photo.jpg.xmp`), or into the photo itself. */
export const MetadataPlace = z.enum(['sidecar', 'file']);
export type MetadataPlace = z.infer<typeof MetadataPlace>;

/** Why nothing was written for a photo. */
export const MetadataTrouble = z.enum([
  /** The photo, or its sidecar, is damaged, or of a format that ExifTool does not write. */
  'unreadable',
  'no-permission',
  'disk-full',
  /** It was moved or deleted since it was scanned. */
  'vanished',
  /** It was changed while Kith was writing. */
  'changed',
  /** The path of the photo, or of its sidecar, has a line break: ExifTool can't be told of such a file. */
  'line-break',
  /** What came out was not what was meant, so the photo was left as it was. */
  'unlike',
]);
export type MetadataTrouble = z.infer<typeof MetadataTrouble>;

/** What becomes of one photo's metadata. */
export const MetadataChange = z.object({
  /** The photo, an absolute path. */
  photo: z.string(),
  /** The file that is written: a sidecar, or the photo itself. */
  target: z.string(),
  /** `remove`: a sidecar that Kith had made, and that holds nothing else. */
  what: z.enum(['create', 'change', 'remove']),
  /** Names that come, and that go. */
  adds: z.array(z.string()),
  removes: z.array(z.string()),
});
export type MetadataChange = z.infer<typeof MetadataChange>;

export const MetadataFailure = z.object({
  photo: z.string(),
  why: MetadataTrouble,
  /** In the words of ExifTool, or of the system. */
  detail: z.string(),
});
export type MetadataFailure = z.infer<typeof MetadataFailure>;

/** How many changes an answer lists; the counts are of all. Chosen by hand: some megabytes at most. */
export const MOST_CHANGES = 20_000;

export const MetadataOutcome = z.object({
  /** Photos in the folder that Kith knows. */
  photos: z.number().int(),
  create: z.number().int(),
  change: z.number().int(),
  remove: z.number().int(),
  /** Photos whose metadata is as it should be already. */
  same: z.number().int(),
  changes: z.array(MetadataChange),
  failed: z.array(MetadataFailure),
});
export type MetadataOutcome = z.infer<typeof MetadataOutcome>;

/** Where names are written, in which forms, and which of them. */
export const MetadataChoices = z.object({
  into: MetadataPlace.default('sidecar'),
  forms: z
    .union([MetadataPreset, z.array(MetadataForm).min(1).max(MetadataForm.options.length)])
    .default('everything'),
  /** Whether names that Kith is sure of are written too, besides those that the user confirmed. */
  sure: z.boolean().default(false),
});
export type MetadataChoices = z.output<typeof MetadataChoices>;

const MetadataWork = MetadataChoices.extend({
  /** A folder that was scanned, or one within. */
  path: Path,
});

/** How far the metadata of a folder's photos is that is kept up to date. */
export const KeepState = z.object({
  /**
   * `waiting`: until nothing else is going on, or until it is tried again; `away`: the folder is missing, or empty, as the
   * place of a disk is that is not connected; `no-perl`: ExifTool can't run.
   */
  phase: z.enum(['up-to-date', 'waiting', 'writing', 'away', 'no-perl']),
  /** Photos that are written, of those that are to be. */
  done: z.number().int(),
  total: z.number().int(),
  /** Photos that could not be written and will be tried again, with the trouble of the first. */
  failed: z.object({ photos: z.number().int(), first: MetadataFailure }).nullable(),
});
export type KeepState = z.infer<typeof KeepState>;

/** A folder of the library with what is done about its photos' metadata. */
export const KeptFolder = z.object({
  id: FolderId,
  path: z.string(),
  name: z.string(),
  /** Null: nothing is written by itself. */
  keeps: z.object({ choices: MetadataChoices, state: KeepState }).nullable(),
});
export type KeptFolder = z.infer<typeof KeptFolder>;

/** Names in photos' metadata. */
export const metadataRequests = {
  /** What writing would change; nothing is changed. */
  'metadata.plan': request(MetadataWork, MetadataOutcome),
  /**
   * Writes names into the metadata of a folder's photos, as one entry of the journal; what was written before and is not
   * true any more is taken away. `entry` is null where nothing new was to be written, and where the folder is kept up to
   * date: then what is still to be written is written now. Refused with `folder-kept` where other choices are kept.
   */
  'metadata.write': request(
    MetadataWork,
    MetadataOutcome.extend({ entry: EntryId.nullable(), cancelled: z.boolean() }),
  ),
  /**
   * Takes the last writing back: the files, and the entry. Where later entries build on it nothing is done. Refused with
   * `folder-kept` where that is of a folder that is kept up to date, or where nothing but such folders was written.
   */
  'metadata.undo': request(
    nothing,
    MetadataOutcome.extend({
      entry: JournalEntry.nullable(),
      blockers: z.array(JournalEntry),
      cancelled: z.boolean(),
    }),
  ),
  /** All folders, and whether their photos' metadata is kept up to date. `perl`: whether ExifTool can run. */
  'metadata.kept': request(nothing, z.object({ perl: z.boolean(), folders: z.array(KeptFolder) })),
  /**
   * Keeps the metadata of a folder's photos up to date from now on; null: no longer. Then what stands in the files stays.
   * It becomes a writing of the journal, `entry`: undoing that takes the names out again. Null where there are none.
   */
  'metadata.keep': request(
    z.object({ path: Path, choices: MetadataChoices.nullable() }),
    z.object({ folder: KeptFolder, entry: EntryId.nullable() }),
  ),
} as const;
