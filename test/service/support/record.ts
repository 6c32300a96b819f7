import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnitBox } from '../../../electron/contract/geometry.ts';
import { openLibrary } from '../../../electron/library/open.ts';

/** A new folder for a library, removed by `remove`. */
export function makeHome(parent = tmpdir()) {
  const root = mkdtempSync(join(parent, 'kith-copies-'));
  return {
    root,
    file: join(root, 'library.kith'),
    path: (name: string) => join(root, name),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/**
 * Makes a library, or adds to it: for each name a person, on a photo of their own.
 *
 * @param bytes size of each photo's thumbnail: 200,000 fill about 50 pages
 */
export function makeRecord(file: string, names: readonly string[], bytes = 20_000): void {
  const library = openLibrary(file);
  for (const name of names) {
    const folder = library.files.folder(`/photos/${name}`);
    const [open] = library.files.reconcile(folder, [{ path: 'a.jpg', size: bytes, mtimeNs: 1n }], [], 'ssd');
    const photo = library.photos.record(
      {
        ...{ bytes, width: 400, height: 300, takenAt: null },
        hash: createHash('sha256').update(name).digest('hex'),
        thumbnail: Buffer.alloc(bytes, `${name} `),
        faces: [
          {
            ...{
              box: UnitBox.parse({ x: 0.1, y: 0.1, width: 0.3, height: 0.3 }),
              landmarks: null,
              score: 0.9,
              quality: 0.9,
            },
            crop: Buffer.alloc(2000, `${name} `),
            embedding: Float32Array.from({ length: 128 }, (_, i) => Number(i === name.length % 128)),
          },
        ],
      },
      { detector: 'ssd', encoder: 'dlib' },
    );
    library.files.link(open!.id, photo);
    const faces = library.faces.ofPhoto(photo).map(({ id }) => id);
    library.journal.act({ action: 'name', detail: { name }, by: 'hand' }, (entry) =>
      library.labels.give(library.people.create(name), faces, [], entry),
    );
  }
  library.close();
}

/** Names of the people of a library. */
export function namesOf(file: string): string[] {
  const library = openLibrary(file);
  try {
    return library.people.all().map(({ name }) => name);
  } finally {
    library.close();
  }
}

/** A hash of each file in a folder and the folders in it, by path: what must not change does not. */
export function contents(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .sort()
      .filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile())
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
      ]),
  );
}
