import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProviderId, ProviderRefusal } from '../../electron/contract/vision.ts';
import {
  agreement,
  openChecked,
  type ProviderOptions,
  providersToTry,
  RUNS_BETWEEN_CHECKS,
  type Session,
  type Tensors,
} from '../../electron/vision/provider.ts';
import { OnnxGraph } from '../../models/convert/onnx.ts';
import { InferenceSession, Tensor } from '../../models/onnxruntime.ts';

// The CPU's session is a real one of ONNX Runtime. A provider is that session again, with the fault of a graphics card.

let cpu: InferenceSession;
beforeAll(async () => {
  const graph = new OnnxGraph('doubled');
  const input = graph.input('numbers', 'float32', ['N']);
  graph.output(graph.node('Add', [input, input], {}, 'twice'), 'float32', ['N']);
  cpu = await InferenceSession.create(graph.bytes());
});
afterAll(() => cpu.release());

const probe = new Tensor('float32', [1, -2, 3], [3]);
const run = async (session: Session, ...numbers: number[]) => {
  const { twice } = await session.run({ numbers: new Tensor('float32', numbers, [numbers.length]) });
  return [...(twice!.data as Float32Array)];
};

/** @param outputs what the provider makes of the right outputs of its n-th run, from 1 */
function card(outputs: (right: Tensors, nth: number) => Tensors) {
  let runs = 0;
  let isReleased = false;
  const session: Session = {
    inputNames: cpu.inputNames,
    run: async (feeds) => outputs(await cpu.run(feeds), ++runs),
    release: async () => {
      isReleased = true;
    },
  };
  return { session, runs: () => runs, isReleased: () => isReleased };
}

const times = (factors: readonly number[]) => (right: Tensors) => {
  const numbers = Float32Array.from(
    right.twice!.data as Float32Array,
    (value, at) => value * factors[at % factors.length]!,
  );
  return { twice: new Tensor('float32', numbers, right.twice!.dims) };
};

const right = (outputs: Tensors) => outputs;

async function opened(
  cards: Partial<Record<ProviderId, Session | Error>>,
  options: Partial<ProviderOptions> = {},
) {
  const refusals: ProviderRefusal[] = [];
  const session = await openChecked({
    ...{ providers: Object.keys(cards) as ProviderId[], probe: () => probe, mayBeSlower: true, ...options },
    open: async (provider) => {
      // Releasing the returned session must not end the CPU's, which the other tests use.
      if (provider === 'cpu')
        return { inputNames: cpu.inputNames, run: (feeds) => cpu.run(feeds), release: async () => {} };
      const one = cards[provider]!;
      if (one instanceof Error) throw one;
      return one;
    },
    onRefused: (refusal) => refusals.push(refusal),
  });
  return { session, refusals };
}

describe('The providers that are tried', () => {
  const installed = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml', 'tensorrt'];

  it.each([
    ['linux', ['cuda', 'webgpu']],
    ['win32', ['cuda', 'dml', 'webgpu']],
    ['darwin', ['cuda', 'coreml', 'webgpu']],
  ] as const)('are those of the system and of the package, on %s', (platform, wanted) => {
    expect(providersToTry('auto', platform, installed)).toEqual(wanted);
    expect(providersToTry('auto', platform, ['cpu', 'webgpu'])).toEqual(['webgpu']);
    expect(providersToTry('auto', platform, ['cpu'])).toEqual([]);
  });

  it('are the one that was asked for, or none', () => {
    expect(providersToTry('dml', 'linux', ['cpu'])).toEqual(['dml']);
    expect(providersToTry('cpu', 'win32', installed)).toEqual([]);
  });
});

