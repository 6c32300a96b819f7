import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';

export function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Hashes by path, size and time of last change, so that a process reads each model once and not at each look-up. */
const known = new Map<string, Promise<string>>();

/** SHA-256 of a file, hex; null when there is no such file. */
export async function sha256OfFile(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(absent);
  if (!found?.isFile()) return null;
  const key = `${path}\0${found.size}\0${found.mtimeNs}`;
  const hash = known.get(key) ?? readFile(path).then(sha256);
  known.set(key, hash);
  return hash.catch((error: unknown) => {
    known.delete(key);
    return absent(error);
  });
}

function absent(error: unknown): null {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return null;
  throw error;
}
