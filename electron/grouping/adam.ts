/**
 * Gradient descent with adaptive steps (Kingma & Ba 2015, "Adam"). Each number moves by about `rate` in a step,
 * whatever the size of the gradient, so the number of steps limits how far it can move.
 */
export class Adam {
  readonly #mean: Float64Array;
  readonly #square: Float64Array;
  #steps = 0;

  constructor(length: number) {
    this.#mean = new Float64Array(length);
    this.#square = new Float64Array(length);
  }

  /** Takes one step: changes `values` in place. */
  step(values: Float64Array, gradient: Float64Array, rate: number): void {
    this.#steps++;
    const [meanBias, squareBias] = [1 - MEAN ** this.#steps, 1 - SQUARE ** this.#steps];
    for (let i = 0; i < values.length; i++) {
      this.#mean[i] = MEAN * this.#mean[i]! + (1 - MEAN) * gradient[i]!;
      this.#square[i] = SQUARE * this.#square[i]! + (1 - SQUARE) * gradient[i]! ** 2;
      values[i]! -= (rate * (this.#mean[i]! / meanBias)) / (Math.sqrt(this.#square[i]! / squareBias) + 1e-8);
    }
  }
}

/** Decay of the running means of the gradient and of its square. Source: the paper. */
const MEAN = 0.9;
const SQUARE = 0.999;
