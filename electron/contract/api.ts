import { z } from 'zod';
import { Path, Text } from './bounds.ts';
import { Erased, KeptCopy, RecordSummary } from './copies.ts';
import { Diagnostics } from './diagnostics.ts';
import { Finding, FindingKind, Repaired } from './doctor.ts';
import { exportRequests } from './export-requests.ts';
import { folderRequests } from './folder-requests.ts';
import { DetectorId, EncoderId, EntryId } from './ids.ts';
import { Learning, LearningState, LossName } from './learning.ts';
import { metadataRequests } from './metadata.ts';
import { namesInRequests } from './names-in.ts';
import { peopleRequests } from './people-requests.ts';
import { recommendedRequests } from './recommended.ts';
import { nothing, request } from './request-parts.ts';
import { CalibrationCard, ModelCard, Overview, Settings } from './screens.ts';
import { searchRequests } from './search.ts';

/** Files that may be given for one model, which has two at most; more only so that the refusal can name what was given. */
const MOST_FILES = 50;

/**
 * Everything that a page may ask of the service: the name of each request, what it takes and what it gives. Both
 * transports, the page and the tests infer from it. A request that fails gives a `Failure` instead.
 */
export const requests = {
  'library.overview': request(nothing, Overview),
  /**
   * Copies the record to a new file: whole and checked, or not at all. `path` is absolute; null: among the copies that
   * Kith keeps beside the library.
   */
  'library.backup': request(
    z.object({ path: Path.nullable() }),
    z.object({ path: z.string(), summary: RecordSummary }),
  ),
  /** The copies that Kith keeps beside the library, the newest first. */
  'library.copies': request(nothing, z.array(KeptCopy)),
  /** What a copy holds beside what the library holds now. Changes neither. */
  'library.inspect': request(z.object({ path: Path }), z.object({ copy: RecordSummary, now: RecordSummary })),
  /**
   * Puts a copy in the record's place. `former`: the copy as which the former record is kept, and that can be restored
   * in turn; null where there was no file.
   */
  'library.restore': request(
    z.object({ path: Path }),
    z.object({ path: z.string(), former: z.string().nullable(), summary: RecordSummary }),
  ),
  /** What is wrong with the record. Reads all of it. */
  'library.check': request(nothing, z.array(Finding)),
  /** Repairs what can be repaired of these kinds, after a copy was made; what the user sees of it can be undone. */
  'library.repair': request(
    z.object({ kinds: z.array(FindingKind).max(100) }),
    Repaired.extend({ entry: EntryId.nullable() }),
  ),
  /** Forgets everything, the copies that Kith keeps included; photos are never touched. */
  'library.erase': request(z.object({ sure: z.literal(true) }), Erased),

  ...folderRequests,
  ...peopleRequests,
  ...searchRequests,
  ...metadataRequests,
  ...namesInRequests,

  ...exportRequests,

  /** What the library's own faces make of its encoder's calibration, as of the last grouping or naming. */
  'calibration.get': request(nothing, CalibrationCard),

  'learn.state': request(nothing, LearningState),
  /** Learns from all confirmed faces, within seconds; what is adopted is in use at once, and can be undone. */
  'learn.run': request(
    z.object({
      loss: LossName.default('triplet'),
      /** Absolute path of a folder that curves and figures are written into. */
      report: Path.optional(),
    }),
    Learning,
  ),
  /** Goes back to the encoder's own metric. */
  'learn.forget': request(nothing, z.object({ forgotten: z.boolean() })),

  'models.list': request(nothing, z.array(ModelCard)),
  'models.use': request(
    z.object({ detector: DetectorId.optional(), encoder: EncoderId.optional() }),
    nothing,
  ),
  /** Downloads a model; the page has asked before. Progress comes as `work`. */
  'models.get': request(z.object({ id: Text }), ModelCard),
  'models.import': request(z.object({ paths: z.array(Path).min(1).max(MOST_FILES) }), ModelCard),
  'models.remove': request(z.object({ id: Text }), nothing),
  ...recommendedRequests,

  'settings.get': request(nothing, Settings),
  'settings.set': request(Settings.partial(), Settings),

  /** What helps to find a defect. */
  'diagnostics.get': request(nothing, Diagnostics),
} as const;

export type RequestName = keyof typeof requests;
/** What a caller may leave out, it may. */
export type Params<N extends RequestName> = z.input<(typeof requests)[N]['params']>;
/** The same with everything filled in. */
export type Parsed<N extends RequestName> = z.output<(typeof requests)[N]['params']>;
export type Result<N extends RequestName> = z.output<(typeof requests)[N]['result']>;

export const RequestName = z.enum(Object.keys(requests) as [RequestName, ...RequestName[]]);
