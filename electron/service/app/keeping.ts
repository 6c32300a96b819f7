import { basename } from 'node:path';
import { KithError } from '../../contract/errors.ts';
import type { EntryId, FolderId } from '../../contract/ids.ts';
import type { KeptFolder } from '../../contract/metadata.ts';
import type { Library } from '../../library/open.ts';
import { findPerl, hasPerl } from '../../metadata/tool.ts';
import { realFolder } from '../walk.ts';
import { isWithin } from '../within.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handlers.ts';
import type { Keeper } from './keeper.ts';
import { METADATA_ACTION } from './metadata.ts';
import type { State } from './state.ts';

/** Requests about folders whose photos' metadata is kept up to date. */
export function keepingRequests(
  engine: Engine,
  state: State,
  keeper: Keeper,
): Pick<Handlers, 'metadata.kept' | 'metadata.keep'> {
  const { library } = state;

  function folders(): KeptFolder[] {
    const kept = library().keptMetadata.all();
    return library()
      .cards.photos.folders()
      .map(({ id, path }) => {
        const choices = kept.get(id);
        return {
          ...{ id, path, name: basename(path) },
          keeps: choices === undefined ? null : { choices, state: keeper.state(id) },
        };
      });
  }

  return {
    'metadata.kept': () => ({ perl: hasPerl(), folders: folders() }),

    'metadata.keep': async ({ path, choices }) => {
      const folder = await folderAt(library(), path);
      if (choices !== null) {
        findPerl();
        requireApart(library(), folder);
      }
      const entry = await keeper.change(folder.id, () => {
        if (choices === null) return letGo(library(), state, folder);
        library().keptMetadata.put(folder.id, choices);
        return null;
      });
      engine.tell({ kind: 'changed', what: ['settings'] });
      return { folder: folders().find(({ id }) => id === folder.id)!, entry };
    },
  };
}

interface Folder {
  id: FolderId;
  path: string;
}

/**
 * Keeps a folder up to date no longer. What its files hold by now becomes what is wanted of them, as one writing by the user:
 * so it can be undone, which takes the names out again, and the next writing begins from it.
 */
function letGo({ keptMetadata, metadata }: Library, state: State, { id, path }: Folder): EntryId | null {
  const choices = keptMetadata.all().get(id);
  if (choices === undefined) return null;
  const { into, forms } = choices;
  const detail = { folder: path, into, forms: typeof forms === 'string' ? forms : forms.join(' ') };
  return state.perform({ action: METADATA_ACTION, detail }, () => {
    for (const file of keptMetadata.held(id)) metadata.want(file, file.wanted);
    keptMetadata.put(id, null);
  }).entry;
}

/**
 * A folder of the library, which need not be there now: its disk may be away.
 *
 * @throws KithError bad-request, and those of a folder that is none
 */
async function folderAt({ metadata }: Library, path: string): Promise<Folder> {
  const all = metadata.folders();
  const known = all.find((folder) => folder.path === path);
  if (known !== undefined) return known;
  const real = await realFolder(path);
  const folder = all.find((one) => one.path === real);
  if (folder !== undefined) return folder;
  const around = all.find((one) => isWithin(one.path, real));
  throw new KithError(
    'bad-request',
    around === undefined
      ? `Expected a folder whose photos Kith knows but received ${real}; "kith group" finds the faces there`
      : `Expected a folder of the library but received ${real}, which is within ${around.path}: that is kept up to date as a whole`,
  );
}

/** Folders within each other have the same files, and would write them in turns. @throws KithError folder-kept */
function requireApart({ keptMetadata, metadata }: Library, { id, path }: Folder): void {
  const kept = keptMetadata.all();
  const other = metadata
    .folders()
    .find(
      (one) => one.id !== id && kept.has(one.id) && (isWithin(one.path, path) || isWithin(path, one.path)),
    );
  if (other !== undefined) throw new KithError('folder-kept', other.path);
}
