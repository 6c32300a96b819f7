import { type Context, Hono } from 'hono';
import { KithError } from '../../contract/errors.ts';
import type { App, PictureKind } from '../../service/app/app.ts';
import { editionIn, etagOf } from '../../service/app/etag.ts';

/** Longest side that a page may ask for, in pixels. */
const SIZES = { least: 16, most: 8192 } as const;

/**
 * Serves `/face/<id>` and `/photo/<id>?size=`. After a library was erased, ids are given again. So a browser keeps
 * pictures but asks each time whether they are still the same, which costs no decoding.
 */
export function pictures(app: App): Hono {
  return new Hono()
    .get('/face/:id{[0-9]+}', (c) => send(c, 'face', Number(c.req.param('id'))))
    .get('/photo/:id{[0-9]+}', (c) => {
      const said = c.req.query('size');
      const size = said === undefined ? undefined : Number(said);
      if (size !== undefined && !(Number.isInteger(size) && size >= SIZES.least && size <= SIZES.most)) {
        return c.text(`Expected a size from ${SIZES.least} to ${SIZES.most} pixels.`, 400);
      }
      return send(c, 'photo', Number(c.req.param('id')), size);
    });

  async function send(c: Context, kind: PictureKind, id: number, size?: number): Promise<Response> {
    if (!Number.isSafeInteger(id)) return c.notFound();
    const { signal } = c.req.raw;
    const known = editionIn(c.req.header('if-none-match'), size);
    try {
      const picture = await app.picture(kind, id, { size, known, signal });
      if (picture === null) return c.notFound();
      c.header('ETag', etagOf(picture.edition, size));
      c.header('Cache-Control', 'private, no-cache');
      if (picture.bytes === null) return c.body(null, 304);
      return c.body(new Uint8Array(picture.bytes), 200, { 'Content-Type': picture.type });
    } catch (error) {
      // The page was scrolled past the picture and reads no answer any more.
      if (signal.aborted) return c.body(null, 503);
      if (error instanceof KithError) return c.text(error.code, 503);
      throw error;
    }
  }
}
