import { dirname } from 'node:path';
import { expect } from 'vitest';
import type { ServiceEvent } from '../../electron/contract/events.ts';
import type { FaceCard } from '../../electron/contract/people.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { sixPhotos } from '../fixtures/sample-faces.ts';
import { scan } from '../fixtures/scan.ts';

/** The whole application behind its one door, with the bundled models whatever else is installed. */
export const openApp = (libraryFile: string): Promise<App> =>
  createApp({ libraryFile, detector: 'ssd', encoder: 'dlib' });

/** The same, where the six photos that come with a package have been looked at. @param onEvent told of all that happens */
export async function openOnSamples(
  libraryFile: string,
  onEvent: (event: ServiceEvent) => void = () => {},
): Promise<App> {
  const app = await openApp(libraryFile);
  app.on(onEvent);
  expect(await scan(app, await sixPhotos(dirname(libraryFile)))).toMatchObject({
    phase: 'done',
    failure: null,
  });
  return app;
}

/** The faces of all photos. */
export async function facesOf(app: App): Promise<FaceCard[]> {
  const { items } = await app.call('photos.list', {});
  const photos = await Promise.all(items.map(({ id }) => app.call('photos.get', { id })));
  return photos.flatMap(({ faces }) => faces);
}
