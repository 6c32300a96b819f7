/** Exit status of the program. */
export const Exit = {
  done: 0,
  /** Finished, but some files could not be read, or a face that was asked for is not there. */
  incomplete: 1,
  /** Wrong use, or something stands in the way of all of it. */
  refused: 2,
} as const;
export type Exit = (typeof Exit)[keyof typeof Exit];

/** A command calls it with the status with which the program ends. */
export type End = (status: Exit) => void;

/** Writes to standard output, and waits until the other end has it. */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(`${text}\n`, (error) => (error ? reject(error) : resolve()));
  });
}

/** Writes the answer for programs: one JSON document and nothing else. */
export function printJson(value: unknown): Promise<void> {
  return print(JSON.stringify(value, null, process.stdout.isTTY ? 2 : undefined));
}

/** Tells the user something beside the answer, on standard error. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Ends the program quietly where the reader closes the pipe early, as `kith … | head` does: that is no error. */
export function endQuietlyWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(Exit.done);
      throw error;
    });
  }
}
