import { availableParallelism } from 'node:os';
import { calibrationFor } from '../../models/calibration.ts';
import { distancesOf } from '../../models/cards.ts';
import { type ModelStatus, openStore } from '../../models/store.ts';
import { KithError } from '../contract/errors.ts';
import { type DetectorId, type EncoderKey, type EntryId, encoderOf, type FaceId } from '../contract/ids.ts';
import type { Learning, LossName } from '../contract/learning.ts';
import type { JournalEntry, PersonCard } from '../contract/people.ts';
import type {
  DetectedImage,
  FolderGroups,
  FoundPerson,
  PairsReport,
  ScanProgress,
  TaggedFolder,
} from '../contract/results.ts';
import type { CalibrationCard, RegroupPlan } from '../contract/screens.ts';
import type { VisionSetup } from '../contract/vision.ts';
import { writeLearningReport } from '../export/learning-report.ts';
import { type Library, openLibrary } from '../library/open.ts';
import { startPool } from '../vision/pool.ts';
import { analyseNamed, comparePhotos, type ShownComparison } from './compare.ts';
import { calibrationOf } from './encoder.ts';
import { folderGroups, rectOf } from './folder-groups.ts';
import { applyRegroup, groupLibrary, planRegroup } from './group.ts';
import { forgetMetric, learnMetric } from './learn.ts';
import { defaultLibraryFile } from './library-file.ts';
import type { VisionPool } from './look.ts';
import { type Levels, Naming } from './naming.ts';
import { calibrationCard } from './own-calibration.ts';
import { comparePairs, type PairsOptions } from './pairs.ts';
import { type EmbeddingPool, reembed } from './reembed.ts';
import { checkReport, reportPairs } from './report.ts';
import { scan } from './scan.ts';
import { findPerson, type NamedExample, tagFolder } from './tag.ts';
import { realFolder } from './walk.ts';

/** How sure Kith is where nobody said otherwise: one name in a thousand may be wrong. */
const LEVELS: Levels = { sure: 0.999, ask: 0.1 };

/** Longest side, in pixels, to which photos are decoded. */
const MAX_SIDE = 1600;

export interface ServiceOptions {
  detector: DetectorId;
  /** With the weights that are installed: see models/encoder.ts. */
  encoder: EncoderKey;
  /** Where the record is kept; {@link defaultLibraryFile} when left out. */
  libraryFile?: string;
  /** Vision processes; one for each core when left out. */
  poolSize?: number;
  /** Folders in which models are looked up; the usual ones when left out. */
  models?: readonly string[];
  /** Starts the vision processes; for tests of the order of work. */
  startPool?: (setup: VisionSetup, options: { size: number }) => ClosablePool;
}

type ClosablePool = VisionPool & EmbeddingPool & { close(): Promise<void> };

interface LongWork {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: ScanProgress) => void) | undefined;
}

/**
 * The application: one method for each thing that can be asked of Kith. Opens its library and starts its vision
 * processes when first needed. All failures that a person can do something about are KithErrors.
 */
export interface Service {
  /**
   * Brings the record of a folder up to date and the library over to this encoder, groups, and gives the folder's
   * photos, faces and groups.
   * @throws KithError bad-request for an encoder that is not calibrated, before anything is done
   */
  groupFolder(folder: string, work?: LongWork): Promise<FolderGroups>;
  /**
   * The same, then takes over whose faces the examples are, and says of every face who it is.
   * @throws KithError file-missing, no-face for an example that is not there
   */
  tagFolder(folder: string, examples: readonly NamedExample[], work?: LongWork): Promise<TaggedFolder>;
  /** The faces of a folder that are, or may be, the person's on one of its photos; the best first. Nothing is kept. */
  findPerson(photo: string, folder: string, work?: LongWork): Promise<FoundPerson['faces']>;
  /**
   * What grouping the whole library anew would change. Nothing is changed until it is applied, which gives the entry of
   * the journal, null where nothing was to be done.
   */
  planRegroup(signal?: AbortSignal): Promise<{ plan: RegroupPlan; apply(): EntryId | null }>;
  /** What the library's own faces make of its encoder's calibration. */
  calibration(): CalibrationCard;
  /** Everybody whom somebody named. */
  people(): PersonCard[];
  /** What was done, the newest first. */
  journal(limit: number): JournalEntry[];
  /** Undoes what was done last; null where nothing was. */
  undo(): JournalEntry | null;
  redo(): JournalEntry | null;
  /**
   * Learns a metric from confirmed faces, by the library's encoder; see learn.ts.
   * @param work.report a folder into which curves and figures are written
   * @throws KithError bad-request where there is too little to learn from, output-unwritable
   */
  learn(work: { loss: LossName; report?: string }): Promise<Learning>;
  /** Goes back to the encoder's own metric. @returns whether another was in use */
  forgetLearned(): boolean;
  /** Finds the faces on one photo; records nothing. `crops`: a small JPEG of each face, in the same order. */
  detectImage(path: string): Promise<DetectedImage & { crops: Uint8Array[] }>;
  /** Are the largest faces of these two photos one person's? `chips`: both as the encoder saw them. */
  comparePhotos(a: string, b: string): Promise<ShownComparison>;
  /**
   * The same for a list of pairs whose answers are known.
   * @param work.report a folder into which curves, tables and the hardest pairs are written
   */
  comparePairs(work: Omit<PairsOptions, 'pool' | 'poolSize'> & { report?: string }): Promise<PairsReport>;
  /** The stored crop of each face, a small JPEG, in the order asked for. */
  faceCrops(ids: readonly FaceId[]): Uint8Array[];
  /** All models of the catalog, and which are installed. */
  models(): Promise<ModelStatus[]>;
  /** Ends the vision processes and closes the library. */
  close(): Promise<void>;
}

