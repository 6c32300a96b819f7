import { KithError } from '../electron/contract/errors.ts';
import type { NetworkId } from '../electron/contract/ids.ts';
import { type OnnxEnd, type OnnxNetwork, readOnnx, wrapOnnx } from './convert/onnx-wrap.ts';
import { encoders } from './known-encoders.ts';
import type { Alignment, EncoderModel, EncoderShape, Normalisation, OwnEncoderModel } from './model.ts';

/** What is known of a network besides its file: by its hash, or since the user says it. */
export interface OnnxHints {
  /** The encoder of the catalog that it is; left out, its sides tell. */
  known?: NetworkId | null;
  /** Side of its picture in pixels. */
  side?: number;
  layout?: 'nchw' | 'nhwc';
  colour?: 'rgb' | 'bgr';
  normalise?: Normalisation;
  /** How it wants faces cut out. */
  align?: Alignment;
}

/** The encoders of the catalog that an imported file may be, besides `custom`. */
const brought = Object.entries<EncoderModel | OwnEncoderModel>(encoders).flatMap(([id, model]) =>
  'shape' in model && model.normalise !== undefined ? [{ ...model, id: id as NetworkId }] : [],
);

export interface OnnxEncoder {
  id: NetworkId;
  shape: EncoderShape;
  normalise: Normalisation;
  /** The network with Kith's own steps in front of it. */
  network: Uint8Array;
}

const asItIs: Normalisation = { kind: 'fixed', mean: 0, spread: 1 };

/**
 * Looks at an imported network: which encoder it is, and what input it needs.
 *
 * Encoders of the catalog that nobody knows by their hash are recognised by the side of their picture, the length of their
 * embedding, and the name of their input where only they have it; the catalog says what goes in front of each. Networks from MXNet subtract and
 * multiply by themselves. The user has to describe any other network, and one of these that needs another crop.
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

  const family = hints.known ?? familyOf(side, size, input.name);
  const usual = family === 'custom' ? null : encoders[family].shape;
  const alignment = hints.align ?? usual?.alignment;
  const normalise = hints.normalise ?? normalisationOf(family, network);
  if (!alignment || !normalise) {
    const lacking = [...(alignment ? [] : ['--align']), ...(normalise ? [] : ['--normalise'])];
    throw refuse(
      `Kith knows no encoder that takes ${side} pixels and gives ${size} numbers: say how it wants its faces, with ${lacking.join(' and ')}`,
    );
  }
  const isUsual = usual !== null && JSON.stringify(alignment) === JSON.stringify(usual.alignment);
  const ends = { input: input.name, output: output.name, side, size, layout, normalise };
  return {
    id: isUsual ? family : 'custom',
    shape: isUsual ? usual : { side, size, alignment, mirror: false },
    normalise,
    network: wrapOnnx(network, { ...ends, colour: hints.colour ?? 'rgb' }),
  };
}

function familyOf(side: number, size: number, input: string): NetworkId {
  const alike = brought.filter(({ shape }) => shape.side === side && shape.size === size);
  const found =
    alike.find(({ inputName }) => inputName === input) ??
    alike.find(({ inputName }) => inputName === undefined);
  return found?.id ?? 'custom';
}

function normalisationOf(family: NetworkId, { first }: OnnxNetwork): Normalisation | null {
  if (family === 'custom') return null;
  const { normalise = null, mayNormaliseItself } = encoders[family];
  const byItself = first.includes('Sub') && (first.includes('Mul') || first.includes('Div'));
  return mayNormaliseItself && byItself ? asItIs : normalise;
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
