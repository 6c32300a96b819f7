import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { inWords } from './files.ts';

/** The note beside a part: its address, and the tag by which the server tells this file from a later one. */
const PartNote = z.object({ address: z.string(), validator: z.string().nullable() });
type PartNote = z.infer<typeof PartNote>;

/** Files of an unfinished download. They stay when it is cut off, so that the next download goes on from there. */
export const partPaths = (target: string) => ({ part: `${target}.part`, note: `${target}.part.json` });

/** What has come so far of a download. All failures are `KithError`s: `disk-full` or `output-unwritable`. */
export class PartFile {
  /** Bytes that are there. */
  done: number;
  /** The server's name for this edition of the file, as `If-Range` takes it; null where it gave none. */
  validator: string | null;
  readonly path: string;
  readonly #note: string;
  readonly #address: string;
  readonly #file: FileHandle;

  private constructor(
    target: string,
    address: string,
    file: FileHandle,
    done: number,
    note: PartNote | null,
  ) {
    ({ part: this.path, note: this.#note } = partPaths(target));
    this.#address = address;
    this.#file = file;
    this.done = done;
    this.validator = note?.validator ?? null;
  }

  /** Opens what an earlier download of the same address left, or begins anew. */
  static async open(target: string, address: string): Promise<PartFile> {
    const paths = partPaths(target);
    return named(paths.part, async () => {
      await mkdir(dirname(target), { recursive: true });
      const note = await readNote(paths.note);
      const file = await open(paths.part, constants.O_RDWR | constants.O_CREAT);
      const { size } = await file.stat();
      const part = new PartFile(target, address, file, size, note);
      if (note?.address !== address) await part.restart(null);
      return part;
    });
  }

  /** Deletes what has come: it is of another edition of the file than what comes now. */
  restart(validator: string | null): Promise<void> {
    return named(this.path, async () => {
      if (this.done > 0) await this.#file.truncate(0);
      this.done = 0;
      this.validator = validator;
      await writeFile(this.#note, JSON.stringify({ address: this.#address, validator } satisfies PartNote));
    });
  }

  /** Writes bytes at their offset and not at the end, so that two downloads of one file at once do no harm. */
  append(chunk: Uint8Array): Promise<void> {
    return named(this.path, async () => {
      for (let from = 0; from < chunk.length; ) {
        const { bytesWritten } = await this.#file.write(chunk, from, chunk.length - from, this.done);
        from += bytesWritten;
        this.done += bytesWritten;
      }
    });
  }

  /** SHA-256 of what has come, hex. Read from the open file: another download may have given it its own name already. */
  async sha256(): Promise<string> {
    const hash = createHash('sha256');
    for await (const chunk of this.#file.createReadStream({ start: 0, autoClose: false })) {
      hash.update(chunk as Buffer);
    }
    return hash.digest('hex');
  }

  /** Makes the part the file itself. */
  finish(target: string): Promise<void> {
    return named(target, async () => {
      await this.#file.sync();
      await this.#file.close();
      try {
        await rename(this.path, target);
      } catch (error) {
        // Another download of the same file was faster.
        if ((await stat(target).catch(() => null))?.size !== this.done) throw error;
      }
      await rm(this.#note, { force: true });
    });
  }

  /** Keeps what has come for the next download; empty files are removed. */
  async close(): Promise<void> {
    await this.#file.close();
    if (this.done === 0) await this.#remove();
  }

  async discard(): Promise<void> {
    await this.#file.close();
    await this.#remove();
  }

  async #remove(): Promise<void> {
    // The next download goes on from what stays, or overwrites it.
    await rm(this.path, { force: true }).catch(() => {});
    await rm(this.#note, { force: true }).catch(() => {});
  }
}

async function readNote(path: string): Promise<PartNote | null> {
  try {
    return PartNote.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    // There is no note, or a killed process left half of it: the download begins anew.
    return null;
  }
}

async function named<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw inWords(error, path);
  }
}
