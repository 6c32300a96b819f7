import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Admission } from './admission.ts';

/** The one address under which the host answers. */
export interface Site {
  port: number;
  /** `127.0.0.1:port`, as browsers say it in `Host`. */
  host: string;
  /** `http://127.0.0.1:port`. */
  origin: string;
}

export function siteAt(port: number): Site {
  const host = `127.0.0.1:${port}`;
  return { port, host, origin: `http://${host}` };
}

/**
 * Checks every request, sockets included. `Host` keeps out foreign names that lead here (DNS rebinding). `Origin` and
 * `Sec-Fetch-Site` keep out other pages of the same browser, also those on other ports of this machine, with whose requests
 * the browser sends the cookie too. A request that passes these checks still needs the cookie.
 */
export function guard(site: Site, admission: Admission): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.header('host') !== site.host) return refuse(c, 403, `Kith answers at ${site.origin} only.`);
    if (!isFromHere(c, site)) return refuse(c, 403, 'Kith answers its own page only.');
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD')
      return refuse(c, 405, 'Kith is only read this way.');
    const token = c.req.path === '/' ? c.req.query('token') : undefined;
    if (token !== undefined) return enter(c, token);
    if (!admission.knows(getCookie(c, cookieName(site)))) {
      return refuse(c, 401, 'Open Kith by the address that it printed when it started.');
    }
    return next();
  };

  /** Exchanges the token for the cookie, so that the token leaves the address bar and the history. */
  function enter(c: Context, token: string): Response {
    if (!admission.admits(token)) {
      return refuse(
        c,
        403,
        'This address is no longer good. Open the one that Kith printed when it started.',
      );
    }
    // Without `Secure`: the host speaks plain HTTP within this machine, and would not get such a cookie.
    setCookie(c, cookieName(site), admission.session, { path: '/', httpOnly: true, sameSite: 'Strict' });
    return c.redirect('/', 303);
  }
}

/** The cookie's name. It holds the port: all ports of a machine share cookies, and two hosts of Kith may run on it. */
const cookieName = ({ port }: Site) => `kith-${port}`;

/** A socket always has an origin; an address that the user opens has none. */
function isFromHere(c: Context, { origin }: Site): boolean {
  const from = c.req.header('origin');
  const isSocket = c.req.header('upgrade') !== undefined;
  if (from === undefined ? isSocket : from !== origin) return false;
  const fetched = c.req.header('sec-fetch-site');
  return fetched === undefined || fetched === 'same-origin' || fetched === 'none';
}

/** A plain sentence for the user who sees it in the browser. */
function refuse(c: Context, status: 401 | 403 | 405, sentence: string): Response {
  return c.text(sentence, status, { 'Cache-Control': 'no-store' });
}
