import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ExifToolTask, ExifTool as Vendored } from 'exiftool-vendored';
import { KithError } from '../contract/errors.ts';

/** ExifTool processes at once: a second one keeps a disk busy while the first computes. Chosen by hand. */
const PROCESSES = 2;

/** Milliseconds for one command. A file of some gigabytes on a slow disk takes tens of seconds. Chosen by hand. */
const TIMEOUT_MS = 120_000;

/** What ExifTool printed, and what it warned of. */
export interface Printed {
  text: string;
  warnings: string[];
}

/** What ExifTool says of a file that it can't read or write. */
export class ExifToolError extends Error {}

/** ExifTool, running: a command costs some milliseconds, where starting it anew would cost 150. */
export interface ExifTool {
  /**
   * Runs one command. Paths have to be absolute, so that none of them reads like an option.
   *
   * @throws ExifToolError with the first error that ExifTool prints
   */
  run(args: readonly string[]): Promise<Printed>;
  /**
   * Tags of a file by group and name, such as `XMP-dc:Subject`. Structures are nested, numbers are the text that stands in
   * the file, and nothing is translated to words.
   *
   * @param tags such as `XMP-mwg-rs:RegionInfo`, without a dash
   * @throws ExifToolError
   */
  read(path: string, tags: readonly string[]): Promise<Record<string, unknown>>;
  /** Ends its processes. */
  end(): Promise<void>;
}

/**
 * Where Perl lies; null on Windows, whose ExifTool brings its own.
 *
 * @param path folders, as the variable `PATH` has them
 * @throws KithError perl-missing
 */
export function findPerl(path: string = process.env.PATH ?? '', platform = process.platform): string | null {
  if (platform === 'win32') return null;
  const folders = [...path.split(delimiter).filter(Boolean)];
  const found = folders.map((folder) => join(folder, 'perl')).find(isProgram);
  if (found !== undefined) return found;
  const how: Partial<Record<NodeJS.Platform, string>> = {
    linux: '"sudo apt install perl", or the like of your system, installs it',
    darwin: '"brew install perl" installs it',
  };
  throw new KithError('perl-missing', how[platform] ?? 'install it by the means of your system');
}

/** Whether ExifTool can run: see {@link findPerl}. */
export function hasPerl(): boolean {
  try {
    findPerl();
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts ExifTool.
 *
 * @throws KithError perl-missing
 */
export function startExifTool(): ExifTool {
  findPerl();
  const tool = new Vendored({
    maxProcs: PROCESSES,
    taskTimeoutMillis: TIMEOUT_MS,
    // A command that writes must not be sent twice.
    taskRetries: 0,
    // What is written by the sources of ExifTool decides, never a file of the user's settings.
    exiftoolArgs: ['-config', '', '-stay_open', 'True', '-@', '-'],
  });
  const run = async (args: readonly string[]) => {
    // ExifTool reads one argument from each line, so a part of this one would be read as another: a file, or an option.
    const broken = args.find((arg) => /[\r\n]/.test(arg));
    if (broken !== undefined) throw new ExifToolError(`Line break in ${JSON.stringify(broken)}`);
    return await tool.enqueueTask(() => new Command(['-charset', 'filename=utf8', ...args]), false);
  };
  return {
    run,
    async read(path, tags) {
      const asked = tags.map((tag) => `-${tag}`);
      const { text } = await run([
        ...['-json', '-struct', '-n', '-G1', '-api', 'StructFormat=JSONQ'],
        ...asked,
        path,
      ]);
      const [found] = JSON.parse(text) as Record<string, unknown>[];
      return found ?? {};
    },
    end: () => tool.end(),
  };
}

/** One command with its plain output. */
class Command extends ExifToolTask<Printed> {
  protected override parse(text: string, error?: Error): Printed {
    if (error !== undefined) throw new ExifToolError(error.message, { cause: error });
    return { text, warnings: [...this.warnings] };
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