describe('A provider', () => {
  it('that gives what the CPU gives computes, and is released with it', async () => {
    const fine = card(right);
    const { session, refusals } = await opened({ webgpu: fine.session });
    expect(await run(session, 4, 5)).toEqual([8, 10]);
    expect(fine.runs()).toBe(2);
    expect(refusals).toEqual([]);
    await session.release();
    expect(fine.isReleased()).toBe(true);
  });

  it('whose library is missing leaves the work to the next one, and that to the CPU', async () => {
    const next = card(right);
    const first = await opened({ cuda: new Error('no libcudart'), webgpu: next.session });
    expect(await run(first.session, 1)).toEqual([2]);
    expect(next.runs()).toBe(2);
    expect(first.refusals).toEqual([{ provider: 'cuda', why: 'not-there', detail: 'no libcudart' }]);
    const { session } = await opened({ cuda: new Error('no libcudart') });
    expect(await run(session, 1)).toEqual([2]);
  });

  it.each([
    ['wrong', times([1, -1])],
    ['not a number', times([Number.NaN])],
    ['all zero', times([0])],
    ['a little off', times([1, 1.05, 1])],
    ['too few', () => ({ twice: new Tensor('float32', [2], [1]) })],
    ['of another name', (outputs: Tensors) => ({ other: outputs.twice! })],
  ])('whose results are %s is not used', async (_, outputs) => {
    const wrong = card(outputs);
    const { session, refusals } = await opened({ dml: wrong.session });
    expect(refusals).toMatchObject([{ provider: 'dml', why: 'differs' }]);
    expect(wrong.isReleased()).toBe(true);
    expect(await run(session, 7)).toEqual([14]);
    expect(wrong.runs()).toBe(1);
  });

  it('that begins to err is found out, and not asked again', async () => {
    const failing = card((outputs, nth) => (nth > 10 ? times([1, -1])(outputs) : outputs));
    const { session, refusals } = await opened({ cuda: failing.session });
    let last: number[] = [];
    for (let nth = 0; nth < RUNS_BETWEEN_CHECKS; nth++) last = await run(session, 1, 2);
    // The run that is compared gives what the CPU gave.
    expect(last).toEqual([2, 4]);
    expect(refusals).toMatchObject([{ provider: 'cuda', why: 'differs' }]);
    const before = failing.runs();
    expect(await run(session, 1, 2)).toEqual([2, 4]);
    expect(failing.runs()).toBe(before);
  });

  it('that runs out of memory in the midst is replaced by the CPU within the same run', async () => {
    const full = card((outputs, nth) => {
      if (nth === 5) throw new Error('out of memory');
      return outputs;
    });
    const { session, refusals } = await opened({ cuda: full.session });
    for (let nth = 0; nth < 8; nth++) expect(await run(session, nth)).toEqual([2 * nth]);
    expect(refusals).toEqual([{ provider: 'cuda', why: 'fails', detail: 'out of memory' }]);
    expect(full.isReleased()).toBe(true);
  });

  it('that fails at once is not used', async () => {
    const broken = card(() => {
      throw new Error('device lost');
    });
    const { session, refusals } = await opened({ webgpu: broken.session });
    expect(refusals).toEqual([{ provider: 'webgpu', why: 'fails', detail: 'device lost' }]);
    expect(await run(session, 1)).toEqual([2]);
  });

  it('that is slower than the CPU is used only where it was asked for by name', async () => {
    const slow = () => {
      const { session } = card(right);
      return {
        ...session,
        run: async (feeds: Tensors) => {
          await new Promise((resolve) => setTimeout(resolve, 50));
          return session.run(feeds);
        },
      };
    };
    expect((await opened({ webgpu: slow() }, { mayBeSlower: true })).refusals).toEqual([]);
    expect((await opened({ webgpu: slow() }, { mayBeSlower: false })).refusals).toMatchObject([
      { provider: 'webgpu', why: 'slower' },
    ]);
  });
});

it('Outputs agree as far as the one that agrees least.', () => {
  const of = (...numbers: number[]) => new Tensor('float32', numbers, [numbers.length]);
  expect(agreement({ a: of(1, 0), b: of(1, 1) }, { a: of(2, 0), b: of(1, 0) })).toBeCloseTo(Math.SQRT1_2, 6);
  expect(agreement({ a: of(0, 0) }, { a: of(0, 0) })).toBe(1);
});
