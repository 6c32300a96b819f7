import { UnreadablePhoto } from '../contract/errors.ts';
import { exifOrientation } from './exif.ts';
import { heifItems } from './heif-items.ts';
import type { PhotoFile } from './photo-file.ts';
import { wrapAsTiff } from './tiff.ts';

/**
 * Decodes a HEIC's primary picture into a TIFF of the same pixels, colour profile (iPhones: Display P3) and orientation,
 * for sharp to read: its own build leaves HEVC out for its patents. libheif as WebAssembly decodes at full size only,
 * about a second for 12 megapixels.
 *
 * @param requireFits is asked before the pixels are decoded, and throws where they are too many
 * @throws UnreadablePhoto `truncated`, and what `requireFits` throws
 */
export async function heicToTiff(
  file: PhotoFile,
  requireFits: (sides: { width: number; height: number }) => void,
): Promise<Buffer> {
  // libheif fills what is missing with grey, and says nothing.
  requireWholeBoxes(file);
  requireWholeItems(file);
  // Loaded with the first HEIC: two megabytes of WebAssembly, and most processes never see one.
  const { default: decodeHeic } = await import('heic-decode');
  const images = await decodeHeic.all({ buffer: file.bytes }).catch((error: unknown) => {
    throw damaged(file, error);
  });
  try {
    const image = images[0]!;
    requireFits(image);
    const { data, width, height } = await image.decode().catch((error: unknown) => {
      throw damaged(file, error);
    });
    const orientation = saysHowToTurn(file.bytes) ? 1 : exifOrientation(file.bytes);
    return wrapAsTiff(data, { width, height, orientation, icc: findIcc(file.bytes) });
  } finally {
    images.dispose();
  }
}

/**
 * Whether the container itself says how to turn and mirror the picture. libheif has then done so, and EXIF's orientation
 * must be ignored (ISO/IEC 23008-12, annex A). Some camera apps write EXIF's alone, and mean it.
 */
function saysHowToTurn(bytes: Buffer): boolean {
  const end = bytes.indexOf('mdat', 0, 'latin1');
  const boxes = bytes.subarray(0, end < 0 ? bytes.length : end);
  return boxes.includes('irot', 0, 'latin1') || boxes.includes('imir', 0, 'latin1');
}

/** The file is a row of boxes (ISO/IEC 14496-12, 4.2), each of which says how long it is. */
function requireWholeBoxes({ path, bytes }: PhotoFile): void {
  let at = 0;
  while (at + 8 <= bytes.length) {
    let size = bytes.readUInt32BE(at);
    if (size === 0) return; // To the end of the file, however long that is.
    if (size === 1 && at + 16 <= bytes.length) size = Number(bytes.readBigUInt64BE(at + 8));
    if (size < 8) break;
    at += size;
  }
  if (at > bytes.length) {
    throw new UnreadablePhoto('truncated', `${path} holds ${bytes.length} of its ${at} bytes`);
  }
}

/** So many zero bytes in a row are no part of coded HEVC, which never has more than two (ITU-T H.265, 7.4.2). */
const HOLE = Buffer.alloc(16);

/** Pictures, and the tiles that they are put together from, lie in the file, and nothing of them was zeroed. */
function requireWholeItems({ path, bytes }: PhotoFile): void {
  const coded = heifItems(bytes).filter(({ type }) => type === 'hvc1' || type === 'hev1');
  for (const [from, to] of coded.flatMap(({ extents }) => extents)) {
    if (to > bytes.length) {
      throw new UnreadablePhoto('truncated', `${path} holds ${bytes.length} of its ${to} bytes`);
    }
    const hole = bytes.subarray(from, to).indexOf(HOLE);
    if (hole >= 0) throw new UnreadablePhoto('truncated', `${path} is empty from byte ${from + hole}`);
  }
}

/** The first `colr` box with a profile in it: size, 'colr', 'prof', the profile. */
function findIcc(bytes: Buffer): Buffer | null {
  const at = bytes.indexOf('colrprof', 0, 'latin1');
  if (at < 4) return null;
  const size = bytes.readUInt32BE(at - 4);
  return at - 4 + size <= bytes.length && size > 12 ? bytes.subarray(at + 8, at - 4 + size) : null;
}

function damaged(file: PhotoFile, cause: unknown): UnreadablePhoto {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new UnreadablePhoto('truncated', `${file.path} is damaged: ${message}`, { cause });
}
