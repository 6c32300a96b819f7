import { isAbsolute, relative, sep } from 'node:path';
import PQueue from 'p-queue';
import type { Parsed } from '../../contract/api.ts';
import { KithError } from '../../contract/errors.ts';
import type { EntryId, FolderId } from '../../contract/ids.ts';
import { type MetadataFailure, type MetadataOutcome, MOST_CHANGES } from '../../contract/metadata.ts';
import type { MetadataFile } from '../../library/metadata.ts';
import { findPerl } from '../../metadata/tool.ts';
import { troubleOf } from '../../metadata/trouble.ts';
import type { FileChange } from '../metadata.ts';
import { realFolder } from '../walk.ts';
import { wantedOf } from '../wanted.ts';
import type { Engine } from './engine.ts';
import { exportProgress } from './export-progress.ts';
import type { Handlers } from './handlers.ts';
import { keptAlready, requireNotKept } from './kept.ts';
import type { MetadataQueue } from './metadata-queue.ts';
import type { State } from './state.ts';

type MetadataHandlers = Pick<Handlers, 'metadata.plan' | 'metadata.write' | 'metadata.undo'>;
type Asked = Parsed<'metadata.plan'>;

/** The journal's word for a writing of names into metadata. */
export const METADATA_ACTION = 'metadata';

/** Photos at once: ExifTool runs twice, and files are read and moved meanwhile. Chosen by hand. */
const AT_ONCE = 4;

/** A file with what it is to hold. */
interface Wish extends MetadataFile {
  wanted: string | null;
}

/**
 * Writes names into photos' metadata. What is wanted of each file is journalled, and so can be undone like any other command;
 * the files are brought to it one by one, and whoever is stopped goes on from there.
 */
