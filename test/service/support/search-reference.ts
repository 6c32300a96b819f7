import { DatabaseSync } from 'node:sqlite';
import type { Atom, Query } from '../../../electron/contract/search.ts';

/** A photo with all that a query may ask about it. */
interface PlainPhoto {
  id: number;
  takenAt: string | null;
  camera: string | null;
  /** Files that hold it: the folder's id, its name, and the path within. */
  files: { folder: number; name: string; path: string }[];
  /** Faces on it that were not withdrawn. */
  faces: { id: number; x: number; person: number | null; verdict: string | null; asked: boolean }[];
  /** Ids of people whom the user put on it. */
  put: number[];
}

/** Reads every row of a library, one table after the other, and looks at each photo by itself: no index, no join. */
export class SearchReference {
  readonly #photos: PlainPhoto[];
  /** Who is what to whom, as somebody said it, both ways round. */
  readonly #said: { one: number; is: string; of: number }[];

  constructor(file: string) {
    const sqlite = new DatabaseSync(file, { readOnly: true });
    const rows = (table: string) => sqlite.prepare(`SELECT * FROM ${table}`).all();
    const folders = new Map(rows('folders').map(({ id, path }) => [id, String(path).split('/').at(-1)!]));
    const labels = new Map(rows('labels').map((row) => [row.face_id, row]));
    const asked = new Set(rows('suggestions').map((row) => row.face_id));
    const photos = new Map<unknown, PlainPhoto>();
    for (const { id, taken_at: takenAt, camera } of rows('photos')) {
      photos.set(id, { id, takenAt, camera, files: [], faces: [], put: [] } as unknown as PlainPhoto);
    }
    for (const { photo_id: photo, folder_id: folder, path } of rows('files')) {
      const name = folders.get(folder)!;
      photos.get(photo)?.files.push({ folder: folder as number, name, path: path as string });
    }
    for (const { id, photo_id: photo, x, withdrawn } of rows('faces')) {
      if (withdrawn === 1) continue;
      const label = labels.get(id);
      const person = (label?.person_id ?? null) as number | null;
      const verdict = (label?.verdict ?? null) as string | null;
      photos.get(photo)!.faces.push({
        ...{ id: id as number, x: x as number, person, verdict },
        asked: asked.has(id) && verdict === null,
      });
    }
    for (const { photo_id: photo, person_id: person } of rows('presences'))
      photos.get(photo)!.put.push(person as number);
    const converse: Record<string, string> = { parent: 'child', child: 'parent' };
    this.#said = rows('relations').flatMap(({ person_id, other_id, kind }) => {
      const [one, of, is] = [person_id as number, other_id as number, kind as string];
      return [
        { one, is, of },
        { one: of, is: converse[is] ?? is, of: one },
      ];
    });
    sqlite.close();
    this.#photos = [...photos.values()];
  }

  /** Ids of the photos that a query finds, by date, those without one at the end; with the faces that it names. */
  find(query: Query): { id: number; matched: number[] }[] {
    const found = this.#photos.filter(
      (photo) =>
        photo.files.length > 0 &&
        query.every(({ not, any }) => any.some((atom) => this.#isTrue(atom, photo)) !== not),
    );
    const last = '\uffff';
    return found
      .sort(
        (a, b) =>
          Number((a.takenAt ?? last) > (b.takenAt ?? last)) -
            Number((a.takenAt ?? last) < (b.takenAt ?? last)) || a.id - b.id,
      )
      .map((photo) => ({ id: photo.id, matched: this.#matchedBy(query, photo) }));
  }

  /** Siblings are also two children of one parent, unless they are said to be something else to each other. */
  #is(one: number | null, { is, person }: Related): boolean {
    if (one === person) return false;
    const own = this.#said.filter((said) => said.one === one && said.of === person);
    if (own.length > 0) return own.some((said) => said.is === is);
    const parentsOf = (child: number | null) =>
      this.#said.filter((said) => said.is === 'parent' && said.of === child).map((said) => said.one);
    const theirs = parentsOf(person);
    return is === 'sibling' && parentsOf(one).some((parent) => theirs.includes(parent));
  }

  #isTrue(atom: Atom, photo: PlainPhoto): boolean {
    return atom.kind === 'related'
      ? [...photo.faces.map(({ person }) => person), ...photo.put].some((person) => this.#is(person, atom))
      : isTrue(atom, photo);
  }

  #matchedBy(query: Query, { faces }: PlainPhoto): number[] {
    const atoms = query.filter(({ not }) => !not).flatMap(({ any }) => any);
    const isNamed = (face: PlainPhoto['faces'][number]) =>
      atoms.some(
        (atom) =>
          (atom.kind === 'person' && atom.person === face.person) ||
          (atom.kind === 'related' && this.#is(face.person, atom)) ||
          (atom.kind === 'unnamed' && face.verdict === null) ||
          (atom.kind === 'check' && face.asked),
      );
    return faces
      .filter(isNamed)
      .sort((a, b) => a.x - b.x || a.id - b.id)
      .map(({ id }) => id);
  }
}

type Related = Extract<Atom, { kind: 'related' }>;

function isTrue(atom: Exclude<Atom, Related>, photo: PlainPhoto): boolean {
  const day = photo.takenAt?.slice(0, 10) ?? null;
  switch (atom.kind) {
    case 'person':
      return isOn(atom.person, photo) || photo.put.includes(atom.person);
    case 'count': {
      // Whoever was put on it and has a face there is there once.
      const put = photo.put.filter((person) => !isOn(person, photo)).length;
      const people = photo.faces.filter(({ verdict }) => verdict !== 'not-a-face').length + put;
      return people >= atom.least && (atom.most === null || people <= atom.most);
    }
    case 'date':
      return day !== null && day >= atom.from && day <= atom.to;
    case 'months':
      return day !== null && atom.months.includes(Number(day.split('-')[1]));
    case 'folder':
      return photo.files.some(
        ({ folder, path }) =>
          folder === atom.folder && (atom.under === '' || path.startsWith(`${atom.under}/`)),
      );
    case 'camera':
      return photo.camera === atom.camera;
    case 'text':
      return photo.files.some(({ name, path }) => holds(name, atom.text) || holds(path, atom.text));
    case 'unnamed':
      return photo.faces.some(({ verdict }) => verdict === null);
    case 'check':
      return photo.faces.some((face) => face.asked);
    case 'photos':
      return atom.photos.some((id) => id === photo.id);
  }
}

function isOn(person: number, photo: PlainPhoto): boolean {
  return photo.faces.some((face) => face.person === person);
}

function holds(name: string, text: string): boolean {
  const fold = (some: string) => some.normalize('NFC').toLowerCase();
  return fold(name).includes(fold(text));
}
