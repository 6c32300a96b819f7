import { toast } from 'svelte-sonner';
import type { FaceId } from '../../electron/contract/ids.ts';
import { ask } from '../bridge.ts';
import { t } from '../words/words.svelte.ts';

/** Files by which a dropped folder is known again. */
const KNOWN_BY = 20;

/** Where a dropped folder may lie. */
export interface Dropped {
  name: string;
  /** Empty where it was found nowhere. */
  paths: string[];
}

/**
 * Finds out where a folder that was dropped on the page lies. Nothing is uploaded: a window knows the path, and a browser
 * gives names and sizes, by which the service looks for it. A file stands for its folder.
 *
 * @returns null where neither a folder nor a file was dropped
 */
export async function locate(data: DataTransfer): Promise<Dropped | null> {
  const [file] = data.files;
  if (window.kith && file) {
    const path = window.kith.pathForFile(file);
    const isFolder = data.items[0]?.webkitGetAsEntry()?.isDirectory ?? true;
    if (path !== null) return { name: file.name, paths: [isFolder ? path : folderOf(path)] };
  }
  const entry = data.items[0]?.webkitGetAsEntry();
  if (!entry?.isDirectory) return null;
  const files = await filesOf(entry as FileSystemDirectoryEntry);
  return { name: entry.name, paths: await ask('folders.find', { name: entry.name, files }) };
}

/** `/photos/anna.jpg` → `/photos`, `C:\\anna.jpg` → `C:\\`. */
function folderOf(path: string): string {
  const folder = path.replace(/[\\/][^\\/]*$/, '');
  return /^([A-Za-z]:)?$/.test(folder) ? `${folder}${path[folder.length]}` : folder;
}

async function filesOf(folder: FileSystemDirectoryEntry): Promise<{ name: string; size: number }[]> {
  const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
    folder.createReader().readEntries(resolve, reject),
  );
  const files = entries.filter((entry) => entry.isFile).slice(0, KNOWN_BY) as FileSystemFileEntry[];
  return Promise.all(
    files.map(
      (entry) =>
        new Promise<{ name: string; size: number }>((resolve, reject) =>
          entry.file(({ name, size }) => resolve({ name, size }), reject),
        ),
    ),
  );
}

/**
 * The largest face on a dropped photo of the library, known by the file's name and size.
 *
 * @returns null where a person was told why there is none
 */
export async function faceOnDropped(file: File): Promise<FaceId | null> {
  const [photo] = await ask('photos.find', { name: file.name, bytes: file.size });
  if (photo === undefined) {
    toast.error(t('compare.unknown', { name: file.name }));
    return null;
  }
  const { faces } = await ask('photos.get', { id: photo });
  const [largest] = faces.toSorted(
    (one, other) => other.box.width * other.box.height - one.box.width * one.box.height,
  );
  if (largest === undefined) toast.error(t('compare.no-face', { name: file.name }));
  return largest?.id ?? null;
}
