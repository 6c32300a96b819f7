import { z } from 'zod';
import { KithError } from '../../electron/contract/errors.ts';

/** One layer as Keras describes it. `config` is what its class needs; its own schema checks it when it is used. */
export interface KerasLayer {
  name: string;
  /** Keras's class: `Conv2D`, `Lambda`, … */
  type: string;
  config: Readonly<Record<string, unknown>>;
  /** Layers whose outputs it takes, in order. */
  inputs: readonly string[];
  /** Keyword arguments of the call; only TensorFlow's operations as layers have any. */
  call: Readonly<Record<string, unknown>>;
}

/** A functional model with one input and one output, its layers in the order of the file. */
export interface KerasModel {
  /** What to call it in errors: the file's name. */
  file: string;
  layers: readonly KerasLayer[];
  input: string;
  output: string;
}

/** FaceNet's description has a quarter of a megabyte, 447 layers and 8 levels. */
const limits = { bytes: 32 << 20, depth: 64, layers: 5000 };

const Tensor = z.tuple([z.string(), z.number(), z.number()]).rest(z.record(z.string(), z.unknown()));
const Ends = z.array(z.tuple([z.string(), z.number(), z.number()])).length(1);

const Description = z.object({
  class_name: z.enum(['Functional', 'Model']),
  config: z.object({
    layers: z
      .array(
        z.object({
          class_name: z.string().max(200),
          name: z.string().min(1).max(500),
          config: z.record(z.string(), z.unknown()),
          inbound_nodes: z.array(z.array(Tensor)),
        }),
      )
      .min(2)
      .max(limits.layers),
    input_layers: Ends,
    output_layers: Ends,
  }),
});

/**
 * Reads the description that `model.to_json()` of Keras 2 writes, or that a whole-model file holds. Nothing in
 * it is ever run: the Python bytecode of Lambda layers stays a string that Kith does not read.
 *
 * @param file what to call it in errors
 * @throws KithError `model-unsupported`, naming the file and the layer, for anything but a functional model with
 * one input and one output; `model-damaged` when it is no JSON
 */
export function parseKerasModel(text: string, file: string): KerasModel {
  const refuse = (why: string) => new KithError('model-unsupported', `${file}: ${why}`);
  if (text.length > limits.bytes)
    throw refuse(`expected at most ${limits.bytes >> 20} MB of JSON but received ${text.length >> 20} MB`);
  if (isDeeperThan(text, limits.depth))
    throw refuse(`expected JSON of at most ${limits.depth} levels but received more`);
  const { data, error } = Description.safeParse(parseJson(text, file));
  if (!data) {
    const [issue] = error.issues;
    throw refuse(
      `expected a functional Keras 2 model with one input and one output; ${issue!.path.join('.') || 'the whole'}: ${issue!.message}`,
    );
  }

  const names = new Set<string>();
  const layers = data.config.layers.map((layer): KerasLayer => {
    const { name, class_name: type, config, inbound_nodes: nodes } = layer;
    if (names.has(name)) throw refuse(`expected one layer "${name}" but received two`);
    names.add(name);
    if (nodes.length > 1)
      throw refuse(
        `layer "${name}" (${type}) is used ${nodes.length} times; Kith reads models that use it once`,
      );
    const tensors = nodes[0] ?? [];
    const branch = tensors.find(([, node, tensor]) => node !== 0 || tensor !== 0);
    if (branch) throw refuse(`layer "${name}" (${type}) takes a second output of "${branch[0]}"`);
    return { name, type, config, inputs: tensors.map(([from]) => from), call: tensors[0]?.[3] ?? {} };
  });
  for (const { name, type, inputs } of layers) {
    const lost = inputs.find((input) => !names.has(input));
    if (lost !== undefined)
      throw refuse(`layer "${name}" (${type}) takes its input from "${lost}", which is missing`);
  }
  const [[input], [output]] = [data.config.input_layers[0]!, data.config.output_layers[0]!];
  for (const end of [input, output]) if (!names.has(end)) throw refuse(`layer "${end}" is missing`);
  return { file, layers, input, output };
}

/** The layers so that each comes after those it takes; those that the output does not need are left out. */
export function inOrder(model: KerasModel): KerasLayer[] {
  const byName = new Map(model.layers.map((layer) => [layer.name, layer]));
  const state = new Map<string, 'begun' | 'done'>();
  const order: KerasLayer[] = [];
  // Without recursion: a chain of thousands of layers must not exhaust the stack.
  const stack = [model.output];
  while (stack.length > 0) {
    const name = stack.at(-1)!;
    const layer = byName.get(name)!;
    const open = layer.inputs.filter((input) => state.get(input) !== 'done');
    if (state.get(name) === 'done' || open.length === 0) {
      if (state.get(name) !== 'done') order.push(layer);
      state.set(name, 'done');
      stack.pop();
      continue;
    }
    state.set(name, 'begun');
    const circle = open.find((input) => state.get(input) === 'begun');
    if (circle !== undefined)
      throw new KithError('model-unsupported', `${model.file}: layer "${circle}" depends on itself`);
    stack.push(...open.toReversed());
  }
  return order;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new KithError('model-damaged', `${file} is no JSON: ${(cause as Error).message}`, { cause });
  }
}

/** Whether brackets nest deeper than `depth`; counted before parsing, which costs memory for each level. */
function isDeeperThan(text: string, depth: number): boolean {
  let level = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c === '\\') i++;
      else if (c === '"') quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === '[' || c === '{') {
      if (++level > depth) return true;
    } else if (c === ']' || c === '}') level--;
  }
  return false;
}
