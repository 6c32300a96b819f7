import { ANSWER_DEVIATION } from './constants.ts';
import { logit, newton, sigmoid, softplus } from './logistic.ts';

/** What the user said of a lone face that Kith took for somebody. */
interface Said {
  /** Of being that person, 0..1, as Kith had it. */
  probability: number;
  isRight: boolean;
}

/** What the user said of a group of nobody whom Kith knows. */
interface Named {
  faces: number;
  isNamed: boolean;
}

/**
 * What the user's answers say of the questions that are left. A library may hold many passers-by or none, and nothing in the
 * faces tells which; after three of them Kith asks about the next one less readily.
 */
export class AnswersSoFar {
  readonly #said: Said[];
  readonly #named: Named[];
  #shift: number | null = null;

  constructor(said: readonly Said[] = [], named: readonly Named[] = []) {
    this.#said = [...said];
    this.#named = [...named];
  }

  /** Of a lone face, that it is the person whom Kith takes it for, with what was answered about other lone faces. */
  ofLone(probability: number): number {
    this.#shift ??= shiftOf(this.#said);
    return sigmoid(logit(probability) + this.#shift);
  }

  /**
   * That the user has a name for a group of so many faces: the share of groups of up to twice its size that got one
   * (Jeffreys' estimate).
   */
  ofGroup(faces: number): number {
    const alike = this.#named.filter((other) => other.faces <= 2 * faces);
    return (alike.filter(({ isNamed }) => isNamed).length + 0.5) / (alike.length + 1);
  }
}

/**
 * By how much the log-odds of lone faces are too high: the likeliest shift by the answers (maximum a posteriori), of which
 * nothing is known before but its deviation. It never raises a probability, so that the review ends no later than without.
 */
function shiftOf(said: readonly Said[]): number {
  const precision = 1 / ANSWER_DEVIATION ** 2;
  const [shift] = newton(
    ([at = 0]) => {
      const signed = said.map(({ probability, isRight }) => (isRight ? -1 : 1) * (logit(probability) + at));
      return {
        loss: signed.reduce((sum, z) => sum + softplus(z), (precision * at ** 2) / 2),
        derivatives: () => ({
          gradient: [
            signed.reduce((sum, z, i) => sum + (said[i]!.isRight ? -1 : 1) * sigmoid(z), precision * at),
          ],
          hessian: [[signed.reduce((sum, z) => sum + sigmoid(z) * sigmoid(-z), precision)]],
        }),
      };
    },
    [0],
  );
  return Math.min(0, shift!);
}
