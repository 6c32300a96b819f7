import { existsSync, rmSync, statSync } from 'node:fs';
import { KithError } from '../../contract/errors.ts';
import { COMPANIONS, partOf, publish, realFile } from '../../library/copy-files.ts';
import { placeForCopy } from '../../library/kept-copies.ts';
import { type Library, openLibrary } from '../../library/open.ts';
import { settle } from '../../library/settle.ts';
import { log } from '../../log/log.ts';

/**
 * An open library whose file stays where it was opened. Programs and people move, delete and replace files; SQLite would go
 * on writing into what nobody finds any more.
 */
export class LibraryPlace {
  readonly #file: string;
  /** Null where it could not be opened again: that is tried whenever somebody needs it. */
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
   * To be called before each request.
   *
   * @throws KithError library-gone where the file is not the one that was opened: what Kith had open was kept, `detail` says
   *   where, and work goes on with the file that is there
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
   * Closes the library, lets `work` do what it likes to the file, and opens it again whatever comes of it.
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
    // The log of what was open stays behind under the same name, and would be played into whatever lies there now.
    for (const end of COMPANIONS) rmSync(`${file}${end}`, { force: true });
    publish(draft, kept);
    return kept;
  }

  /** Whoever needs the library next is told why it can't be opened. */
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
