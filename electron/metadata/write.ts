import { readFile, rename, unlink, writeFile } from 'node:fs/promises';
import type { MetadataForm, MetadataPlace } from '../contract/metadata.ts';
import {
  copyToDraft,
  draftOf,
  hashOf,
  isSameStamp,
  keepOriginal,
  likeFormer,
  originalOf,
  removeDraft,
  replace,
  type Stamp,
  stampOf,
} from './files.ts';
import { TAG_OF } from './forms.ts';
import { argumentsFor, merge, REGION_FORMS, type Tags } from './merge.ts';
import { type Area, orientationOf, storedSides, toStored } from './region.ts';
import { isSameValue, wordsOf } from './struct.ts';
import { type FolderNames, targetOf } from './target.ts';
import type { ExifTool } from './tool.ts';
import { MetadataFailed } from './trouble.ts';
import type { Written } from './written.ts';

/** Names for one photo. */
export interface Names {
  /** The photo, an absolute path. */
  photo: string;
  place: MetadataPlace;
  /** The file into which Kith has written for it, an absolute path; null: none. */
  former: string | null;
  /** `box`: in fractions of the upright photo. */
  faces: readonly { name: string; box: Area }[];
  /** People without a face: their names go into the lists of words alone. */
  people: readonly string[];
  forms: readonly MetadataForm[];
  /** Pixels of the upright photo. */
  width: number;
  height: number;
}

/** Whether these are no names at all: then the file is to hold nothing of Kith's. */
export function isNobody({
  faces,
  people,
}: {
  faces: readonly unknown[];
  people: readonly unknown[];
}): boolean {
  return faces.length + people.length === 0;
}

/** What Kith left in a file. */
export interface Left {
  /** SHA-256 of the file then. */
  hash: string;
  /** What Kith has written into it; after a kill, also what it was about to write. */
  written: Written;
  /** Whether the file is Kith's: a sidecar that was not there before. */
  made: boolean;
  /** A sidecar's bytes before Kith first wrote into it; null where there was none, or where others wrote since. */
  former: Uint8Array | null;
  /** SHA-256 of a photo before Kith first wrote into it; null where it is not kept as its original. */
  original: string | null;
}

/** What is to be done to one file. */
export interface Change {
  target: string;
  what: 'none' | 'create' | 'change' | 'remove' | 'restore';
  /** The file as it was looked at; null: it is not there. */
  stamp: Stamp | null;
  hash: string | null;
  args: readonly string[];
  tags: Tags;
  written: Written;
}

const TAGS = Object.values(TAG_OF);

async function tagsOf(tool: ExifTool, path: string): Promise<{ tags: Tags; orientation: unknown }> {
  const read = await tool.read(path, [...TAGS, 'IFD0:Orientation']);
  const forms = Object.entries(TAG_OF) as [MetadataForm, string][];
  const found = forms.filter(([, tag]) => read[tag] !== undefined);
  return {
    tags: Object.fromEntries(found.map(([form, tag]) => [form, read[tag]])),
    orientation: read['IFD0:Orientation'],
  };
}

/**
 * Finds out what has to be done so that a file holds these names, and nothing else that Kith has written. Changes nothing.
 *
 * @param left what Kith left in the file; null: it has never written into it
 * @throws ExifToolError, errors of the file system
 */
export async function look(
  tool: ExifTool,
  names: Names,
  left: Left | null,
  folders: FolderNames,
): Promise<Change> {
  const target = await targetOf(names.photo, names.place, folders, names.former);
  const stamp = await stampOf(target);
  const hash = stamp && (await hashOf(target));
  const nothing = { target, stamp, hash, args: [], tags: {}, written: [] };
  if (isNobody(names)) {
    if (stamp === null) return { ...nothing, what: 'none' };
    const isAsLeft = left !== null && hash === left.hash;
    if (isAsLeft && left.made) return { ...nothing, what: 'remove' };
    if (isAsLeft && left.former !== null) return { ...nothing, what: 'restore' };
    const original = isAsLeft && left.original !== null ? await hashOf(originalOf(target)) : null;
    if (original !== null && original === left?.original) return { ...nothing, what: 'restore' };
  }
  // Nothing but the photo itself says how it lies; to take names away nobody needs to know.
  const isAlone = names.place === 'file' || isNobody(names);
  const photo = isAlone && names.place === 'sidecar' ? null : await tagsOf(tool, names.photo);
  const there = names.place === 'file' ? photo! : stamp === null ? { tags: {} } : await tagsOf(tool, target);
  const orientation = orientationOf(photo?.orientation);
  const { tags, written } = merge(there.tags, left?.written ?? [], {
    faces: names.faces.map(({ name, box }) => ({ name, area: toStored(box, orientation) })),
    people: names.people,
    forms: names.forms,
    sides: storedSides(names, orientation),
    below: names.place === 'sidecar' ? (photo?.tags ?? {}) : {},
  });
  const args = argumentsFor(there.tags, tags);
  const what = args.length === 0 ? 'none' : stamp === null ? 'create' : 'change';
  return { ...{ target, stamp, hash, args, tags, written }, what };
}

/** What is put down before a file takes its place, so that a kill loses nothing. */
export interface Intent {
  target: string;
  /** SHA-256 and bytes of the file that is about to be there. */
  hash: string;
  size: number;
  /** What Kith will have left then; null: nothing. */
  next: Left | null;
}

