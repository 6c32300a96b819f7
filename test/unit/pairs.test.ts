import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UnreadablePhoto } from '../../electron/contract/errors.ts';
import type { UnitBox } from '../../electron/contract/geometry.ts';
import type { Analysis, FoundFace } from '../../electron/contract/vision.ts';
import { centralFace, comparePairs } from '../../electron/service/pairs.ts';

const face = (x: number, y: number, side: number, angle: number): FoundFace => ({
  box: { x, y, width: side, height: side } as UnitBox,
  landmarks: null,
  score: 1,
  quality: 1,
  embedding: Float32Array.of(Math.cos(angle), Math.sin(angle)),
  crop: new Uint8Array(),
});

const analysis = (faces: FoundFace[]): Analysis => ({
  hash: '0'.repeat(64),
  bytes: 1,
  width: 250,
  height: 250,
  takenAt: null,
  thumbnail: new Uint8Array(),
  faces,
});

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kith-pairs-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Two folds of one pair of each kind; Ada's and Bob's faces point into opposite directions. */
const list = 'Ada 1 2\nAda 1 Bob 1\nBob 1 2\nAda 2 Bob 2\n'.replaceAll(' ', '\t');
const pictures = ['Ada/Ada_0001.jpg', 'Ada/Ada_0002.jpg', 'Bob/Bob_0001.jpg', 'Bob/Bob_0002.jpg'];

async function prepare(): Promise<string> {
  for (const picture of pictures) {
    await mkdir(join(root, dirname(picture)), { recursive: true });
    await writeFile(join(root, picture), '');
  }
  const pairs = join(root, 'pairs.txt');
  await writeFile(pairs, `2\t1\n${list}`);
  return pairs;
}

function poolThat(analyse: (name: string) => Analysis) {
  const asked: string[] = [];
  return {
    asked,
    pool: {
      analyse: async (path: string) => {
        asked.push(basename(path));
        return analyse(basename(path));
      },
      hash: async () => ({ hash: '', bytes: 0 }),
    },
  };
}

const own = (name: string) => analysis([face(0.4, 0.4, 0.2, name.startsWith('Ada') ? 0 : Math.PI)]);

describe('the protocol of Labeled Faces in the Wild', () => {
  it('means the face nearest the centre, however large a bystander is', () => {
    const bystander = face(0, 0, 0.45, 1);
    const person = face(0.45, 0.4, 0.15, 2);
    expect(centralFace(analysis([bystander, person]))).toBe(person);
    expect(centralFace(analysis([]))).toBeNull();
  });

  it('analyses each picture once and gets all of an easy list right', async () => {
    const pairs = await prepare();
    const { pool, asked } = poolThat(own);
    const { figures, trials } = await comparePairs({ pool, poolSize: 2, encoder: 'dlib', pairs, root });
    expect(asked.sort()).toEqual(pictures.map((path) => basename(path)));
    expect(trials.map(({ paths }) => paths[0])).toEqual([pictures[0], pictures[0], pictures[2], pictures[1]]);
    expect(figures).toEqual({
      pairs: 4,
      folds: 2,
      accuracy: 1,
      std: 0,
      tarAtFar: { '0.001': 1, '0.01': 1 },
      auc: 1,
      noFace: 0,
    });
  });

  it('takes a pair with an undetected or unreadable face for two people', async () => {
    const pairs = await prepare();
    const { pool } = poolThat((name) => {
      if (name === 'Bob_0002.jpg') throw new UnreadablePhoto('truncated', name);
      return own(name);
    });
    const { figures: report } = await comparePairs({ pool, poolSize: 2, encoder: 'dlib', pairs, root });
    expect(report.noFace).toBe(2);
    // Bob's own pair is lost, the impostor pair with him is right.
    expect(report.tarAtFar['0.001']).toBe(0.5);
    expect(report.accuracy).toBeLessThan(1);
  });

  it('names the picture that is not there before it looks at any', async () => {
    const pairs = await prepare();
    await rm(join(root, 'Bob/Bob_0002.jpg'));
    const { pool, asked } = poolThat(own);
    await expect(comparePairs({ pool, poolSize: 2, encoder: 'dlib', pairs, root })).rejects.toMatchObject({
      code: 'file-missing',
      detail: expect.stringContaining(join('Bob', 'Bob_0002.jpg')),
    });
    expect(asked).toEqual([]);
  });

  it('stops when it is asked to', async () => {
    const pairs = await prepare();
    const { pool } = poolThat(own);
    const controller = new AbortController();
    controller.abort();
    const run = comparePairs({ pool, poolSize: 2, encoder: 'dlib', pairs, root, signal: controller.signal });
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
  });
});
