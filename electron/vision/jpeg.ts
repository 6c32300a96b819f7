/** A sector of a disk that was lost. Photos have no such row of zeros; what is flat, and well packed, may have. */
const HOLE = Buffer.alloc(512);

/** Start of a scan (ITU-T T.81, B.1.1.3). */
const SCAN = 0xda;

/**
 * Whether a part of a JPEG's coded pixels may have been zeroed. Zeros are good code, out of which a decoder makes
 * grey; but where the zeros end it comes upon what can't be code, and warns.
 */
export function mayHaveHole(bytes: Buffer): boolean {
  // Segments before the pixels, such as Exif with its own small JPEG, may be padded with zeros.
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff; at += 2 + bytes.readUInt16BE(at + 2)) {
    if (bytes[at + 1] === SCAN) return bytes.includes(HOLE, at);
  }
  return false;
}