export function createService(options: ServiceOptions): Service {
  const { detector, encoder, poolSize = availableParallelism() } = options;
  const setup = { detector, encoder };
  /** The same for people: whose weights they are is nothing to them. */
  const by = { detector, encoder: encoderOf(encoder).id };
  const store = openStore(options.models ? { folders: options.models } : {});
  let opened: Library | null = null;
  let started: ClosablePool | null = null;

  function library(): Library {
    opened ??= openLibrary(options.libraryFile ?? defaultLibraryFile());
    return opened;
  }

  function pool(): ClosablePool {
    const vision: VisionSetup = { ...setup, models: [...store.folders], maxSide: MAX_SIDE };
    started ??= (options.startPool ?? startPool)(vision, { size: poolSize });
    return started;
  }

  return {
    async groupFolder(folder, work = {}) {
      const begin = performance.now();
      const calibration = calibrationOf(encoder, store.folders);
      const record = library();
      const outcome = await scan({ library: record, pool, poolSize, folder, setup, ...work });
      await reembed({ library: record, pool, poolSize, encoder, folder: outcome.folder, ...work });
      await groupLibrary({ library: record, encoder, calibration, signal: work.signal });
      return {
        ...folderGroups(record, outcome.folder),
        ...by,
        seconds: Math.round(performance.now() - begin) / 1000,
        ...(outcome.passedOver.length > 0 ? { passedOver: outcome.passedOver } : {}),
      };
    },

    async tagFolder(folder, examples, work = {}) {
      const result = await this.groupFolder(folder, work);
      const record = library();
      const naming = new Naming(record, encoder, calibrationOf(encoder, store.folders));
      await naming.prepare();
      return tagFolder(record, naming, await realFolder(folder), result, examples, LEVELS);
    },

    async findPerson(photo, folder, work = {}) {
      const result = await this.groupFolder(folder, work);
      const record = library();
      const naming = new Naming(record, encoder, calibrationOf(encoder, store.folders));
      await naming.prepare();
      return findPerson(record, naming, await realFolder(folder), result, photo, LEVELS);
    },

    async planRegroup(signal) {
      const record = library();
      const by = record.groups.encoder() ?? encoder;
      const options = { library: record, encoder: by, calibration: calibrationOf(by, store.folders) };
      const planned = await planRegroup({ ...options, signal });
      const apply = () =>
        record.journal.act({ action: 'regroup', detail: { moved: planned.plan.moved }, by: 'hand' }, () =>
          applyRegroup(options, planned),
        ).entry;
      return { plan: planned.plan, apply };
    },
    calibration: () => calibrationCard(library(), library().groups.encoder() ?? encoder),
    people: () => library().cards.people.people(false, 0, 100_000).items,
    journal: (limit) => library().journal.list(0, limit).items,
    undo: () => library().journal.undo(),
    redo: () => library().journal.redo(),

    async learn({ loss, report: folder }) {
      if (folder !== undefined) await checkReport(folder);
      const record = library();
      const own = record.groups.encoder() ?? encoder;
      const { folders } = store;
      const { learning, curves } = await learnMetric({ library: record, encoder: own, loss, folders });
      if (folder !== undefined) await writeLearningReport(folder, learning, curves);
      return learning;
    },
    forgetLearned: () => forgetMetric(library(), library().groups.encoder() ?? encoder),

    async detectImage(path) {
      const { width, height, faces } = await analyseNamed(pool(), path);
      const size = { width, height };
      const found = faces.map(({ box, score, quality }) => ({ box: rectOf(box, size), score, quality }));
      return { path, width, height, detector, faces: found, crops: faces.map(({ crop }) => crop) };
    },

    comparePhotos(a, b) {
      const { folders } = store;
      const known = {
        calibration: calibrationFor(encoder, folders),
        distances: distancesOf(encoder, folders),
      };
      return comparePhotos(pool(), [a, b], by, known);
    },

    async comparePairs({ report: folder, ...work }) {
      if (folder !== undefined) await checkReport(folder);
      const outcome = await comparePairs({ ...work, pool: pool(), poolSize });
      const report = { ...outcome.figures, ...by };
      if (folder !== undefined) await reportPairs(folder, { ...work, ...outcome, report, pool: pool() });
      return report;
    },

    faceCrops(ids) {
      const crops = new Map(
        library()
          .faces.crops(ids)
          .map(({ id, jpeg }) => [id, jpeg]),
      );
      return ids.map((id) => {
        const jpeg = crops.get(id);
        if (!jpeg) throw new KithError('bad-request', `Expected a face of the library but received ${id}`);
        return jpeg;
      });
    },

    models: () => store.status(),

    async close() {
      await started?.close();
      opened?.close();
    },
  };
}
