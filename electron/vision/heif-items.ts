/** A coded item of a HEIF file, and where its bytes lie in the file: from, up to. */
export interface HeifItem {
  /** Four letters, such as `hvc1` for a picture or a tile of one, or `Exif`. */
  type: string;
  extents: [from: number, to: number][];
}

interface Box {
  type: string;
  /** Where its content begins and ends. */
  from: number;
  to: number;
}

/**
 * The items of a HEIF file (ISO/IEC 14496-12, 8.11: boxes `meta`, `iinf`, `iloc`) that lie in the file itself. Empty
 * where the index is not there or makes no sense, which is for the decoder to say.
 */
export function heifItems(bytes: Buffer): HeifItem[] {
  try {
    const meta = boxes(bytes, 0, bytes.length).find(({ type }) => type === 'meta');
    if (!meta) return [];
    const inside = boxes(bytes, meta.from + 4, meta.to);
    const types = itemTypes(bytes, inside.find(({ type }) => type === 'iinf')!);
    return itemExtents(bytes, inside.find(({ type }) => type === 'iloc')!).map(({ id, extents }) => ({
      type: types.get(id) ?? '',
      extents,
    }));
  } catch {
    return [];
  }
}

function boxes(bytes: Buffer, from: number, to: number): Box[] {
  const found: Box[] = [];
  for (let at = from; at + 8 <= to; ) {
    let size = bytes.readUInt32BE(at);
    let header = 8;
    if (size === 1) {
      size = Number(bytes.readBigUInt64BE(at + 8));
      header = 16;
    }
    if (size === 0) size = to - at;
    if (size < header) break;
    found.push({ type: bytes.toString('latin1', at + 4, at + 8), from: at + header, to: at + size });
    at += size;
  }
  return found;
}

function itemTypes(bytes: Buffer, { from, to }: Box): Map<number, string> {
  const entries = boxes(bytes, from + (bytes[from] === 0 ? 6 : 8), to);
  return new Map(
    entries.map((entry) => {
      const isLong = bytes[entry.from]! >= 3;
      const at = entry.from + 4;
      const id = isLong ? bytes.readUInt32BE(at) : bytes.readUInt16BE(at);
      const type = at + (isLong ? 4 : 2) + 2;
      return [id, bytes.toString('latin1', type, type + 4)];
    }),
  );
}

function itemExtents(bytes: Buffer, { from }: Box): { id: number; extents: [number, number][] }[] {
  const version = bytes[from]!;
  let at = from + 4;
  /** The next whole number of so many bytes; 0 where it has none. */
  const next = (size: number) => {
    const value =
      size === 0 ? 0 : size === 8 ? Number(bytes.readBigUInt64BE(at)) : bytes.readUIntBE(at, size);
    at += size;
    return value;
  };
  const [sizes, more] = [next(1), next(1)];
  const size = {
    offset: sizes >> 4,
    length: sizes & 15,
    base: more >> 4,
    index: version > 0 ? more & 15 : 0,
  };
  const wide = version < 2 ? 2 : 4;
  return Array.from({ length: next(wide) }, () => {
    const id = next(wide);
    const method = version > 0 ? next(2) & 15 : 0;
    const elsewhere = next(2) !== 0;
    const base = next(size.base);
    const extents = Array.from({ length: next(2) }, (): [number, number] => {
      next(size.index);
      const start = base + next(size.offset);
      return [start, start + next(size.length)];
    });
    return { id, extents: method === 0 && !elsewhere ? extents : [] };
  });
}
