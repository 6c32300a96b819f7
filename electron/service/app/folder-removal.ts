import { KithError } from '../../contract/errors.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handlers.ts';
import type { Scans } from './scans.ts';

/** Taking folders out of the library. */
export function folderRemoval(engine: Engine, scans: Scans): Pick<Handlers, 'folders.remove'> {
  return {
    'folders.remove': ({ id }) => {
      if (scans.isRunning) throw new KithError('scan-running', scans.state?.path ?? '');
      const photos = engine.library.files.removeFolder(id);
      if (photos === null) throw new KithError('not-found', `folder ${id}`);
      engine.tell({ kind: 'changed', what: ['folders', 'photos', 'faces', 'people'] });
      return { photos };
    },
  };
}
