import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseContactsXml } from './picasa.ts';

/** Picasa's contacts, with a stamp that changes when they do. */
export interface Contacts {
  names: ReadonlyMap<string, string>;
  stamp: string;
}

/**
 * Reads Picasa's contacts: `contacts.xml` in the folder of photos, where users copy it to, and where Picasa keeps it. Where
 * both name a contact, the first counts.
 */
export async function readContacts(folder: string, home = homedir(), env = process.env): Promise<Contacts> {
  const local = env.LOCALAPPDATA ?? join(home, 'AppData', 'Local');
  const places = [
    folder,
    ...['Picasa2', 'Picasa3'].map((version) => join(local, 'Google', version, 'contacts')),
    join(home, 'Library', 'Application Support', 'Google', 'Picasa3', 'contacts'),
  ];
  const names = new Map<string, string>();
  const stamps: string[] = [];
  for (const place of places) {
    const path = join(place, 'contacts.xml');
    const found = await stat(path, { bigint: true }).catch(() => null);
    if (!found?.isFile()) continue;
    const text = await readFile(path, 'utf8').catch(() => '');
    for (const [id, name] of parseContactsXml(text)) if (!names.has(id)) names.set(id, name);
    stamps.push(`${found.size}:${found.mtimeNs}`);
  }
  return { names, stamp: stamps.join(',') };
}
