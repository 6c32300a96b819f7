import { existsSync, rmSync, statSync } from 'node:fs';
import { KithError } from '../../contract/errors.ts';
import { COMPANIONS, partOf, publish, realFile } from '../../library/copy-files.ts';
import { placeForCopy } from '../../library/kept-copies.ts';
import { type Library, openLibrary } from '../../library/open.ts';
import { settle } from '../../library/settle.ts';
import { log } from '../../log/log.ts';

/**
 * An open library, with a check that its file is still where it was opened. Users and programs move, delete and replace
 * files; SQLite would go on writing into a file that has no name any more.
 */
export class LibraryPlace {
  readonly #file: string;
  /** Null where it could not be opened again. Each access tries once more. */
  #library: Library | null;
  /** Device and number of the file that is open. */
  #identity: string | null;

  /** @throws KithError the errors of opening a library */
  constructor(file: string) {
    this.#file = file;
    for (const { kind } of settle(realFile(file))) log.note('library.settled', { kind });
    this.#library = openLibrary(file);
    this.#identity = identityOf(file);
  }

  /** @throws KithError the errors of opening a library, where it could not be opened again after it was exchanged */
  get library(): Library {
    return this.#library ?? this.#open();
  }

  /**
   * Checks that the file is the one that was opened. To be called before each request.
   *
   * @throws KithError library-gone where it is another: Kith has saved what it had open, `detail` is the path of that, and
   *   work goes on with the file that is there
   */
  require(): void {
    const { library } = this;
    if (identityOf(this.#file) === this.#identity) return;
    log.note('library.gone', {});
    const kept = this.#keep(library);
    this.#open();
    throw new KithError('library-gone', kept);
  }

  /**
   * Closes the library, runs `work` on the file, and opens it again, even where `work` throws.
   *
   * @throws KithError library-busy, disk-full where the record could not be written into one file: nothing was done then
   */
  without<T>(work: (file: string) => T): T {
    const { library } = this;
    library.checkpoint();
    library.close();
    this.#library = null;
    try {
      return work(realFile(library.file));
    } finally {
      this.#openAgain();
    }
  }

  close(): void {
    this.#library?.close();
  }

  /** Writes what is open to a file of its own: back to its place where that is free, else among the copies. */
  #keep(library: Library): string {
    const file = this.#file;
    const kept = existsSync(file) ? placeForCopy(file, 'replaced') : file;
    const draft = partOf(kept, 'part');
    library.rescueTo(draft);
    library.close();
    this.#library = null;
    // The write-ahead log of what was open stays behind. SQLite would replay it into the file that has that name now.
    for (const end of COMPANIONS) rmSync(`${file}${end}`, { force: true });
    publish(draft, kept);
    return kept;
  }

  /** Opens the library again. Where that fails, the next access throws the reason. */
  #openAgain(): void {
    try {
      this.#open();
    } catch (error) {
      if (!(error instanceof KithError)) throw error;
      log.failure('library.refused', error, {});
    }
  }

  #open(): Library {
    const library = openLibrary(this.#file);
    this.#library = library;
    this.#identity = identityOf(this.#file);
    return library;
  }
}

function identityOf(file: string): string | null {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stats ? `${stats.dev} ${stats.ino}` : null;
}