export function metadataRequests(engine: Engine, state: State, queue: MetadataQueue) {
  /** What each photo of a folder (a real path) is to hold, with files that Kith has written into and that hold nobody any more. */
  function wishes(asked: Asked, real: string): { photos: number; all: Wish[]; isKept: boolean } {
    const { metadata } = state.library();
    const { folder, within } = folderOf(metadata.folders(), real);
    const isKept = keptAlready(state.library(), folder, asked) !== null;
    const named = metadata.named(folder, within, asked.sure);
    const all = new Map(
      metadata
        .concerned(folder, within)
        .map((file): [string, Wish] => [file.path, { ...file, wanted: null }]),
    );
    for (const file of named) {
      const wanted = wantedOf(file, asked);
      if (wanted !== null || all.has(file.path)) all.set(file.path, { folder, path: file.path, wanted });
    }
    return { photos: named.length, all: [...all.values()], isKept };
  }

  /** Brings files to what they are to hold, or finds out what that would take. One bad photo never stops the others. */
  async function each(
    all: readonly Wish[],
    photos: number,
    work: (wish: Wish) => Promise<FileChange[]>,
    {
      signal,
      what,
      pathOf,
    }: { signal: AbortSignal; what: string; pathOf: (file: MetadataFile) => string | null },
  ): Promise<MetadataOutcome> {
    const onDone = exportProgress(engine, what, all.length, 'metadata');
    const changes: FileChange[] = [];
    const failed: MetadataFailure[] = [];
    const pool = new PQueue({ concurrency: AT_ONCE });
    let broken: unknown = null;
    for (const wish of all) {
      void pool.add(async () => {
        if (signal.aborted || broken !== null) return;
        try {
          changes.push(...(await work(wish)));
        } catch (error) {
          try {
            failed.push({ photo: pathOf(wish) ?? wish.path, ...troubleOf(error) });
          } catch (defect) {
            broken ??= defect;
          }
        }
        onDone();
      });
    }
    await pool.onIdle();
    if (broken !== null) throw broken;
    const count = (kinds: readonly FileChange['what'][]) =>
      changes.filter((change) => kinds.includes(change.what)).length;
    const order = <T extends { photo: string }>(list: T[]) =>
      list.toSorted((a, b) => (a.photo < b.photo ? -1 : Number(a.photo > b.photo))).slice(0, MOST_CHANGES);
    const touched = new Set([...changes, ...failed].map(({ photo }) => photo));
    return {
      photos,
      create: count(['create']),
      change: count(['change', 'restore']),
      remove: count(['remove']),
      same: Math.max(0, photos - touched.size),
      changes: order(changes).map((change) => ({
        ...change,
        what: change.what === 'restore' ? 'change' : change.what,
      })),
      failed: order(failed),
    };
  }

  /** Files of these entries that do not hold what they are to. Those of folders that are kept up to date hold what is true now. */
  function outstanding(entries: readonly EntryId[]): MetadataFile[] {
    const { metadata, keptMetadata } = state.library();
    const kept = keptMetadata.all();
    return metadata.outstanding(entries).filter(({ folder }) => !kept.has(folder));
  }

  /** Brings the files of these entries to what they are to hold, after the entries were undone or done again. */
  function bringTo(entries: readonly EntryId[], signal: AbortSignal): Promise<MetadataOutcome> {
    return queue.withTool((files) => {
      const { metadata } = state.library();
      const all = outstanding(entries).map((file) => ({ ...file, wanted: metadata.wanted(file) }));
      const carry = (wish: Wish) => files.carryOut(wish, wish.wanted);
      return each(all, all.length, carry, { signal, what: '', pathOf: (file) => files.pathOf(file) });
    });
  }

  const handlers: MetadataHandlers = {
    'metadata.plan': async (asked, { signal }) => {
      const real = await realFolder(asked.path);
      return queue.withTool((files) => {
        const { photos, all } = wishes(asked, real);
        return each(all, photos, (wish) => files.plan(wish, wish.wanted), {
          ...{ signal, what: asked.path, pathOf: (file) => files.pathOf(file) },
        });
      });
    },

    'metadata.write': async (asked, { signal }) => {
      const real = await realFolder(asked.path);
      return queue.withTool(async (files) => {
        const { metadata } = state.library();
        const { into, forms, path } = asked;
        const { photos, all, isKept } = wishes(asked, real);
        const detail = { folder: path, into, forms: typeof forms === 'string' ? forms : forms.join(' ') };
        const want = () => {
          for (const wish of all) metadata.want(wish, wish.wanted);
        };
        // What is kept up to date is wanted as long as it is kept, and is no entry of its own.
        const { entry } = isKept ? { entry: null } : state.perform({ action: METADATA_ACTION, detail }, want);
        const outcome = await each(all, photos, (wish) => files.carryOut(wish, wish.wanted), {
          ...{ signal, what: path, pathOf: (file) => files.pathOf(file) },
        });
        return { ...outcome, entry, cancelled: signal.aborted };
      });
    },

    'metadata.undo': async (_, { signal }) => {
      findPerl();
      const { journal } = state.library();
      const moved = journal.lastMoved(METADATA_ACTION);
      if (moved?.state === 'undone') {
        // An undo that was stopped is finished first, and no other writing is taken back with it.
        const rest = await bringTo([moved.id], signal);
        if (rest.changes.length > 0) return { ...rest, entry: null, blockers: [], cancelled: signal.aborted };
      }
      const last = journal.lastOf(METADATA_ACTION);
      const { keptMetadata, metadata } = state.library();
      requireNotKept(
        state.library(),
        last === null ? [...keptMetadata.all().keys()] : metadata.foldersOf(last),
      );
      const taken = last === null ? null : journal.undo({ entry: last });
      state.changed();
      const entry = taken?.entry ?? null;
      const outcome = await bringTo(entry === null ? [] : [entry.id], signal);
      return { ...outcome, entry, blockers: taken?.blockers ?? [], cancelled: signal.aborted };
    },
  };

  return {
    handlers,
    /** The same as {@link bringTo}, in the background. */
    follow: (entries: readonly EntryId[]) => {
      if (outstanding(entries).length === 0) return;
      // What fails stays to be done, and the next writing tells of it.
      bringTo(entries, new AbortController().signal).catch(() => {});
    },
  };
}

/** @throws KithError bad-request where no folder of the library is, or holds, this one */
function folderOf(
  folders: readonly { id: FolderId; path: string }[],
  real: string,
): { folder: FolderId; within: string } {
  for (const { id, path } of folders) {
    const way = relative(path, real);
    if (way === '') return { folder: id, within: '' };
    if (way.startsWith('..') || isAbsolute(way)) continue;
    return { folder: id, within: `${way.split(sep).join('/')}/` };
  }
  throw new KithError(
    'bad-request',
    `Expected a folder whose photos Kith knows but received ${real}; "kith group" finds the faces there`,
  );
}
