import type { Area } from '../region.ts';
import { nameOf } from './found.ts';

/** One folder's `.picasa.ini`. */
export interface PicasaFolder {
  /** The faces of each photo, by its file's name in lower case. */
  faces: Map<string, { contact: string; area: Area }[]>;
  /** Names of contacts, by id in lower case, as the folder itself lists them. */
  contacts: Map<string, string>;
}

/**
 * Reads a `.picasa.ini`: a section for each photo, with `faces=rect64(3f845bcb59418507),8e62398ebda8c1a5;…`, and
 * `[Contacts2]` with `8e62398ebda8c1a5=Anna;;`.
 */
export function parsePicasaIni(text: string): PicasaFolder {
  const faces: PicasaFolder['faces'] = new Map();
  const contacts: PicasaFolder['contacts'] = new Map();
  let section = '';
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    const head = /^\s*\[(.*)\]\s*$/.exec(line);
    if (head) {
      section = head[1]!.toLowerCase();
      continue;
    }
    const at = line.indexOf('=');
    if (at < 0) continue;
    const [key, value] = [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()];
    if (section === 'contacts2' || section === 'contacts') {
      const name = nameOf(value.split(section === 'contacts2' ? ';' : /[;,]/)[0]!);
      if (name !== null) contacts.set(idOf(key), name);
    } else if (key === 'faces') faces.set(section, facesOf(value));
  }
  return { faces, contacts };
}

/** Contacts of Picasa's own `contacts.xml`, by id in lower case. */
export function parseContactsXml(text: string): Map<string, string> {
  const contacts = new Map<string, string>();
  for (const [, attributes = ''] of text.matchAll(/<contact\b([^>]*)>/gi)) {
    const value = (name: string) =>
      new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'i').exec(` ${attributes}`);
    const id = value('id');
    const name = value('name') ?? value('display');
    const tidied = name && nameOf(unescaped(name[1] ?? name[2] ?? ''));
    if (id && tidied) contacts.set(idOf(id[1] ?? id[2] ?? ''), tidied);
  }
  return contacts;
}

/** The contact of faces that have no name in Picasa. */
const UNKNOWN = 'ffffffffffffffff';

function facesOf(value: string): { contact: string; area: Area }[] {
  return value.split(';').flatMap((part) => {
    const face = /^\s*rect64\(([0-9a-f]{1,16})\)\s*,\s*([0-9a-f]+)\s*$/i.exec(part);
    if (!face) return [];
    const contact = idOf(face[2]!);
    const area = areaOf(face[1]!);
    return contact === UNKNOWN || area === null ? [] : [{ contact, area }];
  });
}

/** A `rect64`: left, top, right and bottom, 16 bits each, as shares of 65,536. Zeros at the beginning are left out. */
function areaOf(digits: string): Area | null {
  const whole = digits.padStart(16, '0');
  const [left, top, right, bottom] = [0, 4, 8, 12].map(
    (at) => Number.parseInt(whole.slice(at, at + 4), 16) / 65_536,
  ) as [number, number, number, number];
  if (!(right > left && bottom > top)) return null;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Ids are hexadecimal numbers, and lose their zeros at the beginning in places. */
function idOf(text: string): string {
  return text.trim().toLowerCase().padStart(16, '0');
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, entity: string) => {
    if (!entity.startsWith('#')) return ENTITIES[entity.toLowerCase()] ?? whole;
    const isHex = entity[1]!.toLowerCase() === 'x';
    const code = Number.parseInt(entity.slice(isHex ? 2 : 1), isHex ? 16 : 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
