import { writeFileSync } from 'node:fs';
import { join as pathOf } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CompositeId, DetectorId, NetworkId } from '../../electron/contract/ids.ts';
import { networksOf } from '../../electron/contract/ids.ts';
import type { ScanProgress } from '../../electron/contract/results.ts';
import { packing } from '../../electron/grouping/pack-vectors.ts';
import { dot } from '../../electron/grouping/similarity.ts';
import { joinVectors } from '../../electron/vision/composite.ts';
import { joinOf } from '../../models/encoder.ts';
import { type Join, joinFile, ownJoinFile } from '../../models/joins.ts';
import { chosenFolder, openStore } from '../../models/store.ts';
import { embedFaces, lagFolder, lfwFiles } from './lfw.ts';
import { product } from './product.ts';

/** Shares of the second network that are tried. */
const SHARES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** Share of impostor pairs that is let through where shares are compared. */
const FAR = 0.001;

/** A picture's face by both networks. */
interface Twice {
  person: string;
  child: boolean;
  embeddings: [Float32Array, Float32Array];
}

interface Work {
  out: string;
  onProgress: (progress: ScanProgress) => void;
}

/**
 * Fits how two networks are joined, on LFW and LAG: the centre of each is the mean of people's means, its axes are the
 * directions that its embeddings use at all, and the share of the second is the one at which TAR, the mean of grown-ups'
 * and children's, is best. Each half of the people is judged by what was fitted on the other half.
 *
 * @returns a report in plain lines
 */
export async function fitJoin(id: CompositeId, detector: DetectorId, work: Work): Promise<string> {
  const faces = await facesOf(id, detector, work);
  const people = [...new Set(faces.map(({ person }) => person))].sort();
  const halves = [0, 1].map((half) => {
    const chosen = new Set(people.filter((_, at) => at % 2 === half));
    return faces.filter(({ person }) => chosen.has(person));
  });
  const centred = await Promise.all(halves.map(partsOf));
  const rates = [0, ...SHARES, 1].map((share) => {
    const each = halves.map((half, at) => ratesOf(half, withShare(centred[1 - at]!, share)));
    const mean = (age: 'grown' | 'children') => (each[0]![age] + each[1]![age]) / 2;
    return { share, grown: mean('grown'), children: mean('children') };
  });
  const best = rates.reduce((one, other) =>
    other.grown + other.children > one.grown + one.children ? other : one,
  );
  const parts = withShare(await partsOf(faces), best.share);
  const [first, second] = parts.map(({ axes, centre }) => axes.length / centre.length);
  const file = await write(id, {
    parts,
    command: `npm run eval -- join ${detector}/${id}`,
    source: `${faces.length.toLocaleString('en')} faces of Labeled Faces in the Wild and Large Age-Gap`,
  });
  const percent = (rate: number) => `${(100 * rate).toFixed(1)} %`;
  return [
    `${detector} + ${id}: ${faces.length} faces of ${people.length} people, ${first} + ${second} numbers`,
    `| share of ${networksOf(id)[1]} | grown-ups: TAR at FAR ${FAR * 100} % | children |`,
    '|---|---|---|',
    ...rates.map(({ share, grown, children }) => `| ${share} | ${percent(grown)} | ${percent(children)} |`),
    `Wrote ${file}`,
  ].join('\n');
}

/** The faces on which both networks agree that there is one, by the same detector. */
async function facesOf(id: CompositeId, detector: DetectorId, { out, onProgress }: Work): Promise<Twice[]> {
  const read = async (network: NetworkId) => {
    const name = `${detector}-${network}.kith`;
    const sets = [
      { file: pathOf(out, name), folder: lfwFiles().pictures },
      { file: pathOf(out, `lag-${name}`), folder: lagFolder() },
    ];
    const runs = [];
    for (const set of sets) runs.push(await embedFaces(detector, network, { ...set, onProgress }, true));
    return new Map(runs.flatMap(({ faces }) => [...faces]));
  };
  const [first, second] = networksOf(id) as [NetworkId, NetworkId];
  const [ones, others] = [await read(first), await read(second)];
  return [...ones.values()].flatMap(({ path, person, embedding }) => {
    const other = others.get(path)?.embedding;
    return other
      ? [{ person, child: path.includes('/young_'), embeddings: [embedding, other] as const }]
      : [];
  }) as Twice[];
}

type Parts = Join['parts'];

async function partsOf(faces: readonly Twice[]): Promise<Parts> {
  const part = async (at: 0 | 1) => {
    const size = faces[0]!.embeddings[at].length;
    const centre = new Float32Array(size);
    const people = Map.groupBy(faces, ({ person }) => person);
    for (const own of people.values()) {
      for (const { embeddings } of own) {
        embeddings[at].forEach((value, i) => {
          centre[i]! += value / own.length / people.size;
        });
      }
    }
    const vectors = new Float32Array(faces.length * size);
    faces.forEach(({ embeddings }, row) => {
      vectors.set(
        embeddings[at].map((value, i) => value - centre[i]!),
        row * size,
      );
    });
    const found = await packing(vectors, size, size - 1, product);
    const all = Array.from({ length: size }, (_, i) =>
      Float64Array.from({ length: size }, (_, j) => Number(i === j)),
    );
    return { centre, axes: Float32Array.from((found?.axes ?? all).flatMap((axis) => [...axis])), share: 1 };
  };
  return [await part(0), await part(1)];
}

function withShare([first, second]: Parts, share: number): Parts {
  return [
    { ...first, share: 1 - share },
    { ...second, share },
  ];
}

/** TAR among grown-ups and among children, all by one join. */
function ratesOf(faces: readonly Twice[], parts: Parts): { grown: number; children: number } {
  const join = { parts, command: '', source: '' };
  const rate = (child: boolean) => {
    const some = faces
      .filter((face) => face.child === child)
      .map(({ person, embeddings }) => ({ person, vector: joinVectors(embeddings, join) }));
    const genuine: number[] = [];
    const impostor: number[] = [];
    some.forEach((one, at) => {
      for (const other of some.slice(at + 1)) {
        (one.person === other.person ? genuine : impostor).push(dot(one.vector, other.vector));
      }
    });
    const bound = Float64Array.from(impostor)
      .sort()
      .at(-1 - Math.floor(FAR * impostor.length))!;
    return genuine.filter((similarity) => similarity >= bound).length / genuine.length;
  };
  return { grown: rate(false), children: rate(true) };
}

/** Into the catalog for weights that Kith knows, else beside the user's own. @returns the file */
async function write(id: CompositeId, { parts, ...from }: Join): Promise<string> {
  const { weights, isKnown } = await joinOf(id, openStore());
  const file = isKnown ? fileURLToPath(joinFile(id)) : ownJoinFile(id, weights, chosenFolder());
  const base64 = (values: Float32Array) =>
    Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
  const written = {
    ...from,
    parts: parts.map(({ centre, axes, share }) => ({ share, centre: base64(centre), axes: base64(axes) })),
  };
  writeFileSync(file, `${JSON.stringify(written, null, 2)}\n`);
  return file;
}