/** What a change tells while it is carried out; each is put down before the next step is done. */
export interface Told {
  /** A draft is made beside the file: whoever comes after a kill can remove it. */
  onDraft: (draft: string) => void;
  /** The draft takes the file's place. */
  onReady: (intent: Intent) => void;
}

/**
 * Does it. The file is whole at each moment: what is new is made beside it, checked, and takes its place in one step.
 *
 * @returns what is in the file then; null: the file is as if Kith had never written
 * @throws MetadataFailed, ExifToolError, errors of the file system
 */
export async function carryOut(
  tool: ExifTool,
  change: Change,
  place: MetadataPlace,
  left: Left | null,
  { onDraft, onReady }: Told,
): Promise<Left | null> {
  const { target, what } = change;
  if (what === 'remove') {
    await requireSame(change);
    await unlink(target);
    return null;
  }
  if (what === 'restore' && place === 'file') {
    const original = originalOf(target);
    const { size } = (await stampOf(original))!;
    await requireSame(change);
    onReady({ target, hash: left!.original!, size, next: null });
    // Not a copy: the very file comes back, with its times, its other names (hard links) and its attributes.
    await rename(original, target);
    return null;
  }
  const draft = draftOf(target);
  onDraft(draft);
  try {
    if (what === 'restore') {
      await writeFile(draft, left!.former!, { flag: 'wx' });
      await likeFormer(draft, target);
    } else {
      if (change.stamp !== null) await copyToDraft(target, draft);
      await tool.run(['-overwrite_original', '-api', 'StructFormat=JSON', ...change.args, draft]);
      await requireMeant(tool, change, draft);
      if (place === 'file') await likeFormer(draft, target);
    }
    await requireSame(change);
    const [hash, stamp] = [(await hashOf(draft))!, (await stampOf(draft))!];
    const next = what === 'restore' ? null : await leftBy(change, place, left, hash);
    onReady({ target, hash, size: stamp.size, next });
    // Not before: after a kill nobody would know that it is Kith's.
    if (place === 'file') await keepOriginal(target);
    await replace(draft, target);
    return next;
  } finally {
    await removeDraft(draft);
  }
}

/** What Kith will have left in a file, and how it could come back. A photo's original is kept unless there is one already. */
async function leftBy(
  { target, stamp, hash: now, written }: Change,
  place: MetadataPlace,
  left: Left | null,
  hash: string,
): Promise<Left | null> {
  if (written.length === 0) return null;
  const next = { hash, written, made: stamp === null, former: null, original: null };
  // Where others wrote since, what was before is not what they want back.
  if (left !== null && left.hash === now)
    return { ...next, made: left.made, former: left.former, original: left.original };
  if (place === 'sidecar')
    return { ...next, former: left === null && stamp !== null ? await readFile(target) : null };
  const kept = await hashOf(originalOf(target));
  return { ...next, original: kept === null || kept === now ? now : null };
}

/**
 * Finds out after a kill what became of a change, and removes what it left beside the file.
 *
 * @param left what Kith had left before
 * @returns what Kith has left in the file now
 */
export async function afterKill(
  left: Left | null,
  { draft, intent }: { draft: string | null; intent: Intent | null },
): Promise<Left | null> {
  if (draft !== null) await removeDraft(draft);
  if (intent === null) return left;
  const hash = await hashOf(intent.target);
  const isDone = hash === intent.hash;
  const isKept = isDone ? intent.next?.original != null : left?.original != null;
  // A second name of the very file, made on the way, or not removed any more.
  if (!isKept && hash !== null && (await hashOf(originalOf(intent.target))) === hash)
    await unlink(originalOf(intent.target));
  return isDone ? intent.next : left;
}

/** @throws MetadataFailed changed */
async function requireSame({ target, stamp }: Change): Promise<void> {
  if (!isSameStamp(await stampOf(target), stamp)) throw new MetadataFailed('changed', target);
}

/**
 * What was written has to be what was meant, and the picture the same to the bit: fields that ExifTool does not know, it
 * would drop.
 *
 * @throws MetadataFailed unlike
 */
async function requireMeant(tool: ExifTool, { target, stamp, tags }: Change, draft: string): Promise<void> {
  const { tags: found } = await tagsOf(tool, draft);
  for (const form of Object.keys(TAG_OF) as MetadataForm[]) {
    const isRegions = (REGION_FORMS as readonly MetadataForm[]).includes(form);
    const [a, b] = isRegions
      ? [tags[form], found[form]]
      : [wordsOf(tags[form]).toSorted(), wordsOf(found[form]).toSorted()];
    if (!isSameValue(a, b)) throw new MetadataFailed('unlike', `${TAG_OF[form]} of ${target}`);
  }
  if (stamp === null || /\.xmp$/i.test(target)) return;
  const [before, after] = [await pixelsOf(tool, target), await pixelsOf(tool, draft)];
  if (before !== after) throw new MetadataFailed('unlike', `pixels of ${target}`);
}

/** A hash of the coded picture; undefined for formats of which ExifTool knows none. */
async function pixelsOf(tool: ExifTool, path: string): Promise<unknown> {
  const { text } = await tool.run(['-s3', '-api', 'ImageHashType=SHA256', '-ImageDataHash', path]);
  return text.trim();
}
