/**
 * `node --import` this, then the installer of Electron's package, which downloads by `fetch` and would wait for minutes:
 * a server that does not answer, or stops in the midst, is given up, and the parent hears how it gets on.
 */
import type { FetchNote } from './fetch-electron.ts';

/** Milliseconds; the issue that asked for it allows 20 s for a connection. Tests ask for less. */
const PATIENCE = Number(process.env.KITH_FETCH_PATIENCE || 20_000);

const unwatched = globalThis.fetch;
const tell = (note: FetchNote) => void process.send?.(note);

globalThis.fetch = async (asked, how) => {
  const host = new URL(asked instanceof Request ? asked.url : asked).host;
  const giveUp = new AbortController();
  const patience = setTimeout(() => {
    tell({ kind: 'failed', why: got ? `${host} stopped sending` : `${host} did not answer` });
    giveUp.abort();
  }, PATIENCE);
  let got = false;
  try {
    const response = await unwatched(asked, { ...how, signal: giveUp.signal });
    if (!response.ok) tell({ kind: 'failed', why: `${host} answered ${response.status}` });
    if (!response.ok || response.body === null) {
      clearTimeout(patience);
      return response;
    }
    got = true;
    patience.refresh();
    const total = Number(response.headers.get('content-length')) || null;
    const { body } = response;
    return new Response(ReadableStream.from(watched(body, total)), response);
  } catch (error) {
    clearTimeout(patience);
    if (!giveUp.signal.aborted) tell({ kind: 'failed', why: `${host} can't be reached${codeOf(error)}` });
    throw error;
  }

  async function* watched(body: ReadableStream<Uint8Array>, total: number | null) {
    let done = 0;
    try {
      for await (const chunk of body) {
        patience.refresh();
        done += chunk.length;
        tell({ kind: 'progress', host, done, total });
        yield chunk;
      }
    } catch (error) {
      if (!giveUp.signal.aborted) tell({ kind: 'failed', why: `${host} broke off${codeOf(error)}` });
      throw error;
    } finally {
      clearTimeout(patience);
    }
  }
};

/** What Node says of a connection that failed, such as ` (ENOTFOUND)`. */
function codeOf(error: unknown): string {
  const { code } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
  return code === undefined ? '' : ` (${code})`;
}
