import { closeSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { RecordSummary } from '../contract/copies.ts';
import type { FindingKind } from '../contract/doctor.ts';
import { KithError, unwritable } from '../contract/errors.ts';
import { Albums } from './albums.ts';
import { Backlog } from './backlog.ts';
import { writeCopy } from './copy-file.ts';
import { Database } from './database.ts';
import { repair } from './doctor.ts';
import { Embeddings } from './embeddings.ts';
import { FaceCards } from './face-cards.ts';
import { Faces } from './faces.ts';
import { Files } from './files.ts';
import { GroupSizes } from './group-sizes.ts';
import { Groups } from './groups.ts';
import { summaryOf } from './inspect.ts';
import { Journal } from './journal.ts';
import { placeForCopy } from './kept-copies.ts';
import { KeptMetadata } from './kept-metadata.ts';
import { LabelChanges } from './label-changes.ts';
import { Labels } from './labels.ts';
import { Merging } from './merging.ts';
import { Metadata } from './metadata.ts';
import { Metrics } from './metrics.ts';
import { migrate } from './migrate.ts';
import { NamesRead } from './names-read.ts';
import { NearestLists } from './nearest-lists.ts';
import { StoredPacked } from './packed-vectors.ts';
import { People } from './people.ts';
import { PeopleCards } from './people-cards.ts';
import { PhotoCards } from './photo-cards.ts';
import { PhotoNeighbours } from './photo-neighbours.ts';
import { Photos } from './photos.ts';
import { Portraits } from './portraits.ts';
import { Presences } from './presences.ts';
import { beginPrivate, keepPrivate, PRIVATE_FOLDER } from './private-file.ts';
import { Questions } from './questions.ts';
import { Relations } from './relations.ts';
import { Require } from './require.ts';
import { Revisions } from './revisions.ts';
import { Search } from './search.ts';
import { StoredSettings } from './settings.ts';
import { Stacks } from './stacks.ts';
import { Thumbnails } from './thumbnails.ts';
import { WholeRecord } from './whole.ts';

/** The record of all that Kith knows, on disk. Every method that changes something is one transaction. */
export interface Library {
  /** Absolute path of the SQLite file. */
  readonly file: string;
  readonly files: Files;
  readonly photos: Photos;
  readonly portraits: Portraits;
  readonly thumbnails: Thumbnails;
  readonly faces: Faces;
  readonly embeddings: Embeddings;
  readonly groups: Groups;
  readonly nearest: NearestLists;
  readonly packed: StoredPacked;
  readonly stacks: Stacks;
  readonly backlog: Backlog;
  /** Refuses commands that name something that is not there. */
  readonly require: Require;
  readonly people: People;
  /** Who is on a photo without a face that can be seen. */
  readonly presences: Presences;
  readonly merging: Merging;
  readonly relations: Relations;
  readonly revisions: Revisions;
  readonly labels: Labels;
  readonly labelChanges: LabelChanges;
  readonly journal: Journal;
  readonly metadata: Metadata;
  readonly keptMetadata: KeptMetadata;
  readonly metrics: Metrics;
  readonly settings: StoredSettings;
  readonly questions: Questions;
  readonly search: Search;
  readonly albums: Albums;
  readonly whole: WholeRecord;
  /** Names that were read from photos' metadata. */
  readonly namesRead: NamesRead;
  /** What the screens show. */
  readonly cards: { faces: FaceCards; people: PeopleCards; photos: PhotoCards; beside: PhotoNeighbours };
  /** Runs several changes as one: all of them are in the record afterwards, or none. */
  transaction<T>(work: () => T): T;
  /** Reads several things of one state of the record, while others may write. */
  snapshot<T>(work: () => T): T;
  /** What it holds, in numbers. */
  summary(): RecordSummary;
  /** Repairs faults of these kinds: see doctor.ts. */
  repair(kinds: readonly FindingKind[], seen: boolean): void;
  /**
   * Writes what lies in the write-ahead log into the file itself, so that the file alone is the whole record.
   * @throws KithError library-busy where another process is reading or writing, disk-full
   */
  checkpoint(): void;
  /** Writes the write-ahead log into the file, except what another process still reads, and waits for nobody. */
  checkpointSome(): void;
  /**
   * Writes the open library to a new file, also where its own file is gone. @throws KithError library-unwritable,
   * disk-full
   */
  rescueTo(path: string): void;
  close(): void;
}

/**
 * Kibibytes of the file that SQLite holds in memory. Its own 2 MiB make it read the same pages again and again for 100,000
 * faces. Chosen by hand.
 */
const CACHE = 65_536;

/** The same for a thread, which reads nearly everything once: more would only be held beside the service's own. Chosen by hand. */
export const CACHE_OF_THREAD = 8_192;

/**
 * Pages of 4 KiB in the write-ahead log from which on SQLite brings them into the file within a command. Its own 1,000 pages
 * are fewer than two names of large groups write. Kith brings them over between commands (checkpoints.ts), so this only
 * bounds the log: 16 MB. Chosen by hand; speed only.
 */
const LONGEST_LOG = 4000;

/**
 * Opens a library, makes it where there is none, and brings an older one up to date. Only its owner may read it, with any
 * umask.
 *
 * Write-ahead log with `synchronous = NORMAL`: a process that is killed loses nothing that was committed. A machine that
 * loses power may lose the last photos, which are then scanned again, and never the whole library
 * (sqlite.org/pragma.html#pragma_synchronous).
 *
 * @param cache kibibytes of the file that SQLite may hold in memory
 * @throws KithError library-not-a-library, library-from-newer-version, library-unwritable, library-busy,
 *   disk-full; `detail` names the file
 */
export function openLibrary(path: string, cache = CACHE): Library {
  const file = resolve(path);
  makeRoom(file);
  refuseForeign(file);
  // SQLite gives the files that it makes beside the library the same rights.
  beginPrivate(file);
  const database = new Database(file);
  try {
    migrate(database, (older) => writeCopy(older, placeForCopy(older, 'migration')));
    database.read(() =>
      database.sqlite.exec(
        `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -${cache};
         PRAGMA wal_autocheckpoint = ${LONGEST_LOG}`,
      ),
    );
    keepPrivate(file);
    return libraryOn(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The library in a database of the newest version. */
export function libraryOn(database: Database): Library {
  const sizes = new GroupSizes(database);
  return {
    file: database.file,
    files: new Files(database),
    photos: new Photos(database),
    portraits: new Portraits(database),
    thumbnails: new Thumbnails(database),
    faces: new Faces(database),
    embeddings: new Embeddings(database),
    groups: new Groups(database),
    nearest: new NearestLists(database),
    packed: new StoredPacked(database),
    stacks: new Stacks(database),
    backlog: new Backlog(database),
    people: new People(database),
    presences: new Presences(database),
    merging: new Merging(database),
    relations: new Relations(database),
    revisions: new Revisions(database),
    require: new Require(database),
    labels: new Labels(database),
    labelChanges: new LabelChanges(database),
    journal: new Journal(database),
    metadata: new Metadata(database),
    keptMetadata: new KeptMetadata(database),
    metrics: new Metrics(database),
    settings: new StoredSettings(database),
    questions: new Questions(database, sizes),
    search: new Search(database),
    albums: new Albums(database),
    whole: new WholeRecord(database),
    namesRead: new NamesRead(database),
    cards: {
      faces: new FaceCards(database),
      people: new PeopleCards(database, sizes),
      photos: new PhotoCards(database),
      beside: new PhotoNeighbours(database),
    },
    transaction: (work) => database.write(work),
    snapshot: (work) => database.snapshot(work),
    summary: () => database.snapshot(() => summaryOf(database.sqlite, database.file)),
    repair: (kinds, seen) => database.write(() => repair(database.sqlite, kinds, seen)),
    checkpoint: () => checkpoint(database),
    checkpointSome: () => database.read(() => database.sqlite.exec('PRAGMA wal_checkpoint(PASSIVE)')),
    rescueTo: (path) => database.read(() => database.sqlite.prepare('VACUUM INTO ?').run(path)),
    close: () => database.close(),
  };
}

function checkpoint(database: Database): void {
  const row = database.read(() => database.sqlite.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get());
  if (row?.busy !== 0) throw new KithError('library-busy', database.file);
}

function makeRoom(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: PRIVATE_FOLDER });
  } catch (error) {
    throw unwritable(file, error);
  }
}

/**
 * Refuses a file that is no SQLite database, by its first bytes. SQLite may write into a file that it opens, and such a
 * file may be a photo or a letter of the user. An empty file counts as a library that was never begun.
 */
function refuseForeign(file: string): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats || (stats.isFile() && stats.size === 0)) return;
  if (!stats.isFile()) {
    throw new KithError('library-not-a-library', `${file}: expected a file but found a folder or a device`);
  }
  const magic = Buffer.from('SQLite format 3\0', 'latin1');
  const head = Buffer.alloc(magic.length);
  try {
    const descriptor = openSync(file, 'r');
    try {
      readSync(descriptor, head);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw unwritable(file, error);
  }
  if (!head.equals(magic)) throw new KithError('library-not-a-library', `${file}: no SQLite database`);
}
