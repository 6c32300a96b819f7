import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { KithError } from '../electron/contract/errors.ts';
import { calibrationSuffix } from './calibration.ts';
import { catalog, type ModelId } from './catalog.ts';
import { partPaths } from './download-part.ts';
import { downloadsFolder, planFetch, weightsPath } from './fetch.ts';
import { inWords } from './files.ts';
import { notePath } from './import-note.ts';
import { chosenFolder } from './store.ts';

/**
 * Removes a model from the folder that the user chose, with its note, its calibration and the part of a download. Bundled
 * models are in another folder and stay.
 *
 * @returns paths of what was removed
 * @throws KithError `model-missing` when nothing of it is there; `bad-request` when it is bundled;
 * `output-unwritable`
 */
export async function removeModel(id: ModelId, folder: string = chosenFolder()): Promise<string[]> {
  const { title, file, bundled } = catalog[id];
  const path = join(folder, file);
  const removed: string[] = [];
  for (const each of [path, notePath(path), ...(await measuredOf(id, folder)), ...leftOvers(id, path)]) {
    if (!(await stat(each).catch(() => null))) continue;
    try {
      await rm(each);
    } catch (error) {
      throw inWords(error, each);
    }
    removed.push(each);
  }
  // Only where it is empty.
  await rmdir(downloadsFolder(folder)).catch(() => {});
  if (removed.length > 0) return removed;
  throw bundled
    ? new KithError('bad-request', `${title} comes with Kith, which makes it again when it needs it`)
    : new KithError('model-missing', `${title} is not in ${folder}`);
}

/** The calibrations of all weights that ever lay there. */
async function measuredOf(id: ModelId, folder: string): Promise<string[]> {
  const files = await readdir(folder).catch(() => []);
  return files
    .filter((file) => file.startsWith(`${id}.`) && file.endsWith(calibrationSuffix))
    .map((file) => join(folder, file));
}

function leftOvers(id: ModelId, path: string): string[] {
  if (catalog[id].source.kind !== 'web') return [];
  const weights = weightsPath(planFetch(id).address, path);
  return [path, weights].flatMap((target) => Object.values(partPaths(target))).concat(weights);
}
