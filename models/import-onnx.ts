import { KithError } from '../electron/contract/errors.ts';
import type { Normalisation } from './catalog.ts';
import { type OnnxEnd, type OnnxNetwork, readOnnx, type Wrapping, wrapOnnx } from './convert/onnx-wrap.ts';

/** What a person says about a network whose file does not say it. */
export interface OnnxHints {
  /** Side of its picture in pixels. */
  side?: number;
  layout?: 'nchw' | 'nhwc';
  colour?: 'rgb' | 'bgr';
  normalise?: Normalisation;
}

export type OnnxFamily = 'facenet' | 'arcface' | 'sface' | 'other';

export interface OnnxEncoder {
  family: OnnxFamily;
  side: number;
  size: number;
  /** The network with Kith's front before it, given what stands between. */
  wrap(normalise: Normalisation): Uint8Array;
  /** What the family wants, or a person said; null where nobody knows. */
  normalise: Normalisation | null;
}

const asItIs: Normalisation = { kind: 'fixed', mean: 0, spread: 1 };

/**
 * Looks at somebody's network: which family of encoders it is, what it wants. FaceNet: 160 pixels, 128 or 512
 * numbers. SFace (OpenCV's): 112 pixels, 128 numbers, normalises by itself. ArcFace and its like: 112 pixels, 512
 * numbers; those out of MXNet subtract and multiply by themselves, the others want -1..1.
 *
 * @throws KithError `model-unsupported`, naming the file and what has to be said; `model-damaged`
 */
export function readOnnxEncoder(bytes: Uint8Array, file: string, hints: OnnxHints = {}): OnnxEncoder {
  const network = readOnnx(bytes, file);
  const refuse = (why: string) => new KithError('model-unsupported', `${file}: ${why}`);
  const input = only(network.inputs, 4);
  const output = only(network.outputs, 2) ?? (network.outputs.length === 1 ? network.outputs[0] : undefined);
  if (!input?.float || !output)
    throw refuse(`expected one picture in and one embedding out but received ${described(network)}`);

  const layout = hints.layout ?? layoutOf(input);
  if (!layout) throw refuse(`its picture is [${shown(input)}]: say which side is the colour with --layout`);
  const sides = layout === 'nchw' ? input.shape.slice(2) : input.shape.slice(1, 3);
  const side = hints.side ?? (sides[0] === sides[1] ? sides[0] : null);
  if (!side || sides.some((each) => each !== null && each !== side))
    throw refuse(`its picture is [${shown(input)}]: say its side in pixels with --size`);
  const size = output.shape.at(-1);
  if (!size || output.shape.slice(1, -1).some((each) => each !== 1))
    throw refuse(`its embedding is [${shown(output)}], and Kith has to know its length`);

  const family = familyOf(side, size);
  const wrapping = {
    input: input.name,
    output: output.name,
    side,
    size,
    layout,
    colour: hints.colour ?? 'rgb',
  } as const;
  return {
    family,
    side,
    size,
    normalise: hints.normalise ?? normalisationOf(family, network),
    wrap: (normalise) => wrapOnnx(network, { ...wrapping, normalise } satisfies Wrapping),
  };
}

function familyOf(side: number, size: number): OnnxFamily {
  if (side === 160 && (size === 128 || size === 512)) return 'facenet';
  if (side === 112 && size === 512) return 'arcface';
  return side === 112 && size === 128 ? 'sface' : 'other';
}

function normalisationOf(family: OnnxFamily, { first }: OnnxNetwork): Normalisation | null {
  if (family === 'sface') return asItIs;
  if (family !== 'arcface') return null;
  const byItself = first.includes('Sub') && (first.includes('Mul') || first.includes('Div'));
  return byItself ? asItIs : { kind: 'fixed', mean: 127.5, spread: 127.5 };
}

function layoutOf({ shape }: OnnxEnd): 'nchw' | 'nhwc' | null {
  if (shape[1] === 3 && shape[3] !== 3) return 'nchw';
  return shape[3] === 3 && shape[1] !== 3 ? 'nhwc' : null;
}

/** The only end of that rank. */
function only(ends: readonly OnnxEnd[], rank: number): OnnxEnd | undefined {
  const fitting = ends.filter(({ shape }) => shape.length === rank);
  return fitting.length === 1 && (rank !== 4 || ends.length === 1) ? fitting[0] : undefined;
}

const shown = ({ shape }: OnnxEnd) => shape.map((side) => side ?? '?').join(', ');
const described = ({ inputs, outputs }: OnnxNetwork) =>
  [inputs, outputs]
    .map((ends) => ends.map((end) => `${end.name} [${shown(end)}]`).join(', ') || 'none')
    .join(' in and ');
