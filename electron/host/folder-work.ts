import type { Params, Result } from '../contract/api.ts';
import type { App } from '../service/app/app.ts';
import { withApp } from './engine.ts';
import { interruptible } from './interrupt.ts';
import { say } from './output.ts';
import { progressLine } from './progress.ts';

type FolderRequest = 'folder.group' | 'folder.tag' | 'folder.find' | 'folder.names';

/**
 * Asks the owner of the library to scan a folder, shows how far it is, and stops it on Ctrl-C.
 *
 * @param then runs with the result while the application is still connected, to ask for crops for example
 * @throws KithError folder-missing, folder-is-a-file, folder-unreadable before any library is made; cancelled
 */
export async function onFolder<N extends FolderRequest, T>(
  options: { library?: string | undefined },
  name: N,
  params: Params<N>,
  then: (result: Result<N>, app: App) => Promise<T>,
): Promise<T> {
  const { realFolder } = await import('../service/walk.ts');
  const folder = await realFolder(params.path);
  await requireCalibration(params);
  return withApp(options, async (app) => {
    const bar = progressLine('photos');
    const stop = app.on((event) => {
      if (event.kind === 'work' && event.work === 'metadata' && event.total !== null) {
        const { done, total, rate } = event;
        bar.show({ done, total, rate, remaining: rate > 0 ? (total - done) / rate : null });
      }
      if (event.kind !== 'scan' || event.state.path !== folder) return;
      const { progress, people } = event.state;
      bar.show({ ...progress, found: `${progress.faces} faces, ${people} people` });
    });
    const result = await interruptible(
      (signal) => app.call(name, params, { signal }),
      () => {
        bar.clear();
        say('Stopping after the photos in hand. What is finished is kept; Ctrl-C again quits at once.');
      },
    ).finally(() => {
      stop();
      bar.clear();
    });
    return then(result, app);
  });
}

/** Refuses an encoder without a calibration before a library is made: it can't group. */
async function requireCalibration(wish: Params<FolderRequest>): Promise<void> {
  const { ensureModels } = await import('./engine.ts');
  await ensureModels();
  const { modelsInUse } = await import('../../models/choice.ts');
  const { encoderKey } = await import('../../models/encoder.ts');
  const { openStore } = await import('../../models/store.ts');
  const { calibrationOf } = await import('../service/encoder.ts');
  const { encoder } = await modelsInUse(wish);
  calibrationOf(await encoderKey(encoder, openStore()));
}
