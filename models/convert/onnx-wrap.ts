import { KithError } from '../../electron/contract/errors.ts';
import type { Normalisation } from '../catalog.ts';
import { pixels } from './layers.ts';
import { normalised } from './normalise.ts';
import { OnnxGraph, OperatorSetIdProto, ValueInfoProto } from './onnx.ts';
import { type Field, field, joinFields, readFields, replaceFields } from './onnx-wire.ts';

/** Field numbers of onnx.proto. */
const model = { irVersion: 1, graph: 7, opsets: 8 };
const graph = {
  node: 1,
  name: 2,
  initializer: 5,
  input: 11,
  output: 12,
  valueInfo: 13,
  quantisation: 14,
  sparse: 15,
};
const node = { input: 1, output: 2, name: 3, opType: 4, attribute: 5 };
const attribute = { graph: 6, graphs: 11 };
const tensor = { name: 8, external: 13 };

/** An input or output of an imported network. */
export interface OnnxEnd {
  name: string;
  /** Sides; null where the file does not say, or says a word. */
  shape: readonly (number | null)[];
  float: boolean;
}

/** An imported ONNX file, taken apart. */
export interface OnnxNetwork {
  inputs: readonly OnnxEnd[];
  outputs: readonly OnnxEnd[];
  /** Kinds of its first nodes. */
  first: readonly string[];
  file: string;
  fields: readonly Field[];
}

/**
 * Reads which inputs and outputs an imported network has.
 *
 * @throws KithError `model-damaged` when it is no ONNX; `model-unsupported` when it is none that can be wrapped
 */
