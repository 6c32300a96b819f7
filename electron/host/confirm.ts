import { createInterface } from 'node:readline/promises';
import { say } from './output.ts';

/** Whether a user at a terminal can be asked. */
export const canAsk = () => process.stdin.isTTY === true && process.stderr.isTTY === true;

/** Asks a question on standard error, beside the command's answer. Anything but yes is no, Ctrl-C and Ctrl-D included. */
export async function confirm(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const gone = new AbortController();
  for (const event of ['SIGINT', 'close'] as const) lines.on(event, () => gone.abort());
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal: gone.signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    say('');
    return false;
  } finally {
    lines.close();
  }
}
