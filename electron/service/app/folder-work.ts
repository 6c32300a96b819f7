import type { Parsed } from '../../contract/api.ts';
import { encoderOf } from '../../contract/ids.ts';
import type { FolderGroups } from '../../contract/results.ts';
import { calibrationOf } from '../encoder.ts';
import { folderGroups } from '../folder-groups.ts';
import { findPerson, tagFolder } from '../tag.ts';
import { realFolder } from '../walk.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handlers.ts';
import type { Scans } from './scans.ts';
import type { State } from './state.ts';

type FolderHandlers = Pick<Handlers, 'folder.group' | 'folder.tag' | 'folder.find'>;

/** Requests that scan a folder and answer once that is done: the command line's. */
export function folderRequests(engine: Engine, state: State, scans: Scans): FolderHandlers {
  const { library } = state;

  async function group(
    { path, detector, encoder }: Parsed<'folder.group'>,
    signal: AbortSignal,
  ): Promise<FolderGroups> {
    const begin = performance.now();
    const by = await engine.byWish({ detector, encoder });
    // An encoder without a calibration is refused here, and not after hours of scanning.
    calibrationOf(by.encoder, engine.store.folders);
    const outcome = await scans.run(path, by, signal);
    return {
      ...folderGroups(library(), outcome.folder),
      detector: by.detector,
      encoder: encoderOf(by.encoder).id,
      seconds: Math.round(performance.now() - begin) / 1000,
      ...(outcome.passedOver.length > 0 ? { passedOver: outcome.passedOver } : {}),
    };
  }

  return {
    'folder.group': (params, { signal }) => group(params, signal),

    'folder.tag': async ({ examples, ...work }, { signal }) => {
      const result = await group(work, signal);
      const folder = await realFolder(work.path);
      await state.prepare();
      const tagged = tagFolder(library(), state.naming(), folder, result, examples, state.levels());
      state.changed();
      return tagged;
    },

    'folder.find': async ({ photo, ...work }, { signal }) => {
      const result = await group(work, signal);
      const folder = await realFolder(work.path);
      await state.prepare();
      return findPerson(library(), state.naming(), folder, result, photo, state.levels());
    },
  };
}
