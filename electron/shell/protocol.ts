import { readFile, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { getMimeType } from 'hono/utils/mime';
import { KithError } from '../contract/errors.ts';
import { PAGE_POLICY } from '../contract/page-policy.ts';
import type { App, Picture, PictureKind } from '../service/app/app.ts';
import { editionIn, etagOf } from '../service/app/etag.ts';
import { ORIGIN } from './security.ts';

/** To be registered before Electron is ready: the page is then as good as one of the web over TLS. */
export const SCHEME = {
  scheme: 'kith',
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
} as const;

const POLICY = Object.entries(PAGE_POLICY)
  .map(([name, sources]) =>
    [name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), ...sources].join(' '),
  )
  .join('; ');

const ALWAYS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** `face/12`, `photo/3?size=800`: the addresses under which the page knows pictures. */
const PICTURE = /^\/(face|photo)\/(\d{1,15})$/;

/** Longest side that a page may ask a photo to have, in pixels. */
const LARGEST = 8192;

/** Milliseconds in which what the record has is here. Chosen by hand: it takes 5, a photo's file 100 and more. */
const SOON = 60;

export interface Served {
  /** Where the page's files lie. */
  folder: string;
  picture: App['picture'];
}

/** Answers `kith://app/…`: files of the page, and pictures out of the library. */
export function serve({ folder, picture }: Served): (request: Request) => Promise<Response> {
  return async (request) => {
    const address = new URL(request.url);
    if (!request.url.startsWith(`${ORIGIN}/`)) return refusal(403);
    if (request.method !== 'GET') return refusal(405);
    const [, kind, id] = PICTURE.exec(address.pathname) ?? [];
    if (kind === undefined) return fileOf(folder, address.pathname);
    const size = sizeOf(address.searchParams.get('size'));
    if (size === null) return refusal(400);
    return pictureOf(picture, request, kind as PictureKind, Number(id), size);
  };
}

/** Answers with a picture: at once where the record has it, else so that the page can let go of it meanwhile. */
async function pictureOf(
  picture: App['picture'],
  request: Request,
  kind: PictureKind,
  id: number,
  size: number | undefined,
): Promise<Response> {
  const unwanted = new AbortController();
  const known = editionIn(request.headers.get('if-none-match'), size);
  const drawn = picture(kind, id, { size, known, signal: unwanted.signal });
  drawn.catch(() => {});
  const headers = (edition: string) => ({
    etag: etagOf(edition, size),
    'cache-control': 'private, no-cache',
  });
  try {
    const found = await Promise.race([drawn, wait(SOON, undefined, { ref: false })]);
    if (found === undefined) {
      const head = await picture(kind, id, { size, head: true });
      if (head) return answer(bodyOf(drawn, unwanted), head.type, headers(head.edition));
      unwanted.abort();
      return refusal(404);
    }
    if (found === null) return refusal(404);
    const kept = headers(found.edition);
    if (found.bytes === null) return new Response(null, { status: 304, headers: { ...ALWAYS, ...kept } });
    return answer(new Uint8Array(found.bytes), found.type, kept);
  } catch (error) {
    unwanted.abort();
    if (error instanceof KithError) return refusal(503);
    throw error;
  }
}

/**
 * A picture that is still being drawn. Electron never aborts the signal of a request, but where nobody waits for the
 * answer any more it destroys the body (NodeStreamLoader), and so the drawing ends.
 */
function bodyOf(drawn: Promise<Picture | null>, unwanted: AbortController): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async start(body) {
      const found = await drawn.catch(() => null);
      if (unwanted.signal.aborted) return;
      if (!found?.bytes) return body.error(new Error('Expected a picture but it could not be drawn'));
      body.enqueue(new Uint8Array(found.bytes));
      body.close();
    },
    cancel: () => unwanted.abort(),
  });
}

/** `undefined` where none is given, null for what is none. */
function sizeOf(text: string | null): number | null | undefined {
  if (text === null) return undefined;
  const size = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return size > 0 && size <= LARGEST ? size : null;
}

async function fileOf(folder: string, pathname: string): Promise<Response> {
  const path = await within(folder, pathname === '/' ? '/index.html' : pathname);
  const type = path && getMimeType(path);
  if (!path || !type) return refusal(404);
  const bytes = await readFile(path).catch(() => null);
  return bytes ? answer(new Uint8Array(bytes), type) : refusal(404);
}

/** The real path, where it lies in the folder; links that lead out of it don't count. */
async function within(folder: string, pathname: string): Promise<string | null> {
  try {
    const root = await realpath(folder);
    const path = await realpath(join(root, decodeURIComponent(pathname)));
    const way = relative(root, path);
    return way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way) ? null : path;
  } catch {
    return null;
  }
}

function answer(
  body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
  type: string,
  more: Record<string, string> = {},
): Response {
  return new Response(body, { headers: { ...ALWAYS, ...more, 'content-type': type } });
}

function refusal(status: number): Response {
  return new Response(null, { status, headers: ALWAYS });
}
