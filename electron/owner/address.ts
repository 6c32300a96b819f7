import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { unwritable } from '../contract/errors.ts';
import { passedOver } from '../log/log.ts';

/** Where the owner of a library is reached, and the token that lets a process connect. */
export const OwnerAddress = z.object({
  /** A Unix socket, or a named pipe of Windows. */
  path: z.string(),
  /** 256 random bits, in a file that only this user can read: a process that knows them belongs to this user. */
  token: z.string(),
  pid: z.number().int(),
});
export type OwnerAddress = z.infer<typeof OwnerAddress>;

/** Only this user may read or write. */
const PRIVATE = 0o600;

/** Begins the name of each folder that holds a socket. */
const FOLDER = 'kith-owner-';

const fileOf = (library: string) => `${library}.owner`;

/**
 * A new address that no other user of this machine can open. A Unix socket lies in a folder that only this user may
 * enter.
 */
export function newAddress(): OwnerAddress {
  const token = randomBytes(32).toString('base64url');
  const path =
    process.platform === 'win32'
      ? `\\\\.\\pipe\\${FOLDER}${randomBytes(16).toString('hex')}`
      : // Its name is short: a socket's path has room for about 100 bytes.
        join(mkdtempSync(join(tmpdir(), FOLDER)), 's');
  return { path, token, pid: process.pid };
}

/**
 * Writes the owner's address to a file beside the library.
 *
 * @throws KithError disk-full, library-unwritable; nothing is left of it then
 */
export function announce(library: string, address: OwnerAddress): void {
  const draft = `${fileOf(library)}.part`;
  try {
    rmSync(draft, { force: true });
    writeFileSync(draft, JSON.stringify(address), { mode: PRIVATE, flag: 'wx' });
    renameSync(draft, fileOf(library));
  } catch (error) {
    rmSync(draft, { force: true });
    throw unwritable(library, error);
  }
}

/** The address that the owner has announced; null where there is none. */
export function addressOf(library: string): OwnerAddress | null {
  try {
    return OwnerAddress.parse(JSON.parse(readFileSync(fileOf(library), 'utf8')));
  } catch {
    // There is no file, or another version of Kith wrote it: the caller finds that out when it starts an owner.
    return null;
  }
}

/** Removes the announcement and the folder of its socket, also those of an owner that was killed. Never throws. */
export function withdraw(library: string): void {
  const address = addressOf(library);
  try {
    if (address && process.platform !== 'win32' && dirname(address.path).startsWith(join(tmpdir(), FOLDER))) {
      rmSync(dirname(address.path), { recursive: true, force: true });
    }
    rmSync(fileOf(library), { force: true });
  } catch (error) {
    // The next owner overwrites it.
    passedOver('announcement')(error);
  }
}
