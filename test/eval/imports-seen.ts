import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UnreadablePhoto } from '../../electron/contract/errors.ts';
import type { UnitBox } from '../../electron/contract/geometry.ts';
import type { DetectorId, EncoderId, EncoderKey, PhotoId } from '../../electron/contract/ids.ts';
import type { ScanProgress } from '../../electron/contract/results.ts';
import type { Analysis } from '../../electron/contract/vision.ts';
import type { RecordedFace } from '../../electron/library/faces.ts';
import { type Library, openLibrary } from '../../electron/library/open.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { dhashOf } from '../../electron/vision/dhash.ts';
import type { VisionPool } from '../../electron/vision/pool.ts';
import { scanned } from './album.ts';
import type { Picture } from './imports-cuts.ts';
import type { Source } from './imports-source.ts';
import { central } from './lfw.ts';

/** What vision found on the pictures of a source, so that it need not look again for each way of cutting. */
export interface Seen {
  folder: string;
  /** Those with a face of somebody known, or of nobody known; each content once. */
  pictures: Picture[];
  /** By the photo's hash. */
  analyses: ReadonlyMap<string, Analysis>;
  /** Who the faces are that count, by {@link placeOf}. The others on the same photos are bystanders. */
  people: ReadonlyMap<string, string>;
}

/** Names a face by its photo's content and its place on it: the same in every library. */
export function placeOf(hash: string, { x, y }: Pick<UnitBox, 'x' | 'y'>): string {
  return `${hash} ${x} ${y}`;
}

/** Lets real vision look at a source, by an ordinary scan into a library that is kept, so that a second run is quick. */
export async function see(
  source: Source,
  by: { detector: DetectorId; encoder: EncoderId; key: EncoderKey },
  libraryFile: string,
  onProgress: (progress: ScanProgress) => void,
): Promise<Seen> {
  mkdirSync(dirname(libraryFile), { recursive: true });
  const { detector, encoder } = by;
  const app = await createApp({ libraryFile, detector, encoder });
  const stop = app.on((event) => event.kind === 'scan' && onProgress(event.state.progress));
  try {
    await scanned(app, source.folder);
  } finally {
    stop();
    await app.close();
  }
  const library = openLibrary(libraryFile);
  try {
    return await read(library, source, by.key);
  } finally {
    library.close();
  }
}

async function read(library: Library, source: Source, encoder: EncoderKey): Promise<Seen> {
  const { faceIds, photoHashes, photoIds, vectors, size, days } = library.embeddings.all(encoder);
  const rowOf = new Map(faceIds.map((id, row) => [id, row]));
  const hashOf = new Map(photoIds.map((id, row) => [id, photoHashes[row]!]));
  const folder = library.files.folder(source.folder);
  const hashes = library.stacks.hashes(new Set(photoIds));
  /** Of a library from before it was kept, as the vision process would tell it. */
  const lookOf = async (photo: PhotoId) =>
    hashes.get(photo) ?? (await dhashOf(new Uint8Array(library.thumbnails.get(photo)!)));
  const facesOf = Map.groupBy(library.faces.ofFolder(folder), ({ photoId }) => photoId);
  const files = new Map(library.files.list(folder).map((file) => [file.path, file]));
  const analyses = new Map<string, Analysis>();
  const people = new Map<string, string>();
  const pictures: Picture[] = [];
  for (const picture of source.pictures) {
    const file = files.get(picture.path);
    const hash = file?.photoId ? hashOf.get(file.photoId) : undefined;
    // Without a face there is nothing to group; a content that is there already is no photo more.
    if (!file?.photoId || hash === undefined || analyses.has(hash)) continue;
    const faces = facesOf.get(file.photoId) ?? [];
    const [first] = faces;
    const taken = picture.taken ?? (first ? dateOf(days[rowOf.get(first.id)!]!) : null);
    pictures.push({ ...picture, taken });
    analyses.set(hash, {
      ...{ hash, bytes: 0, width: file.width!, height: file.height!, takenAt: taken },
      // Pictures for people to look at, which nobody does here.
      thumbnail: new Uint8Array(),
      dhash: await lookOf(file.photoId),
      faces: faces.map((face) => foundFace(face, vectors, rowOf.get(face.id)! * size, size)),
    });
    const subject = picture.person === null ? null : central(faces);
    if (subject !== null) people.set(placeOf(hash, subject.box), picture.person!);
  }
  return { folder: source.folder, pictures, analyses, people };
}

function foundFace({ box, score, quality }: RecordedFace, vectors: Float32Array, at: number, size: number) {
  const embedding = vectors.slice(at, at + size);
  return { ...{ box, score, quality, embedding }, landmarks: null, crop: new Uint8Array() };
}

/** @param days since 1970; NaN where the photo does not say when it was taken */
function dateOf(days: number): string | null {
  return Number.isNaN(days) ? null : new Date(Math.round(days * 86_400) * 1000).toISOString().slice(0, 19);
}

/**
 * Stands where the vision processes stand, and gives what they found on a file of this content before. Everything behind
 * it is the application itself.
 */
export function rememberingPool({ analyses }: Pick<Seen, 'analyses'>): VisionPool {
  const unasked = (path: string): never => {
    throw new UnreadablePhoto('unsupported-format', path);
  };
  async function hash(path: string) {
    const content = await readFile(path);
    return { hash: createHash('sha256').update(content).digest('hex'), bytes: content.length };
  }
  return {
    hash,
    async analyse(path) {
      const { hash: key, bytes } = await hash(path);
      const analysis = analyses.get(key);
      return analysis ? { ...analysis, bytes } : unasked(path);
    },
    embed: async ({ path }) => unasked(path),
    embedCrops: async ({ path }) => unasked(path),
    draw: async ({ path }) => unasked(path),
    show: async ({ path }) => unasked(path),
    cut: async ({ path }) => unasked(path),
    hide: async ({ path }) => unasked(path),
    shot: async (path) => unasked(path),
    dhash: async (jpegs) => jpegs.map(() => null),
    size: 1,
    memory: async () => 0,
    async close() {},
  };
}
