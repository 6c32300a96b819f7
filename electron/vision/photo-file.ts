import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { fileTypeFromBuffer } from 'file-type';
import { UnreadablePhoto } from '../contract/errors.ts';
import { cameraOf, takenAt } from './exif.ts';

/** Formats that decode.ts can read, as file-type names them. */
type PhotoFormat = 'jpg' | 'png' | 'webp' | 'tif' | 'gif' | 'avif' | 'heic';
const formats: ReadonlySet<string> = new Set<PhotoFormat>([
  'jpg',
  'png',
  'webp',
  'tif',
  'gif',
  'avif',
  'heic',
]);

/** No photo that sharp would decode is larger; a film named .jpg is not worth reading. */
const largestFile = 1024 ** 3;

/** A file that is a photo by its first bytes, read whole; not yet decoded. */
export interface PhotoFile {
  path: string;
  bytes: Buffer;
  /** SHA-256 of the bytes, hex. */
  hash: string;
  /** Local time from the camera, `YYYY-MM-DDTHH:MM:SS`. */
  takenAt: string | null;
  /** Make and model of the camera. */
  camera: string | null;
  format: PhotoFormat;
}

/**
 * Reads a file once and tells by its first bytes, never by its name, whether it is a photo.
 * @throws UnreadablePhoto `empty-file`, `not-an-image`, `unsupported-format`, `too-large`, `no-permission`, `vanished`.
 */
export async function openPhoto(path: string): Promise<PhotoFile> {
  const bytes = await read(path);
  if (bytes.length === 0) throw new UnreadablePhoto('empty-file', `${path} holds 0 bytes`);
  const format = await sniff(path, bytes);
  const hash = createHash('sha256').update(bytes).digest('hex');
  return { path, bytes, hash, takenAt: takenAt(bytes), camera: cameraOf(bytes), format };
}

/**
 * The identity of a file's content, without keeping it in memory.
 * @throws UnreadablePhoto `empty-file`, `not-an-image` (no plain file), `no-permission`, `vanished`.
 */
export async function hashFile(path: string): Promise<{ hash: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  await reading(path, async () => {
    await requirePlainFile(path);
    await pipeline(createReadStream(path), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        hash.update(chunk);
      }
    });
  });
  if (bytes === 0) throw new UnreadablePhoto('empty-file', `${path} holds 0 bytes`);
  return { hash: hash.digest('hex'), bytes };
}

function read(path: string): Promise<Buffer> {
  return reading(path, async () => {
    const size = await requirePlainFile(path);
    if (size > largestFile) {
      throw new UnreadablePhoto('too-large', `${path} holds ${size} bytes, more than ${largestFile}`);
    }
    return readFile(path);
  });
}

/** Reading a pipe named .jpg would wait for ever. */
async function requirePlainFile(path: string): Promise<number> {
  const found = await stat(path);
  if (!found.isFile()) throw new UnreadablePhoto('not-an-image', `${path} is no plain file`);
  return found.size;
}

/** Runs `work`, and turns what the file system says against it into reasons. */
async function reading<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    switch (code) {
      case 'ENOENT':
      case 'ENOTDIR':
      case 'ELOOP':
      case 'ENAMETOOLONG':
        throw new UnreadablePhoto('vanished', `${path} is not there (${code})`, { cause: error });
      case 'EACCES':
      case 'EPERM':
      case 'EBUSY':
        throw new UnreadablePhoto('no-permission', `${path} may not be read (${code})`, { cause: error });
      case 'EIO':
        throw new UnreadablePhoto('truncated', `${path} can't be read to its end (EIO)`, { cause: error });
      default:
        throw error;
    }
  }
}

async function sniff(path: string, bytes: Buffer): Promise<PhotoFormat> {
  // What ends too early to be told is none that is known, and is refused below.
  const type = await fileTypeFromBuffer(bytes).catch(() => undefined);
  if (type !== undefined && isPhotoFormat(type.ext)) return type.ext;
  if (type?.mime.startsWith('image/')) {
    throw new UnreadablePhoto('unsupported-format', `${path} is ${type.mime}`);
  }
  // file-type looks at a TIFF's directory, which often stands at the end and is missing when that is.
  if (type === undefined && /^(II\*\0|MM\0\*)/.test(bytes.toString('latin1', 0, 4))) return 'tif';
  const received = type?.mime ?? 'neither a picture nor any known kind of file';
  throw new UnreadablePhoto('not-an-image', `${path} is ${received}`);
}

function isPhotoFormat(name: string): name is PhotoFormat {
  return formats.has(name);
}
