import { join } from 'node:path';
import { MetadataPlace } from '../contract/metadata.ts';
import type { MetadataFile, WrittenRow } from '../library/metadata.ts';
import type { Library } from '../library/open.ts';
import { hashOf, isSameStamp, stampOf } from '../metadata/files.ts';
import { FolderNames, targetOf } from '../metadata/target.ts';
import type { ExifTool } from '../metadata/tool.ts';
import { MetadataFailed } from '../metadata/trouble.ts';
import {
  afterKill,
  type Change,
  carryOut,
  type Intent,
  isNobody,
  type Left,
  look,
  type Names,
} from '../metadata/write.ts';
import { Written } from '../metadata/written.ts';
import { namesOf, Wanted } from './wanted.ts';

/** What is to be done to one photo's metadata in one place. */
export interface FileChange {
  photo: string;
  target: string;
  what: Exclude<Change['what'], 'none'>;
  adds: string[];
  removes: string[];
}

/** The metadata of a library's photos: what is wanted of it, held against what is there. */
export class MetadataFiles {
  readonly #library: Library;
  readonly #tool: () => ExifTool;
  readonly #folders = new FolderNames();
  readonly #paths: ReadonlyMap<number, string>;
  #moved: ReadonlyMap<string, WrittenRow> | null = null;

  /** @param tool starts ExifTool where it is needed first; it throws where there is none */
  constructor(library: Library, tool: () => ExifTool) {
    this.#library = library;
    this.#tool = tool;
    this.#paths = new Map(library.metadata.folders().map(({ id, path }) => [id, path]));
  }

  /** The file's absolute path; null where its folder is none of the library's (any more). */
  pathOf({ folder, path }: MetadataFile): string | null {
    const root = this.#paths.get(folder);
    return root === undefined ? null : join(root, path);
  }

  /**
   * What has to be done so that a file holds what is wanted, in each place; nothing is done, and a file that is as Kith left
   * it is not opened.
   *
   * @throws ExifToolError, MetadataFailed, errors of the file system, KithError perl-missing
   */
  async plan(file: MetadataFile, wanted: string | null): Promise<FileChange[]> {
    const photo = await this.#photoOf(file);
    const changes: FileChange[] = [];
    for (const place of PLACES) {
      const known = this.#library.metadata.written(file, place);
      const { change, names, row } = await this.#look(photo, place, wanted, known);
      if (change !== null && change.what !== 'none')
        changes.push(fileChange(change.what, change, row, names));
    }
    return changes;
  }

