import { existsSync } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';
import envPaths from 'env-paths';
import { KithError } from '../electron/contract/errors.ts';
import { catalog, type Model, type ModelId, modelIds } from './catalog.ts';
import { sha256OfFile } from './hash.ts';
import { readNote } from './import-note.ts';

export interface ModelStatus {
  id: ModelId;
  title: string;
  task: Model['task'];
  file: string;
  /** Size of the right file, also where it is missing; 0 where only the file itself tells it, and is missing. */
  bytes: number;
  licence: string;
  /** Made by `npm run models`; the others are downloaded when asked for. */
  bundled: boolean;
  state: 'installed' | 'missing' | 'damaged';
  /** Where the file lies; null when it is missing. */
  path: string | null;
}

export interface Store {
  /** Where models are looked up, first to last. */
  readonly folders: readonly string[];
  /**
   * Path of the model's file, its hash checked.
   *
   * @throws KithError `model-missing` when no folder holds the file, `model-damaged` when the first that does
   * holds another one. Later folders are not looked at then, so that Kith runs no model that the user did not choose.
   */
  find(id: ModelId): Promise<string>;
  /** All models of the catalog, in its order. */
  status(): Promise<ModelStatus[]>;
}

/** Opens the folders that hold models; without `folders`, the usual ones. */
export function openStore(options: { folders?: readonly string[] } = {}): Store {
  const folders = options.folders ?? usualFolders();
  return {
    folders,
    async find(id) {
      const held = await firstHolding(folders, catalog[id].file);
      if (!held) throw new KithError('model-missing', howToGet(id));
      const right = await rightHash(id, held.path);
      if (held.hash !== right) throw new KithError('model-damaged', damage(id, held.path, held.hash, right));
      return held.path;
    },
    status: () => Promise.all(modelIds.map((id) => statusOf(id, folders))),
  };
}

/** `KITH_MODELS_DIR` or the user's folder, then the packed app's resources, then the cache. */
function usualFolders(): string[] {
  // Only Electron sets it.
  const { resourcesPath } = process as { resourcesPath?: string };
  const resources = resourcesPath && join(resourcesPath, 'models');
  return [chosenFolder(), ...(resources && existsSync(resources) ? [resources] : []), cacheFolder()];
}

/** The folder where the user puts models, and where Kith installs those that the user asks for. */
export function chosenFolder(): string {
  return process.env.KITH_MODELS_DIR || join(envPaths('kith', { suffix: '' }).data, 'models');
}

/** Where the bundled models are made: they can be made again at any time. */
export function cacheFolder(): string {
  return join(envPaths('kith', { suffix: '' }).cache, 'models');
}

/** Where the model's file lies, unhashed: the first folder that holds it; null when none does. */
export async function placeOf(id: ModelId, folders: readonly string[]): Promise<string | null> {
  for (const folder of folders) {
    const path = join(folder, catalog[id].file);
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (there) return path;
  }
  return null;
}

async function firstHolding(
  folders: readonly string[],
  file: string,
): Promise<{ path: string; hash: string } | null> {
  for (const folder of folders) {
    const path = join(folder, file);
    const hash = await sha256OfFile(path);
    if (hash) return { path, hash };
  }
  return null;
}

/** The hash that the file must have. For the user's own weights only the note of their import knows it. */
async function rightHash(id: ModelId, path: string): Promise<string | null> {
  return catalog[id].sha256 ?? (await readNote(path))?.sha256 ?? null;
}

async function statusOf(id: ModelId, folders: readonly string[]): Promise<ModelStatus> {
  const { title, task, file, bytes, licence, bundled } = catalog[id];
  const held = await firstHolding(folders, file);
  const state = !held ? 'missing' : held.hash === (await rightHash(id, held.path)) ? 'installed' : 'damaged';
  // Only the file itself tells how large the user's own weights are.
  const size = held && bytes === 0 ? (await stat(held.path)).size : bytes;
  return { id, title, task, file, bytes: size, licence, bundled, state, path: held?.path ?? null };
}

function howToGet(id: ModelId): string {
  const { title, file, bundled, sha256, source } = catalog[id];
  if (bundled) return `${title} (${file}) is missing; run "npm run models" to make it`;
  if (source.kind === 'own')
    return `${title} (${file}) is missing; run "kith models import" with a file of your own`;
  const own = `run "kith models import" with ${sha256 === null ? 'files of your own' : 'the file'}`;
  return `${title} (${file}) is missing; run "kith models get ${id}" to download it, or ${own}`;
}

function damage(id: ModelId, path: string, found: string, right: string | null): string {
  const { title, bundled, sha256 } = catalog[id];
  if (sha256 === null) {
    const why =
      right === null
        ? 'has no note of its import beside it'
        : `was changed after it was imported: expected SHA-256 ${right} but found ${found}`;
    return `${path} (${title}) ${why}; import it again`;
  }
  const again = bundled ? 'npm run models' : `kith models get ${id}`;
  return `${path} is not the ${title} that Kith knows: expected SHA-256 ${sha256} but found ${found}; delete the file and run "${again}"`;
}
