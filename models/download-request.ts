import { KithError } from '../electron/contract/errors.ts';

/** A failure that may not happen on another try. */
export class TryAgain extends Error {
  /** How long the server asks to wait before the next try; null where it does not say. */
  readonly waitMs: number | null;

  constructor(why: string, waitMs: number | null = null) {
    super(why);
    this.waitMs = waitMs;
  }
}

export type Answer =
  | {
      kind: 'body';
      /** Offset in bytes of the first one that comes. */
      from: number;
      /** Bytes of the whole file; null where the server does not say. */
      total: number | null;
      /** Of this edition of the file, for `If-Range`; null where it can't be told from another. */
      validator: string | null;
      body: AsyncIterable<Uint8Array>;
    }
  /** There is nothing after what was asked to be passed over. */
  | { kind: 'complete' }
  /** What is there already is of another edition of the file. */
  | { kind: 'start-over' };

/** What is there already. */
export interface Beginning {
  done: number;
  validator: string | null;
}

const mostRedirects = 10;

/**
 * Asks for a file, or for the rest of it (RFC 9110, sections 13.1.5 and 14).
 *
 * @throws TryAgain when the server is busy or ill, KithError `download-failed` when asking again is of no use;
 * what `fetch` throws when the network fails
 */
export async function request(address: string, have: Beginning, signal: AbortSignal): Promise<Answer> {
  const headers: Record<string, string> = {
    // Offsets count bytes of the file, which a compressed answer would not have.
    'accept-encoding': 'identity',
    ...(have.done > 0 && { range: `bytes=${have.done}-` }),
    ...(have.done > 0 && have.validator !== null && { 'if-range': have.validator }),
  };
  const response = await follow(webAddress(address), headers, signal);
  const { status } = response;
  if (status === 200 || (status === 206 && have.done > 0)) return body(response, have);
  await response.body?.cancel();
  if (status === 416 && have.done > 0) {
    const whole = /^bytes \*\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1];
    return { kind: Number(whole) === have.done && isSame(response, have) ? 'complete' : 'start-over' };
  }
  if (status === 408 || status === 425 || status === 429 || status >= 500)
    throw new TryAgain(`the server answered ${status}`, retryAfter(response));
  const meaning = status === 404 || status === 410 ? 'there is no such file' : 'it was refused';
  throw new KithError('download-failed', `${address}: the server answered ${status}, ${meaning}`);
}

async function follow(start: URL, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
  let url = start;
  for (let hops = 0; hops <= mostRedirects; hops++) {
    const response = await fetch(url, { headers, signal, redirect: 'manual' });
    if (![301, 302, 303, 307, 308].includes(response.status)) return response;
    await response.body?.cancel();
    const next = webAddress(response.headers.get('location') ?? '', url);
    if (url.protocol === 'https:' && next.protocol === 'http:' && !isLoopback(next)) {
      throw new KithError(
        'download-failed',
        `${start}: it leads to ${next}, which anybody on the way could change; Kith goes from https to https alone`,
      );
    }
    url = next;
  }
  throw new KithError('download-failed', `${start}: it leads on and on, more than ${mostRedirects} times`);
}

/** @throws KithError `download-failed` for what is no address of the web */
function webAddress(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href);
  if (text !== '' && url !== null && /^https?:$/.test(url.protocol) && url.username === '') return url;
  throw new KithError(
    'download-failed',
    `Expected an address that begins with https:// and has no password in it but received "${text}"`,
  );
}

const isLoopback = ({ hostname }: URL) => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

async function body(response: Response, have: Beginning): Promise<Answer> {
  const { headers, status } = response;
  // A login page of a hotel or a train may answer instead of the server.
  if (/^text\/html\b/i.test(headers.get('content-type') ?? ''))
    throw new KithError('download-failed', `${response.url}: a web page came instead of the file`);
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  const partly = status === 206;
  if (partly && (range === null || Number(range[1]) !== have.done || !isSame(response, have))) {
    await response.body?.cancel();
    return { kind: 'start-over' };
  }
  // What the server compressed all the same comes unpacked, and has another length than the header says.
  const packed = !/^(identity)?$/i.test(headers.get('content-encoding') ?? '');
  const total = partly ? Number(range![2]) : Number(headers.get('content-length') ?? Number.NaN);
  return {
    kind: 'body',
    from: partly ? have.done : 0,
    total: packed || Number.isNaN(total) ? null : total,
    validator: partly ? have.validator : packed ? null : validatorOf(response),
    body: response.body ?? noBytes(),
  };
}

/** Only a strong entity tag is of use; a date of change is the next best. */
function validatorOf({ headers }: Response): string | null {
  const tag = headers.get('etag');
  return tag !== null && !tag.startsWith('W/') ? tag : headers.get('last-modified');
}

/** Whether the answer is about the edition of which a part is there: some servers ignore `If-Range`. */
function isSame(response: Response, { validator }: Beginning): boolean {
  const now = validatorOf(response);
  return validator === null || now === null || validator === now;
}

/** Seconds or a date (RFC 9110, section 10.2.3). */
function retryAfter({ headers }: Response): number | null {
  const value = headers.get('retry-after')?.trim();
  if (!value) return null;
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(wait) ? null : Math.max(0, wait);
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}
