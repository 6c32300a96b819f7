import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type ExifTool, ExifToolError } from '../tool.ts';
import type { Beside, BesideFile } from './beside.ts';
import type { FoundNames } from './found.ts';
import { type PicasaFolder, parsePicasaIni } from './picasa.ts';
import { mayHaveNames } from './quick-look.ts';
import type { Sides } from './regions.ts';
import { boxOf, namesInTags, orientationIn, TAGS, type Tags } from './tags.ts';
import { parseTakeout } from './takeout.ts';

/** Largest text beside a photo that is read, in bytes. Source: bound; a `.picasa.ini` of 10,000 photos has 2 MB. */
const LARGEST_TEXT = 64 * 1024 * 1024;

/** Reads who is on photos, from their files and from what lies beside them. */
export class NameReader {
  readonly #tool: () => ExifTool;
  /** Names of Picasa's contacts, by id. */
  readonly #contacts: ReadonlyMap<string, string>;
  /** Folders whose `.picasa.ini` was read, by its path. */
  readonly #folders = new Map<string, Promise<PicasaFolder | null>>();

  /** @param tool starts ExifTool where it is first needed */
  constructor(tool: () => ExifTool, contacts: ReadonlyMap<string, string>) {
    this.#tool = tool;
    this.#contacts = contacts;
  }

  /**
   * The names in one photo's file and beside it. A file that can't be read gives no names.
   *
   * @param path absolute
   * @param upright sides of the upright photo, in pixels
   * @throws KithError perl-missing
   */
  async read(path: string, beside: Beside, upright: Sides): Promise<FoundNames> {
    const faces = await this.#picasaFaces(path, beside.picasa);
    const isWanted = faces.length > 0 || beside.sidecars.length > 0;
    const file = isWanted || (await mayHaveNames(path).catch(() => false)) ? await this.#tags(path) : {};
    const sidecars = await Promise.all(beside.sidecars.map((sidecar) => this.#tags(sidecar.path)));
    const found = namesInTags(file, sidecars, upright);
    const orientation = orientationIn(file);
    const google = beside.takeout === null ? [] : parseTakeout((await textOf(beside.takeout)) ?? '');
    return {
      ...found,
      regions: [
        ...found.regions,
        ...faces.map(({ name, area }) => ({
          name,
          box: boxOf(area, orientation),
          from: 'picasa' as const,
        })),
      ],
      people: [...found.people, ...google.map((name) => ({ name, from: 'google' as const }))],
    };
  }

  async #tags(path: string): Promise<Tags> {
    try {
      return await this.#tool().read(path, TAGS);
    } catch (error) {
      if (error instanceof ExifToolError) return {};
      throw error;
    }
  }

  async #picasaFaces(path: string, ini: BesideFile | null) {
    if (ini === null) return [];
    const known = this.#folders.get(ini.path) ?? folderOf(ini);
    this.#folders.set(ini.path, known);
    const folder = await known;
    if (folder === null) return [];
    const faces = folder.faces.get(basename(path).toLowerCase()) ?? [];
    return faces.flatMap(({ contact, area }) => {
      // The folder's own list was written with the faces; contacts.xml may be of another machine.
      const name = folder.contacts.get(contact) ?? this.#contacts.get(contact);
      return name === undefined ? [] : [{ name, area }];
    });
  }
}

async function folderOf(ini: BesideFile): Promise<PicasaFolder | null> {
  const text = await textOf(ini);
  return text === null ? null : parsePicasaIni(text);
}

/** The text of a file, in UTF-8 or in Windows' own letters; null where it can't be read. */
async function textOf({ path, stamp }: BesideFile): Promise<string | null> {
  if (Number(stamp.split(':', 1)[0]) > LARGEST_TEXT) return null;
  const bytes = await readFile(path).catch(() => null);
  if (bytes === null) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Picasa before version 3 wrote its lists in the letters of the system.
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
