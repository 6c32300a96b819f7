import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ScanProgress } from '../../../electron/contract/results.ts';
import { type Library, openLibrary } from '../../../electron/library/open.ts';
import { groupLibrary } from '../../../electron/service/group.ts';
import type { AnalysisPool } from '../../../electron/service/look.ts';
import { type EmbeddingPool, reembed } from '../../../electron/service/reembed.ts';
import { scan } from '../../../electron/service/scan.ts';
import { MADE_CALIBRATION } from './made-pool.ts';

/** A new folder of photos and a library file beside it, removed by `remove`. */
export function makePlace() {
  const root = mkdtempSync(join(tmpdir(), 'kith-service-'));
  const folder = join(root, 'photos');
  mkdirSync(folder);
  return {
    root,
    folder,
    file: join(root, 'library.kith'),
    put(path: string, content: string | Buffer): void {
      const target = join(folder, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, content);
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

export const SETUP = { detector: 'ssd', encoder: 'dlib' } as const;

export interface RunOptions {
  folder: string;
  pool: AnalysisPool & EmbeddingPool;
  setup?: Parameters<typeof scan>[0]['setup'];
  signal?: AbortSignal;
  onProgress?: (progress: ScanProgress) => void;
}

/** Scans, embeds what another encoder left, and groups, as the service does. */
export async function scanAndGroup(library: Library, options: RunOptions) {
  const { pool, setup = SETUP, ...rest } = options;
  const outcome = await scan({ library, pool: () => pool, poolSize: 2, setup, ...rest });
  const { encoder } = setup;
  await reembed({ ...rest, library, pool: () => pool, poolSize: 2, encoder, folder: outcome.folder });
  await groupLibrary({ library, encoder, calibration: MADE_CALIBRATION });
  return outcome;
}

/** Opens, runs and closes. */
export async function withLibrary<T>(file: string, work: (library: Library) => Promise<T> | T): Promise<T> {
  const library = openLibrary(file);
  try {
    return await work(library);
  } finally {
    library.close();
  }
}

/** Every row of a library, but for its settings, to compare two of them. */
export function everything(file: string): Record<string, unknown[]> {
  const database = new DatabaseSync(file);
  try {
    const tables = [
      ...['folders', 'photos', 'thumbnails', 'files', 'analyses'],
      ...['faces', 'crops', 'embeddings', 'groups'],
    ];
    return Object.fromEntries(
      tables.map((table) => {
        const statement = database.prepare(
          `SELECT * FROM ${table} ORDER BY ${table === 'groups' ? '1' : '1, 2'}`,
        );
        statement.setReadBigInts(true);
        return [table, statement.all()];
      }),
    );
  } finally {
    database.close();
  }
}

/** What SQLite finds wrong with a file: nothing, in a whole one. */
export function faults(file: string): unknown[] {
  const database = new DatabaseSync(file);
  try {
    const integrity = database.prepare('PRAGMA integrity_check').all();
    const keys = database.prepare('PRAGMA foreign_key_check').all();
    return [...integrity.filter((row) => row.integrity_check !== 'ok'), ...keys];
  } finally {
    database.close();
  }
}