  /** Does it. @returns what was done @throws as {@link MetadataFiles.plan} */
  async carryOut(file: MetadataFile, wanted: string | null): Promise<FileChange[]> {
    const { metadata } = this.#library;
    const path = await this.#photoOf(file);
    const changes: FileChange[] = [];
    for (const place of PLACES) {
      const known = await this.#settle(file, place);
      const { change, names, row, left } = await this.#look(path, place, wanted, known);
      if (change === null) continue;
      const isWanted = !isNobody(names);
      if (change.what === 'none') {
        if (!isWanted) metadata.put(file, place, null);
        else if (change.stamp !== null) this.#note(file, place, change, wanted, leftAlone(change, left));
        continue;
      }
      let noted = row ?? BLANK;
      const next = await carryOut(this.#tool(), change, place, left, {
        onDraft: (draft) => {
          noted = { ...noted, draft };
          metadata.put(file, place, noted);
        },
        onReady: (intent) => {
          noted = { ...noted, intent: intentText(intent) };
          metadata.put(file, place, noted);
          const photo = place === 'file' ? metadata.photoOf(file) : null;
          if (photo !== null) this.#library.photos.addContent(photo, intent.hash, intent.size);
        },
      });
      await this.#finish(file, place, change, { wanted: isWanted ? wanted : null, left, next });
      changes.push(fileChange(change.what, change, row, names));
    }
    return changes;
  }

  /**
   * The photo's absolute path.
   *
   * @throws MetadataFailed vanished, where the folder was taken out of the library, is missing, or is empty, as the place of
   * a disk that is not connected is. Its files are not there, and yet what Kith wrote into them has to stay known
   */
  async #photoOf(file: MetadataFile): Promise<string> {
    const [root, photo] = [this.#paths.get(file.folder), this.pathOf(file)];
    if (root === undefined || photo === null) throw new MetadataFailed('vanished', file.path);
    if ((await this.#folders.of(root)).length === 0) throw new MetadataFailed('vanished', root);
    return photo;
  }

  /** Puts down what was done. */
  async #finish(
    file: MetadataFile,
    place: MetadataPlace,
    { target, what, hash }: Change,
    { wanted, left, next }: { wanted: string | null; left: Left | null; next: Left | null },
  ): Promise<void> {
    const { metadata, photos } = this.#library;
    const stamp = await stampOf(target);
    this.#library.transaction(() => {
      metadata.put(file, place, next && stamp && rowOf(target, stamp, wanted, next));
      const photo = place === 'file' ? metadata.photoOf(file) : null;
      if (photo === null || stamp === null) return;
      metadata.touched(file, stamp);
      const now = next?.hash ?? (what === 'restore' ? (left?.original ?? null) : hash);
      if (now !== null) photos.setContent(photo, now, stamp.size);
    });
  }

  /** Puts down that a file holds what is wanted already. */
  #note(
    file: MetadataFile,
    place: MetadataPlace,
    { target, stamp }: Change,
    wanted: string | null,
    left: Left,
  ): void {
    this.#library.metadata.put(file, place, rowOf(target, stamp!, wanted, left));
  }

  /** Finds out what became of a write that was killed. */
  async #settle(file: MetadataFile, place: MetadataPlace): Promise<WrittenRow | null> {
    const { metadata, photos } = this.#library;
    const row = metadata.written(file, place);
    if (row === null || (row.draft === null && row.intent === null)) return row;
    const intent = row.intent === null ? null : intentOf(row.intent);
    const left = await afterKill(leftOf(row), { draft: row.draft, intent });
    const target = intent?.target ?? row.target;
    const stamp = target === null ? null : await stampOf(target);
    // What is wanted is looked at anew: nothing is known to be carried out.
    const settled = left && target && stamp ? rowOf(target, stamp, null, left) : null;
    const photo = place === 'file' ? metadata.photoOf(file) : null;
    const hash = photo === null || target === null ? null : await hashOf(target);
    this.#library.transaction(() => {
      metadata.put(file, place, settled);
      // The kill came between the file and the record.
      if (photo !== null && hash !== null && stamp !== null) photos.setContent(photo, hash, stamp.size);
    });
    return settled;
  }

  async #look(photo: string, place: MetadataPlace, text: string | null, known: WrittenRow | null) {
    const wanted = text === null ? null : Wanted.parse(JSON.parse(text));
    const here = wanted?.place === place ? wanted : null;
    const named = { faces: here?.faces ?? [], people: here?.people ?? [] };
    const row = known ?? (isNobody(named) ? null : await this.#movedHere(photo, place));
    const names = {
      photo,
      place,
      former: row?.target ?? null,
      faces: named.faces.map(({ name, ...box }) => ({ name, box })),
      people: named.people,
      forms: wanted?.forms ?? [],
      width: wanted?.width ?? 1,
      height: wanted?.height ?? 1,
    };
    const left = row && leftOf(row);
    const nothing = { change: null, names, row, left };
    if (isNobody(named) && row === null) return nothing;
    if (!isNobody(named) && row?.wanted === text && row.target !== null && row.intent === null) {
      const stamp = await stampOf(row.target);
      if (isSameStamp(stamp, { size: row.size!, mtimeNs: row.mtimeNs! })) return nothing;
    }
    return { ...nothing, change: await look(this.#tool(), names, left, this.#folders) };
  }

  /** What Kith wrote into a file before the user moved it here: a file with just these bytes lies no more where it was. */
  async #movedHere(photo: string, place: MetadataPlace): Promise<WrittenRow | null> {
    this.#moved ??= new Map(
      this.#library.metadata.ofGone().map((row) => [`${row.place} ${row.hash}`, { ...row, target: null }]),
    );
    if (this.#moved.size === 0) return null;
    const hash = await hashOf(await targetOf(photo, place, this.#folders, null));
    return this.#moved.get(`${place} ${hash}`) ?? null;
  }
}

const PLACES = MetadataPlace.options;

const BLANK: WrittenRow = {
  ...{ wanted: null, target: null, size: null, mtimeNs: null, hash: null, written: null },
  ...{ made: false, former: null, original: null, draft: null, intent: null },
};

function rowOf(
  target: string,
  stamp: { size: number; mtimeNs: bigint },
  wanted: string | null,
  left: Left,
): WrittenRow {
  const { hash, written, made, former, original } = left;
  return {
    ...BLANK,
    ...stamp,
    target,
    wanted,
    hash,
    written: JSON.stringify(written),
    made,
    former,
    original,
  };
}

function leftOf({ hash, written, made, former, original }: WrittenRow): Left | null {
  if (hash === null || written === null) return null;
  return { hash, written: Written.parse(JSON.parse(written)), made, former, original };
}

/** Where nothing had to be done: the file is as it was, whoever wrote it so. */
function leftAlone({ hash, written }: Change, left: Left | null): Left {
  if (left !== null && left.hash === hash) return { ...left, written };
  return { hash: hash!, written, made: false, former: null, original: null };
}

function intentText({ next, ...intent }: Intent): string {
  const former = next?.former == null ? null : Buffer.from(next.former).toString('base64');
  return JSON.stringify({ ...intent, next: next && { ...next, former } });
}

function intentOf(text: string): Intent {
  const { next, ...intent } = JSON.parse(text);
  return {
    ...intent,
    next: next && {
      ...next,
      written: Written.parse(next.written),
      former: next.former === null ? null : new Uint8Array(Buffer.from(next.former, 'base64')),
    },
  };
}

/** A change with the names that come and go. */
function fileChange(
  what: FileChange['what'],
  { target }: Change,
  row: WrittenRow | null,
  names: Pick<Names, 'photo' | 'faces' | 'people'>,
): FileChange {
  const had = row?.wanted ? namesOf(Wanted.parse(JSON.parse(row.wanted))) : [];
  const has = namesOf(names);
  const { photo } = names;
  return {
    ...{ photo, target, what },
    adds: [...new Set(has.filter((name) => !had.includes(name)))],
    removes: [...new Set(had.filter((name) => !has.includes(name)))],
  };
}
