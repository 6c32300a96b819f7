import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { UnitBox } from '../../electron/contract/geometry.ts';
import { encoderOf } from '../../electron/contract/ids.ts';
import type { FoundFace, VisionReply, VisionRequest, VisionSetup } from '../../electron/contract/vision.ts';
import { normalise } from '../../electron/grouping/similarity.ts';
import { type MadeEncoder, madeVectors } from '../fixtures/made-vectors.ts';

// Stands where a vision process stands, so that the record can be tested without any seeing: a file made by `madePhoto`
// has one face for each name in it, and a face's vector follows from its name and the file's bytes. What Kith makes of
// these answers is the real thing, from the pool on.

/** People that made photos may show, by the names `0` to `11`. */
export const CAST = 12;

/** Faces that each of them has; which one is on a photo, its bytes decide. */
const LOOKS = 24;

/** Every so many looks, one is of a face that is hard to see. */
const POOR = 8;

const JPEG = Buffer.from('a picture');

/** Vectors by encoder: person p's look l at p · LOOKS + l. */
const galleries = new Map<MadeEncoder, Float32Array<ArrayBuffer>[]>();

function galleryOf(encoder: MadeEncoder): Float32Array<ArrayBuffer>[] {
  const known = galleries.get(encoder);
  if (known) return known;
  const vectors = madeVectors(encoder, { seed: 12 });
  const gallery = Array.from({ length: CAST * LOOKS }, (_, i) =>
    vectors.faceOf(Math.floor(i / LOOKS), isPoor(i % LOOKS) ? 2 : 1),
  );
  galleries.set(encoder, gallery);
  return gallery;
}

/** Weight of the person's mean face in a face of a clear photo, beside a look's. Chosen by hand. */
const CLEAR = 3;

/** A look that is drawn to its person's mean face, so that nobody takes it for somebody else's. */
function clearLook(vector: Float32Array, person: number): Float32Array<ArrayBuffer> {
  const looks = galleryOf('dlib').slice(person * LOOKS, (person + 1) * LOOKS);
  const mean = (i: number) => looks.reduce((sum, look) => sum + look[i]! / LOOKS, 0);
  return new Float32Array(normalise(vector.map((value, i) => value + CLEAR * mean(i))));
}

function isPoor(look: number): boolean {
  return look % POOR === POOR - 1;
}

/** Whether a photo says `clear`: then grouping is sure to find who is who on it, with dlib. */
const isClear = (bytes: Buffer) => /^clear$/m.test(bytes.toString());

/** A photo that says `waits for:` and a name is not looked at before a file of that name lies beside it: that holds a scan. */
async function letThrough(path: string, text: string): Promise<void> {
  const name = /^waits for:(.*)$/m.exec(text)?.[1];
  if (name === undefined) return;
  const gate = join(dirname(path), name);
  while (existsSync(path) && !existsSync(gate)) await wait(5);
}

/** What this process was told to look with; none before the setup. */
export interface MadeVision {
  answer(request: VisionRequest): Promise<VisionReply>;
}

export function madeVision(): MadeVision {
  let setup: VisionSetup | null = null;

  function vectorOf(person: number, look: number): Float32Array<ArrayBuffer> {
    const { id } = encoderOf(setup!.encoder);
    return galleryOf(id === 'dlib' ? 'dlib' : 'facenet-512')[person * LOOKS + look]!;
  }

  /** Another detector sees the same faces a little to the side. */
  function faceAt(box: UnitBox, person: number, look: number): FoundFace {
    return {
      box,
      landmarks: null,
      score: 0.9,
      quality: isPoor(look) ? 0.05 : 0.8,
      embedding: vectorOf(person, look),
      crop: Buffer.from(`${person}:${look}`),
    };
  }

  function boxOf(index: number): UnitBox {
    const shift = setup!.detector === 'ssd' ? 0 : 0.01;
    return { x: 0.2 * index + shift, y: 0.1, width: 0.1, height: 0.15 } as UnitBox;
  }

  async function answer(request: VisionRequest): Promise<VisionReply> {
    const told = { id: request.id, memory: { rss: 1000, peak: 1000 } };
    if (request.kind === 'setup') {
      setup = request.setup;
      return { ...told, kind: 'ready' };
    }
    if (request.kind === 'dhash') {
      return { ...told, kind: 'dhashes', dhashes: request.jpegs.map(() => null) };
    }
    if (request.kind === 'embed-crops') {
      const embeddings = request.faces.map(({ crop }) => {
        const [person, look] = Buffer.from(crop).toString().split(':').map(Number);
        return vectorOf(person!, look!);
      });
      return { ...told, kind: 'embeddings', embeddings };
    }
    const bytes = await readFile(request.path).catch(() => null);
    const unreadable = (code: 'vanished' | 'not-an-image'): VisionReply => ({
      ...told,
      kind: 'unreadable',
      code,
      detail: request.path,
    });
    if (bytes === null) return unreadable('vanished');
    const digest = createHash('sha256').update(bytes).digest();
    const hash = digest.toString('hex');
    if (request.kind === 'hash') return { ...told, kind: 'hash', hash, bytes: bytes.length };
    const shown = /^people:(.*)$/m.exec(bytes.toString())?.[1];
    if (shown === undefined) return unreadable('not-an-image');
    const people = shown === '' ? [] : shown.split(',').map((name) => Number(name) % CAST);
    const faces = people.map((person, i) => {
      const face = faceAt(boxOf(i), person, digest[i]! % LOOKS);
      return isClear(bytes) ? { ...face, embedding: clearLook(face.embedding, person), quality: 0.8 } : face;
    });
    switch (request.kind) {
      case 'analyse': {
        await letThrough(request.path, bytes.toString());
        const photo = { hash, bytes: bytes.length, width: 1000, height: 800 };
        return {
          ...told,
          kind: 'analysis',
          analysis: { ...photo, takenAt: null, camera: null, thumbnail: JPEG, faces },
        };
      }
      case 'embed': {
        if (request.hash !== hash) return unreadable('vanished');
        const at = (x: number) => faces[Math.min(Math.floor(x / 0.2), faces.length - 1)];
        const embeddings = request.faces.map(({ box }) => at(box.x)?.embedding ?? vectorOf(0, 0));
        return { ...told, kind: 'embeddings', embeddings };
      }
      case 'draw': {
        if (request.hash !== hash) return unreadable('vanished');
        return { ...told, kind: 'face', face: faceAt(request.box, digest[5]! % CAST, digest[6]! % LOOKS) };
      }
      case 'shot': {
        const shot = { camera: null, lens: null, aperture: null, exposure: null, iso: null };
        return { ...told, kind: 'shot', shot: { ...shot, focalLength: null } };
      }
      case 'show':
        return { ...told, kind: 'picture', picture: { jpeg: JPEG, hash } };
      case 'cut':
        return { ...told, kind: 'cut', cut: { bytes: JPEG, width: 64, height: 64 } };
      case 'hide':
        return { ...told, kind: 'hidden', jpeg: JPEG, hidden: request.hidden.length };
    }
  }

  return { answer };
}
