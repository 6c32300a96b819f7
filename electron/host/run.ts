import { CommanderError } from 'commander';
import { KithError, UnreadablePhoto } from '../contract/errors.ts';
import { INTERRUPTED } from './interrupt.ts';
import { Exit, say } from './output.ts';
import { createProgram } from './program.ts';
import { sentence, unreadable } from './words.ts';

/** Runs one command line. Errors go to standard error. @returns the exit status */
export async function run(words: string[]): Promise<number> {
  let status: number = Exit.done;
  const program = createProgram((ended) => {
    status = ended;
  });
  try {
    await program.parseAsync(words, { from: 'user' });
    return status;
  } catch (error) {
    return await explain(error);
  }
}

async function explain(error: unknown): Promise<number> {
  // Commander has printed it already. Help that the user asked for is no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? Exit.done : Exit.refused;
  if (error instanceof KithError) {
    say(sentence(error));
    if (error.code === 'cancelled') return INTERRUPTED;
    return error.code === 'photo-unreadable' || error.code === 'no-face' ? Exit.incomplete : Exit.refused;
  }
  if (error instanceof UnreadablePhoto) {
    say(unreadable(error.detail, error.code));
    return Exit.incomplete;
  }
  const { log, openLog } = await import('../log/log.ts');
  openLog('command-line');
  log.failure('request.failed', error, {});
  say(`Kith failed where it should not: ${error instanceof Error ? error.stack : String(error)}`);
  return Exit.refused;
}
