import sharp from 'sharp';

/** Squares of brightness across and down: each of eight rows gives eight comparisons of neighbours. */
const [ACROSS, DOWN] = [9, 8];

/**
 * What a picture looks like from afar, in 64 bits: whether each square of it is darker than the one to its right
 * ("difference hash", Krawetz 2013, hackerfactor.com/blog/index.php?/archives/529-Kind-of-Like-That.html). Another size,
 * quality or light of a picture changes few of the bits.
 *
 * @param jpeg a small picture that Kith made
 * @returns 16 hexadecimal digits
 * @throws Error where it can't be decoded
 */
export async function dhashOf(jpeg: Uint8Array): Promise<string> {
  const light = await sharp(jpeg)
    .greyscale()
    // What is left out while it is decoded shifts the squares.
    .resize(ACROSS, DOWN, { fit: 'fill', kernel: 'linear', fastShrinkOnLoad: false })
    .raw()
    .toBuffer();
  let bits = 0n;
  for (let y = 0; y < DOWN; y++) {
    for (let x = 1; x < ACROSS; x++) {
      const [left, right] = [light[y * ACROSS + x - 1]!, light[y * ACROSS + x]!];
      bits = (bits << 1n) | BigInt(left < right);
    }
  }
  return bits.toString(16).padStart(16, '0');
}
