import { randomBytes, timingSafeEqual } from 'node:crypto';

/** How long a ticket is good, in milliseconds: a browser may take long to start. Chosen by hand. */
const TICKET_LASTS = 120_000;

/**
 * Admits browsers: first by the token, then by the cookie that the token was exchanged for. Kith opens the browser with a
 * ticket instead, which is good once, since every user of a machine may read the command lines of its processes.
 */
export class Admission {
  /** Part of the address that is printed; good until the end. */
  readonly token = secret();
  /** What the cookie holds. */
  readonly session = secret();
  readonly #tickets = new Map<string, number>();

  /** @returns another token, good once and for two minutes */
  ticket(): string {
    const ticket = secret();
    this.#tickets.set(ticket, Date.now() + TICKET_LASTS);
    return ticket;
  }

  admits(token: string): boolean {
    const until = this.#tickets.get(token);
    this.#tickets.delete(token);
    return (until !== undefined && Date.now() < until) || isSame(token, this.token);
  }

  knows(session: string | undefined): boolean {
    return session !== undefined && isSame(session, this.session);
  }
}

/** 256 random bits, in letters that an address may hold. */
const secret = () => randomBytes(32).toString('base64url');

/** Compares two secrets. It takes the same time wherever they differ. */
function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
