import sharp from 'sharp';
import { UnreadablePhoto } from '../contract/errors.ts';
import type { PhotoFile } from './photo-file.ts';

/** Zero bytes in a row from which on a picture is looked at a second time. A sector of a disk that was lost has 512. */
const HOLE = Buffer.alloc(64);

/** Bytes that are left off to see whether they are needed: libwebp reads eight ahead at most. */
const LEFT_OFF = 16;

/** A coded picture in its container: a whole `VP8 ` or `VP8L` chunk's content. */
interface Coded {
  kind: 'VP8 ' | 'VP8L';
  data: Buffer;
}

/**
 * Refuses a WebP of which a part was zeroed. Zeros are good code: a decoder goes through them and says nothing, and a
 * flat picture may be coded with thousands in a row. But a whole picture is coded in as many bytes as it takes, so
 * that it can't be decoded without the last of them; out of zeros in place of a photo the pixels are made sooner.
 *
 * @throws UnreadablePhoto `truncated`
 */
export async function requireWholeWebp({ path, bytes }: PhotoFile): Promise<void> {
  const coded = codedIn(bytes);
  const hole = coded?.data.indexOf(HOLE) ?? -1;
  if (!coded || hole < 0) return;
  for (const shorter of shortened(coded)) {
    if (!(await isReadable(shorter))) continue;
    throw new UnreadablePhoto('truncated', `${path} is damaged: a part of it was zeroed`);
  }
}

/** The picture, or the first one of an animation (the WebP container: RIFF, whose chunks may hold chunks). */
function codedIn(bytes: Buffer, from = 12, to = bytes.length): Coded | null {
  for (let at = from; at + 8 <= to; ) {
    const kind = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const end = Math.min(at + 8 + size, to);
    if (kind === 'VP8 ' || kind === 'VP8L') return { kind, data: bytes.subarray(at + 8, end) };
    // A frame begins with 16 bytes that say where it lies and how long it is shown.
    if (kind === 'ANMF') return codedIn(bytes, at + 8 + 16, end);
    at += 8 + size + (size & 1);
  }
  return null;
}

/** The picture without the last bytes of its tokens; and of its modes (RFC 6386, 9.1: the first partition). */
function* shortened({ kind, data }: Coded): Generator<Coded> {
  yield { kind, data: data.subarray(0, -LEFT_OFF) };
  if (kind === 'VP8L' || data.length < 10) return;
  // Three bytes: five bits of flags, then the length of the first partition, which follows seven more bytes.
  const tag = data.readUIntLE(0, 3);
  const length = tag >> 5;
  if (length <= LEFT_OFF || 10 + length > data.length) return;
  const cut = Buffer.concat([data.subarray(0, 10 + length - LEFT_OFF), data.subarray(10 + length)]);
  cut.writeUIntLE((tag & 31) | ((length - LEFT_OFF) << 5), 0, 3);
  yield { kind, data: cut };
}

async function isReadable({ kind, data }: Coded): Promise<boolean> {
  const padded = data.length + (data.length & 1);
  const file = Buffer.alloc(20 + padded);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(12 + padded, 4);
  file.write(`WEBP${kind}`, 8, 'latin1');
  file.writeUInt32LE(data.length, 16);
  file.set(data, 20);
  try {
    // As small as it gets: what counts is whether the decoder comes to the end.
    await sharp(file, { sequentialRead: true }).resize({ width: 16 }).raw().toBuffer();
    return true;
  } catch {
    return false;
  }
}
