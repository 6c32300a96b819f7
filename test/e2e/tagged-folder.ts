import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NamesTaken } from '../../electron/contract/names-in.ts';
import type { FaceCard } from '../../electron/contract/people.ts';
import { type ExifTool, startExifTool } from '../../electron/metadata/tool.ts';
import type { App } from '../../electron/service/app/app.ts';
import { openApp } from './app.ts';

/** A folder of photos that other programs tagged, and a library that has taken their names. */
export interface TaggedFolder {
  home: string;
  /** The folder of photos, in `home`. */
  folder: string;
  app: App;
  taken: NamesTaken;
  close(): Promise<void>;
}

/** @param fill writes the photos and tags them */
export async function taggedFolder(
  fill: (place: { home: string; folder: string; tool: ExifTool }) => Promise<void>,
): Promise<TaggedFolder> {
  const home = await mkdtemp(join(tmpdir(), 'kith-names-'));
  const folder = join(home, 'photos');
  const tool = startExifTool();
  await fill({ home, folder, tool }).finally(() => tool.end());
  const app = await openApp(join(home, 'library.kith'));
  const close = async () => {
    await app.close();
    await rm(home, { recursive: true });
  };
  return { home, folder, app, taken: await app.call('folder.names', { path: folder }), close };
}

/** The faces on the photo in a file, by the file's path in the folder. */
export async function facesOn({ app, folder }: TaggedFolder, path: string): Promise<FaceCard[]> {
  const { items } = await app.call('photos.list', { limit: 200 });
  const photos = await Promise.all(items.map(({ id }) => app.call('photos.get', { id })));
  return photos.find(({ files }) => files.includes(join(folder, path)))!.faces;
}
