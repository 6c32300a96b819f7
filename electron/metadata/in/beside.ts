import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { takeoutNames } from './takeout.ts';

/** A file that may name people on a photo, with a stamp that changes when the file does. */
export interface BesideFile {
  path: string;
  /** Size and time of the last change. */
  stamp: string;
}

/** The files beside a photo that may name the people on it. */
export interface Beside {
  /** XMP, the one that counts most first: `photo.jpg.xmp`, then `photo.xmp`. */
  sidecars: BesideFile[];
  takeout: BesideFile | null;
  picasa: BesideFile | null;
}

/** The files of one folder that may name people on its photos, as they were when it was listed. */
export class BesideFolder {
  /** By name in lower case: FAT and Windows do not tell case apart, and programs write either. */
  readonly #files: ReadonlyMap<string, BesideFile>;

  private constructor(files: Iterable<readonly [name: string, file: BesideFile]>) {
    this.#files = new Map(files);
  }

  /** Lists a folder; null where it can't be listed: its disk may not be connected. */
  static async list(folder: string): Promise<BesideFolder | null> {
    const names = await readdir(folder).catch(() => null);
    if (names === null) return null;
    const isOfUse = (name: string) => /\.(?:xmp|json)$/i.test(name) || /^\.?picasa\.ini$/i.test(name);
    // At once: one after the other takes as long as a scan in which nothing has changed.
    const files = names.filter(isOfUse).map(async (name) => {
      const path = join(folder, name);
      const stamp = await stampOf(path);
      return stamp === null ? [] : ([[name.toLowerCase(), { path, stamp }]] as const);
    });
    return new BesideFolder((await Promise.all(files)).flat());
  }

  /** @param name of the photo's file */
  of(name: string): Beside {
    // Most folders have no such file.
    if (this.#files.size === 0) return { sidecars: [], takeout: null, picasa: null };
    const stem = name.replace(/\.[^.]*$/, '');
    const [takeout = null] = takeoutNames(name).flatMap((json) => this.#file(json));
    const [picasa = null] = [...this.#file('.picasa.ini'), ...this.#file('picasa.ini')];
    return { sidecars: [...this.#file(`${name}.xmp`), ...this.#file(`${stem}.xmp`)], takeout, picasa };
  }

  #file(wanted: string): BesideFile[] {
    const file = this.#files.get(wanted.toLowerCase());
    return file ? [file] : [];
  }
}

/** Null where it is gone, or no plain file. */
async function stampOf(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found?.isFile() ? `${found.size}:${found.mtimeNs}` : null;
}
