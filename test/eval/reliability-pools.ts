import { join } from 'node:path';
import type { DetectorId, EncoderId, EncoderKey } from '../../electron/contract/ids.ts';
import type { ScanProgress } from '../../electron/contract/results.ts';
import { lagFolder, lfwFiles, runFaces } from './lfw.ts';

/** A face of which one knows who it is. */
export interface KnownFace {
  person: string;
  quality: number;
  embedding: Float32Array;
}

export interface ReliabilityWork {
  /** Where evaluations keep their libraries. */
  out: string;
  onProgress: (progress: ScanProgress) => void;
}

/** Who libraries are drawn from. */
export interface Pools {
  key: EncoderKey;
  pools: Record<'adults' | 'children' | 'child and grown up' | 'everybody', KnownFace[]>;
}

/** The faces of LFW and LAG, as the product compares them. Some people are in both, under one name. */
export async function poolsOf(
  detector: DetectorId,
  encoder: EncoderId,
  { out, onProgress }: ReliabilityWork,
): Promise<Pools> {
  const read = async (file: string, folder: string) => {
    const { key, faces } = await runFaces(detector, encoder, { file: join(out, file), folder, onProgress });
    return {
      key,
      faces: [...faces.values()].map((face) => ({ ...face, person: face.person.toLowerCase() })),
    };
  };
  const lfw = await read(`${detector}-${encoder}.kith`, lfwFiles().pictures);
  const lag = await read(`lag-${detector}-${encoder}.kith`, lagFolder());
  const children = lag.faces.filter(({ path }) => path.includes('/young_'));
  const everybody = [...lfw.faces, ...lag.faces];
  return {
    key: lfw.key,
    pools: { adults: lfw.faces, children, 'child and grown up': lag.faces, everybody },
  };
}
