import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import type { MiddlewareHandler } from 'hono';

/** Where the page is built to. */
export const PAGE = resolve(import.meta.dirname, '../../../dist/page');

/** Serves the files of the built page, `/` being its index. */
export function page(folder: string): MiddlewareHandler {
  if (!existsSync(join(folder, 'index.html'))) {
    return async (c, next) =>
      c.req.path === '/'
        ? c.text('The page has not been built yet: "npm start" builds it, and opens it.', 503)
        : next();
  }
  const files = serveStatic({ root: folder });
  return async (c, next) => {
    const answer = await files(c, next);
    if (!(answer instanceof Response)) return;
    // Names in this folder hold a hash of the content, so browsers keep these files. They ask for all others each time.
    const isHashed = c.req.path.startsWith('/assets/');
    answer.headers.set('Cache-Control', isHashed ? 'private, max-age=31536000, immutable' : 'no-cache');
    return answer;
  };
}
