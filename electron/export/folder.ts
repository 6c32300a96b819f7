import { type FileHandle, lstat, mkdir, open, rename, rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { KithError } from '../contract/errors.ts';
import { accountOf, lineOf, type OwnFile, sha256 } from './account.ts';
import { type Claim, claim, type Layout, requireFolder, stampOf } from './claim.ts';
import { withCopy } from './copy-in.ts';
import { placeNew, unwritable, withDraft } from './files.ts';
import { MARKER } from './marker.ts';
import { fold, NameBook } from './names.ts';

/** What the manifest says of its files. */
export type Rows = ({ file: string } & Record<string, unknown>)[];

/**
 * A folder while Kith exports to it. Whenever Kith is killed, each file in it is whole, and the next run knows which are
 * its own: a file's hash is put down before the file has its name.
 *
 * The manifest names exactly the files that are there. While that changes there is none.
 */
export class ExportFolder {
  readonly #claim: Claim;
  readonly #layout: Layout;
  /** The account, open from the first file to the last; null before and after. */
  #account: FileHandle | null = null;
  #hasBegun = false;

  private constructor(folder: Claim, layout: Layout) {
    this.#claim = folder;
    this.#layout = layout;
  }

  /** @throws KithError `output-busy`, `output-unwritable`, `disk-full`, `bad-request`: see {@link claim} */
  static async open(folder: string, layout: Layout): Promise<ExportFolder> {
    return new ExportFolder(await claim(folder, layout), layout);
  }

  /** Real path. */
  get root(): string {
    return this.#claim.root;
  }

  /** Relative paths that are somebody else's. */
  get foreign(): readonly string[] {
    return this.#claim.foreign;
  }

  /** The files that an earlier run wrote, by the SHA-256 of their bytes. */
  former(): Map<string, string> {
    return new Map([...this.#claim.own.values()].map(({ file, sha256: hash }) => [hash, file]));
  }

  /**
   * To be called before the first file is written.
   * @param folders relative; those that files will be written to
   * @throws KithError `output-unwritable` where a link or a file has the name of one of them
   */
  async begin(folders: Iterable<string>): Promise<void> {
    const { root, own, stamps } = this.#claim;
    for (const folder of new Set([...new Set(folders)].flatMap(withParents))) {
      await requireFolder(join(root, folder)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw unwritable(join(root, folder), error);
      });
    }
    this.#hasBegun = true;
    await this.#write(join(MARKER, 'files'), accountOf(this.#layout.kind, own.values()));
    this.#account = await open(join(root, MARKER, 'files'), 'a');
    await this.#remove(this.#layout.manifest);
    // A table tells of the files as they were.
    for (const { file } of [...own.values()].filter(({ about }) => about.isTable === true)) {
      await this.#remove(file);
      own.delete(file);
      stamps.delete(file);
    }
  }

  /**
   * Writes one file whole. It replaces one of an earlier run, and nothing else; one that has these bytes already stays.
   * @throws KithError `output-unwritable`, `disk-full`
   */
  async put(file: string, bytes: Uint8Array | string, about: Record<string, unknown> = {}): Promise<void> {
    await this.#put({ file, sha256: sha256(bytes), about }, (place) =>
      withDraft(join(this.#claim.root, MARKER), bytes, place),
    );
  }

  /**
   * Puts a file of the user's there, as {@link put} does: a copy with its date, or a second name of the same file where the
   * file system can give one.
   * @param sha256 of the bytes that it is to hold, hex
   * @returns false where the source is gone, can't be read or holds something else by now
   * @throws KithError `output-unwritable`, `disk-full`
   */
  async putFile(
    file: string,
    source: { path: string; sha256: string; isLinked: boolean },
    about: Record<string, unknown> = {},
  ): Promise<boolean> {
    let isThere = true;
    await this.#put({ file, sha256: source.sha256, about }, async (place) => {
      isThere = await withCopy(join(this.#claim.root, MARKER), source, place);
    });
    return isThere;
  }

  /** @param draft makes the file under a draft's name, and calls back to have it moved to its own, or does not */
  async #put(
    line: OwnFile,
    draft: (place: (draft: string) => Promise<void>) => Promise<void>,
  ): Promise<void> {
    const { root, own, stamps } = this.#claim;
    const { file } = line;
    const path = join(root, file);
    let isPlaced = false;
    try {
      for (const folder of withParents(dirname(file))) await this.#makeFolder(join(root, folder));
      const former = stamps.get(file);
      const isSame = own.get(file)?.sha256 === line.sha256 && (await stampOf(path)) === former;
      // To replace a file by its like is slow on some file systems, and makes whoever copies them on copy them again.
      if (isSame) {
        await this.#account?.appendFile(lineOf(line));
        isPlaced = true;
      } else {
        await draft(async (made) => {
          await this.#account?.appendFile(lineOf(line));
          const now = former === undefined ? null : await stampOf(path);
          if (now !== null && now !== former)
            throw new KithError('output-unwritable', `${path} (${CHANGED})`);
          if (now === null) await placeNew(made, path);
          else await rename(made, path);
          isPlaced = true;
        });
      }
    } catch (error) {
      throw unwritable(path, error);
    }
    if (!isPlaced) return;
    // At the end, so that the manifest has the order in which files were written.
    own.delete(file);
    own.set(file, line);
    stamps.delete(file);
  }

  /** Takes away what an earlier run wrote and this one did not, and folders that became empty by it. */
  async sweep(written: readonly string[]): Promise<void> {
    const { root, own, stamps } = this.#claim;
    const now = new Map(written.map((file) => [fold(file), file]));
    const kept = new Set(written);
    for (const file of [...own.keys()].filter((name) => !kept.has(name))) {
      const twin = now.get(fold(file));
      // Where case does not matter to the file system, both names are one file.
      const isGone = twin !== undefined && (await isOneFile(join(root, file), join(root, twin)));
      if (!isGone && (await stampOf(join(root, file))) === stamps.get(file)) await this.#remove(file);
      own.delete(file);
    }
  }

  /**
   * Writes the manifest, and gives the folder free for the next. To be called in any case, after a failure too: what is
   * there by then is in the manifest.
   * @param manifest its text, of the rows of its files
   * @param table the same for spreadsheets, `manifest.csv`
   * @throws KithError `output-unwritable`, `disk-full`; the folder is free all the same, and without a manifest
   */
  async close(
    manifest: (rows: Rows) => string | Iterable<string>,
    table?: (rows: Rows) => string,
  ): Promise<void> {
    try {
      if (!this.#hasBegun) return;
      const rows = [...this.#claim.own.values()].map(({ file, about }) => ({ file, ...about }));
      if (table) await this.put(this.#tableName(), table(rows), { isTable: true });
      await this.#account?.close();
      this.#account = null;
      await this.#write(join(MARKER, 'files'), accountOf(this.#layout.kind, this.#claim.own.values()));
      await this.#write(this.#layout.manifest, manifest(rows));
    } finally {
      await this.#account?.close().catch(() => undefined);
      this.#account = null;
      this.#claim.lock.release();
    }
  }

  /** Another's file of that name stays, one that the user changed in a spreadsheet too. */
  #tableName(): string {
    const { foreign, own } = this.#claim;
    return new NameBook([...foreign, ...own.keys()]).take('', 'manifest', '.csv');
  }

  async #makeFolder(path: string): Promise<void> {
    await mkdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await requireFolder(path);
  }

  async #write(file: string, text: string | Iterable<string>): Promise<void> {
    const { root } = this.#claim;
    const path = join(root, file);
    try {
      await withDraft(join(root, MARKER), text, (draft) => rename(draft, path));
    } catch (error) {
      throw unwritable(path, error);
    }
  }

  /** Removes one file of Kith's; through no link. */
  async #remove(file: string): Promise<void> {
    const { root } = this.#claim;
    const path = join(root, file);
    const folders = withParents(dirname(file));
    try {
      for (const folder of folders) await requireFolder(join(root, folder));
      if ((await lstat(path)).isFile()) await unlink(path);
      // Not empty: stays.
      for (const folder of folders.toReversed()) await rmdir(join(root, folder)).catch(() => undefined);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      if (error instanceof KithError) return;
      throw unwritable(path, error);
    }
  }
}

/** `a/b` → `a`, `a/b`. */
function withParents(folder: string): string[] {
  const parts = folder === '.' || folder === '' ? [] : folder.split('/');
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}

const CHANGED = 'somebody else changed it while Kith was exporting';

async function isOneFile(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([a, b].map((path) => lstat(path).catch(() => null)));
  return one != null && other != null && one.dev === other.dev && one.ino === other.ino;
}
