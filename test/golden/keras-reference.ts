import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import type { KerasModel } from '../../models/convert/keras-model.ts';
import { type LayerWeights, toKerasJson } from '../fixtures/keras.ts';
import { answerWasmFromFiles } from './models-reference.ts';

const require = createRequire(import.meta.url);

/** TensorFlow.js knows no Lambda: these are the two kinds that Kith understands, written once more. */
class Lambda extends tf.layers.Layer {
  static readonly className = 'Lambda';
  readonly #scale: number | undefined;

  constructor(config: { name: string; arguments?: { scale?: number } }) {
    super({ name: config.name });
    this.#scale = config.arguments?.scale;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    if (this.#scale !== undefined) return x.mul(this.#scale);
    return x.mul(tf.rsqrt(tf.maximum(x.square().sum(-1, true), 1e-12)));
  }
}
tf.serialization.registerClass(Lambda as never);

/** Sets TensorFlow.js up: its own JavaScript knows all operations, WebAssembly is a hundred times as fast. */
export async function useBackend(name: 'cpu' | 'wasm'): Promise<void> {
  if (name === 'wasm') {
    answerWasmFromFiles();
    setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`);
  }
  if (!(await tf.setBackend(name))) throw new Error(`Expected the ${name} backend but received another`);
  await tf.ready();
}

export interface TensorFlowModel {
  /** Names of the layers, in the order in which Keras lists and stores them. */
  layers: string[];
  /** @param pictures float32 [N, side, side, 3], normalised */
  predict(pictures: Float32Array, count: number, side: number): Promise<Float32Array>;
}

/** The same model in TensorFlow.js, which reads Keras's description by itself. */
export async function loadTensorFlowModel(
  model: KerasModel,
  weights: ReadonlyMap<string, LayerWeights>,
): Promise<TensorFlowModel> {
  const description = JSON.parse(toKerasJson(model), (key, value) =>
    // Keras writes the axis of a normalisation as a list, TensorFlow.js wants a number.
    key === 'axis' && Array.isArray(value) ? value[0] : value,
  );
  const network = await tf.models.modelFromJSON(description);
  for (const [name, tensors] of weights) {
    const values = Array.from(tensors.values(), ({ data, shape }) => tf.tensor(data, [...shape]));
    network.getLayer(name).setWeights(values);
  }
  return {
    layers: network.layers.map(({ name }) => name),
    predict: async (pictures, count, side) => {
      const input = tf.tensor4d(pictures, [count, side, side, 3]);
      return (await (network.predict(input) as tf.Tensor).data()) as Float32Array;
    },
  };
}
