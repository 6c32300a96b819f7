import { readFile, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { getMimeType } from 'hono/utils/mime';
import { KithError } from '../contract/errors.ts';
import type { App, PictureKind } from '../service/app/app.ts';
import { editionIn, etagOf } from '../service/app/etag.ts';
import { ORIGIN } from './security.ts';

/** To be registered before Electron is ready: the page is then as good as one of the web over TLS. */
export const SCHEME = {
  scheme: 'kith',
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
} as const;

/** Nothing but the page's own files and pictures; nothing inline, nothing evaluated. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const ALWAYS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/** `face/12`, `photo/3?size=800`: the addresses under which the page knows pictures. */
const PICTURE = /^\/(face|photo)\/(\d{1,15})$/;

/** Longest side that a page may ask a photo to have, in pixels. */
const LARGEST = 8192;

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
    const { signal } = request;
    const known = editionIn(request.headers.get('if-none-match'), size);
    try {
      const found = await picture(kind as PictureKind, Number(id), { size, known, signal });
      if (found === null) return refusal(404);
      const kept = { etag: etagOf(found.edition, size), 'cache-control': 'private, no-cache' };
      if (found.bytes === null) return new Response(null, { status: 304, headers: { ...ALWAYS, ...kept } });
      return answer(found.bytes, found.type, kept);
    } catch (error) {
      // Scrolled past: nobody is left to read this.
      if (signal.aborted) return refusal(503);
      if (error instanceof KithError) return refusal(503);
      throw error;
    }
  };
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
  return bytes ? answer(bytes, type) : refusal(404);
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

function answer(bytes: Uint8Array, type: string, more: Record<string, string> = {}): Response {
  return new Response(new Uint8Array(bytes), { headers: { ...ALWAYS, ...more, 'content-type': type } });
}

function refusal(status: number): Response {
  return new Response(null, { status, headers: ALWAYS });
}
