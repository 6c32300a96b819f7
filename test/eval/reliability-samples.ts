import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DetectorId, EncoderId } from '../../electron/contract/ids.ts';
import { plainProduct } from '../../electron/grouping/product.ts';
import { openLibrary } from '../../electron/library/open.ts';
import { alignedEmbeddings } from '../../electron/service/aligned.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { encoderKey } from '../../models/encoder.ts';
import { openStore } from '../../models/store.ts';
import { SAMPLE_FACES } from '../fixtures/sample-faces.ts';
import { type DrawnFace, type Engine, groupsOf } from './reliability-draws.ts';

/** The 22 faces of face-api's sample photos, scanned as any folder. One woman is there twice. */
export async function samplesOf(
  detector: DetectorId,
  encoder: EncoderId,
  engine: Engine,
  out: string,
): Promise<{ faces: DrawnFace[]; group: Int32Array }> {
  const folder = join(out, 'samples');
  mkdirSync(folder, { recursive: true });
  for (const path of new Set(SAMPLE_FACES.map((face) => face.path))) {
    const copy = join(folder, basename(path));
    if (!existsSync(copy)) cpSync(path, copy);
  }
  const libraryFile = join(out, `samples-${detector}-${encoder}.kith`);
  const app = await createApp({ detector, encoder, libraryFile });
  try {
    await app.call('folder.group', { path: folder });
  } finally {
    await app.close();
  }
  const library = openLibrary(libraryFile);
  try {
    const table = alignedEmbeddings(library, await encoderKey(encoder, openStore()));
    const { size, vectors, qualities, photoIds, faceIds } = table;
    const boxOf = library.faces.boxReader();
    const files = library.files.list(library.files.folder(folder));
    const pathOf = new Map(files.map(({ path, photoId }) => [photoId, path]));
    const faces = [...faceIds.keys()].map((row) => {
      const box = boxOf(faceIds[row]!)!;
      const path = pathOf.get(photoIds[row]!)!;
      return {
        person: nameOf(path, box.x + box.width / 2),
        photo: photoIds[row]! as number,
        quality: qualities[row]!,
        embedding: vectors.subarray(row * size, (row + 1) * size),
      };
    });
    return { faces, group: await groupsOf(faces, engine, plainProduct) };
  } finally {
    library.close();
  }
}

/** The third woman of the first photo, from the left, is the second of the third photo. */
function nameOf(path: string, x: number): string {
  const isTwice = (path === 'sample1.jpg' && x > 0.7) || (path === 'sample3.jpg' && x > 0.5 && x < 0.7);
  return isTwice ? 'twice' : `${path} ${x}`;
}
