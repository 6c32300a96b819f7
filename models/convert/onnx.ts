import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

/** A tensor of weights: row-major, `data.length` is the product of `shape`. */
export interface Weight {
  shape: readonly number[];
  data: Float32Array;
}

/** The name under which a node's output, an input or an initializer goes. */
export type Value = string;

type Attribute = number | readonly number[] | string;
type ElementType = 'float32' | 'uint8' | 'int64';
/** A side of a tensor; a word stands for a side that is only known when the network runs. */
type Side = number | string;

const elementTypes: Record<ElementType, number> = { float32: 1, uint8: 2, int64: 7 };

/** Operator set 17 and format version 8 belong together: ONNX 1.12, read by every runtime since 2022. */
const opset = 17;
const irVersion = 8;

const schema = protobuf.loadSync(fileURLToPath(new URL('onnx.proto', import.meta.url)));
const ModelProto = schema.lookupType('onnx.ModelProto');
/** For reading what others wrote; fields that Kith never writes are passed over. */
export const ValueInfoProto = schema.lookupType('onnx.ValueInfoProto');
export const OperatorSetIdProto = schema.lookupType('onnx.OperatorSetIdProto');

/**
 * Builds one ONNX graph, node by node, and writes it as a file's bytes. The same calls give the same bytes
 * on every machine, so that the result can be pinned by its hash.
 *
 * @example
 * const graph = new OnnxGraph('twice');
 * const x = graph.input('x', 'float32', ['N', 3]);
 * graph.output(graph.node('Add', [x, x], {}, 'y'), 'float32', ['N', 3]);
 * writeFileSync('twice.onnx', graph.bytes());
 */
export class OnnxGraph {
  readonly #name: string;
  readonly #nodes: object[] = [];
  readonly #initializers: object[] = [];
  readonly #inputs: object[] = [];
  readonly #outputs: object[] = [];
  readonly #names = new Set<string>();

  constructor(name: string) {
    this.#name = name;
  }

  input(name: string, type: ElementType, shape: readonly Side[]): Value {
    this.#inputs.push(valueInfo(this.#claim(name), type, shape));
    return name;
  }

  output(name: Value, type: ElementType, shape: readonly Side[]): void {
    this.#outputs.push(valueInfo(name, type, shape));
  }

  /** A constant of 32-bit floats. */
  weight(name: string, { shape, data }: Weight): Value {
    const size = shape.reduce((product, side) => product * side, 1);
    if (size !== data.length) {
      throw new Error(`Expected ${size} values for "${name}" [${shape}] but received ${data.length}`);
    }
    return this.#initializer(
      name,
      'float32',
      shape,
      littleEndian(data.length, 4, (view, i) => view.setFloat32(i * 4, data[i]!, true)),
    );
  }

  /** A constant list of 64-bit integers: a shape, a set of axes, paddings. */
  integers(name: string, values: readonly number[]): Value {
    return this.#initializer(
      name,
      'int64',
      [values.length],
      littleEndian(values.length, 8, (view, i) => view.setBigInt64(i * 8, BigInt(values[i]!), true)),
    );
  }

  /** Adds a node with one output, which goes by `name`. Whole numbers become integer attributes. */
  node(type: string, inputs: readonly Value[], attributes: Record<string, Attribute>, name: string): Value {
    return this.nodes(type, inputs, attributes, [name])[0]!;
  }

  /** Adds a node with several outputs. */
  nodes(
    type: string,
    inputs: readonly Value[],
    attributes: Record<string, Attribute>,
    names: readonly string[],
  ): Value[] {
    for (const input of inputs) {
      if (input !== '' && !this.#names.has(input))
        throw new Error(`Expected an earlier value for ${type} "${names[0]}" but received "${input}"`);
    }
    this.#nodes.push({
      input: inputs,
      output: names.map((name) => this.#claim(name)),
      name: names[0],
      opType: type,
      attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    });
    return [...names];
  }

  /** The file: an ONNX ModelProto. */
  bytes(): Uint8Array {
    const model = {
      irVersion,
      producerName: 'kith',
      graph: {
        node: this.#nodes,
        name: this.#name,
        initializer: this.#initializers,
        input: this.#inputs,
        output: this.#outputs,
      },
      opsetImport: [{ domain: '', version: opset }],
    };
    const wrong = ModelProto.verify(model);
    if (wrong) throw new Error(`Expected a whole ONNX model for ${this.#name} but received ${wrong}`);
    return ModelProto.encode(ModelProto.create(model)).finish();
  }

  #initializer(name: string, type: ElementType, dims: readonly number[], rawData: Uint8Array): Value {
    this.#initializers.push({ dims, dataType: elementTypes[type], name: this.#claim(name), rawData });
    return name;
  }

  #claim(name: string): string {
    if (this.#names.has(name))
      throw new Error(`Expected a new name in ${this.#name} but received "${name}" twice`);
    this.#names.add(name);
    return name;
  }
}

function valueInfo(name: string, type: ElementType, shape: readonly Side[]): object {
  const dim = shape.map((side) => (typeof side === 'number' ? { dimValue: side } : { dimParam: side }));
  return { name, type: { tensorType: { elemType: elementTypes[type], shape: { dim } } } };
}

const attributeTypes = { float: 1, int: 2, string: 3, ints: 7 };

function attribute(name: string, value: Attribute): object {
  if (typeof value === 'string')
    return { name, s: new TextEncoder().encode(value), type: attributeTypes.string };
  if (typeof value !== 'number') return { name, ints: value, type: attributeTypes.ints };
  return Number.isInteger(value)
    ? { name, i: value, type: attributeTypes.int }
    : { name, f: value, type: attributeTypes.float };
}

/** ONNX stores raw tensors little-endian on every machine. */
function littleEndian(count: number, size: number, put: (view: DataView, i: number) => void): Uint8Array {
  const bytes = new Uint8Array(count * size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < count; i++) put(view, i);
  return bytes;
}
