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

/** The files of one folder that may name people on its photos. */
export class BesideFolder {
  readonly #folder: string;
  /** By name in lower case: FAT and Windows do not tell case apart, and programs write either. */
  readonly #names: ReadonlyMap<string, string>;
  readonly #stamps = new Map<string, Promise<string | null>>();

  private constructor(folder: string, names: readonly string[]) {
    this.#folder = folder;
    this.#names = new Map(names.map((name) => [name.toLowerCase(), name]));
  }

  /** Lists a folder; null where it can't be listed: its disk may not be connected. */
  static async list(folder: string): Promise<BesideFolder | null> {
    const names = await readdir(folder).catch(() => null);
    if (names === null) return null;
    const isOfUse = (name: string) => /\.(?:xmp|json)$/i.test(name) || /^\.?picasa\.ini$/i.test(name);
    return new BesideFolder(folder, names.filter(isOfUse));
  }

  /** Whether the folder has no such file. Most have none. */
  get isEmpty(): boolean {
    return this.#names.size === 0;
  }

  /** @param name of the photo's file */
  async of(name: string): Promise<Beside> {
    if (this.isEmpty) return { sidecars: [], takeout: null, picasa: null };
    const stem = name.replace(/\.[^.]*$/, '');
    const sidecars = [await this.#file(`${name}.xmp`), await this.#file(`${stem}.xmp`)];
    let takeout: BesideFile | null = null;
    for (const json of takeoutNames(name)) takeout ??= await this.#file(json);
    const picasa = (await this.#file('.picasa.ini')) ?? (await this.#file('picasa.ini'));
    return { sidecars: sidecars.filter((file) => file !== null), takeout, picasa };
  }

  async #file(wanted: string): Promise<BesideFile | null> {
    const name = this.#names.get(wanted.toLowerCase());
    if (name === undefined) return null;
    const path = join(this.#folder, name);
    const known = this.#stamps.get(name) ?? stampOf(path);
    this.#stamps.set(name, known);
    const stamp = await known;
    return stamp === null ? null : { path, stamp };
  }
}

/** Null where it is gone, or no plain file. */
async function stampOf(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found?.isFile() ? `${found.size}:${found.mtimeNs}` : null;
}