export function readOnnx(bytes: Uint8Array, file: string): OnnxNetwork {
  const refuse = (why: string) => new KithError('model-unsupported', `${file}: ${why}`);
  try {
    const fields = readFields(bytes);
    const parts = graphOf(fields);
    const of = (number: number) =>
      parts.filter((part) => part.number === number).map(({ payload }) => payload!);
    const nodes = of(graph.node);
    if (nodes.length === 0) throw new Error('it holds no graph');
    const opset = fields
      .filter(({ number }) => number === model.opsets)
      .map(({ payload }) =>
        OperatorSetIdProto.toObject(OperatorSetIdProto.decode(payload!), { longs: Number }),
      )
      .find(({ domain }) => !domain)?.version;
    if (!(opset >= 8)) throw refuse(`expected operator set 8 or later but received ${opset ?? 'none'}`);
    if (of(graph.sparse).length > 0) throw refuse('it has sparse weights');
    const weights = new Set(
      of(graph.initializer).map((weight) => {
        const inner = readFields(weight);
        if (inner.some(({ number }) => number === tensor.external))
          throw refuse('it keeps its weights in another file; save it as one file');
        return text(inner.find(({ number }) => number === tensor.name)?.payload);
      }),
    );
    const kinds = nodes.map((each) => {
      const inner = readFields(each);
      for (const { number, payload } of inner) {
        if (number === node.attribute && readFields(payload!).some(isGraph))
          throw refuse('it holds graphs inside its graph (If, Loop)');
      }
      return text(inner.find(({ number }) => number === node.opType)?.payload);
    });
    return {
      inputs: of(graph.input)
        .map(readEnd)
        .filter(({ name }) => !weights.has(name)),
      outputs: of(graph.output).map(readEnd),
      first: kinds.slice(0, 8),
      file,
      fields,
    };
  } catch (cause) {
    if (cause instanceof KithError) throw cause;
    throw new KithError('model-damaged', `${file} can't be read as ONNX: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** The steps between Kith's pictures and an imported network. */
export interface Wrapping {
  input: string;
  output: string;
  side: number;
  size: number;
  layout: 'nchw' | 'nhwc';
  colour: 'rgb' | 'bgr';
  normalise: Normalisation;
}

/**
 * Puts steps in front of an imported network, so that it takes what Kith's own networks take: `image` uint8
 * [N, side, side, 3], RGB, 0..255, in; `embedding` float32 [N, size] out. The network's own nodes are kept byte for byte,
 * except the names of their values: these get the prefix `network/`, so that none equals a name of Kith's.
 */
export function wrapOnnx({ fields }: OnnxNetwork, wrapping: Wrapping): Uint8Array {
  const kept = graphOf(fields).flatMap(({ number, raw, payload }) => {
    // Shapes inside are inferred anew: they may be written for one picture at a time.
    const left = [graph.input, graph.output, graph.valueInfo, graph.quantisation];
    if (left.includes(number)) return [];
    if (number === graph.node)
      return [field(number, renamed(payload!, [node.input, node.output, node.name]))];
    if (number === graph.initializer) return [field(number, renamed(payload!, [tensor.name]))];
    return [raw];
  });
  const front = graphOf(readFields(frontOf(wrapping)));
  const end = graphOf(readFields(endOf(wrapping))).filter(({ number }) => number !== graph.input);
  // The graph keeps its own name.
  const unnamed = (parts: readonly Field[]) =>
    parts.filter(({ number }) => number !== graph.name).map(({ raw }) => raw);
  const whole = joinFields([...unnamed(front), ...kept, ...unnamed(end)]);
  // A version is one byte after its tag until there are 128 of them.
  const version = fields.find(({ number }) => number === model.irVersion)?.raw[1] ?? 0;
  return joinFields([
    // Version 8 lets weights be weights without being inputs, which older files had to list as well.
    Uint8Array.of(model.irVersion << 3, Math.max(8, version)),
    ...fields
      .filter(({ number }) => number !== model.graph && number !== model.irVersion)
      .map(({ raw }) => raw),
    field(model.graph, whole),
  ]);
}

function frontOf({ input, side, layout, colour, normalise }: Wrapping): Uint8Array {
  const front = new OnnxGraph('front');
  let x = normalised(front, pixels(front, side), side, normalise);
  if (colour === 'bgr') {
    const order = front.integers('bgr/order', [2, 1, 0]);
    x = front.node('Gather', [x, order], { axis: 1 }, 'bgr');
  }
  if (layout === 'nhwc') x = front.node('Transpose', [x], { perm: [0, 2, 3, 1] }, 'nhwc');
  front.node('Identity', [x], {}, prefix + input);
  return front.bytes();
}

function endOf({ output, size }: Wrapping): Uint8Array {
  const end = new OnnxGraph('end');
  const raw = end.input(prefix + output, 'float32', ['N', size]);
  end.output(end.node('Identity', [raw], {}, 'embedding'), 'float32', ['N', size]);
  return end.bytes();
}

const prefix = 'network/';

function renamed(message: Uint8Array, names: readonly number[]): Uint8Array {
  return replaceFields(message, (number, payload) =>
    // An empty name stands for an input that is left out.
    names.includes(number) && payload.length > 0 ? new TextEncoder().encode(prefix + text(payload)) : null,
  );
}

function graphOf(fields: readonly Field[]): Field[] {
  const found = fields.find(({ number }) => number === model.graph);
  if (!found?.payload) throw new Error('it holds no graph');
  return readFields(found.payload);
}

function readEnd(payload: Uint8Array): OnnxEnd {
  const { name, type } = ValueInfoProto.toObject(ValueInfoProto.decode(payload), { longs: Number });
  const dims: { dimValue?: number }[] = type?.tensorType?.shape?.dim ?? [];
  return {
    name: String(name),
    shape: dims.map(({ dimValue }) => (dimValue && dimValue > 0 ? dimValue : null)),
    float: type?.tensorType?.elemType === 1,
  };
}

const isGraph = ({ number }: Field) => number === attribute.graph || number === attribute.graphs;
const text = (payload: Uint8Array | null | undefined) =>
  new TextDecoder().decode(payload ?? new Uint8Array());
