import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { PAGE_POLICY } from '../../contract/page-policy.ts';
import type { Site } from './guard.ts';

/** What the page may do: load its own files and pictures, talk to its own host, and nothing else. */
export function headers({ host }: Site): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      ...PAGE_POLICY,
      // Not every browser takes the page's own socket for 'self'.
      connectSrc: [...PAGE_POLICY.connectSrc, `ws://${host}`],
    },
    crossOriginOpenerPolicy: 'same-origin',
    crossOriginResourcePolicy: 'same-origin',
    referrerPolicy: 'no-referrer',
    xFrameOptions: 'DENY',
    // Not sent: there is no HTTPS within a machine.
    strictTransportSecurity: false,
    permissionsPolicy: { camera: [], microphone: [], geolocation: [], usb: [], serial: [], payment: [] },
  });
}
