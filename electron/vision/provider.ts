import type { Tensor } from '../../models/onnxruntime.ts';
import type { ProviderChoice, ProviderId, ProviderRefusal } from '../contract/vision.ts';

/** Inputs or outputs by name. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** An open network. */
export interface Session {
  readonly inputNames: readonly string[];
  run(feeds: Tensors): Promise<Tensors>;
  release(): Promise<void>;
}

/** Providers that are tried by themselves, the fastest first. Chosen by hand: CUDA and DirectML are what graphics cards ask for. */
const ORDER: readonly { provider: ProviderId; on: readonly NodeJS.Platform[] | null }[] = [
  { provider: 'cuda', on: null },
  { provider: 'dml', on: ['win32'] },
  { provider: 'coreml', on: ['darwin'] },
  { provider: 'webgpu', on: null },
];

/**
 * The execution providers to try before the CPU, the first that is right is taken.
 *
 * @param choice one that was asked for is tried even where the package does not have it, so that its refusal is said
 * @param installed names that the package of ONNX Runtime says it has
 */
export function providersToTry(
  choice: ProviderChoice,
  platform: NodeJS.Platform,
  installed: readonly string[],
): ProviderId[] {
  if (choice === 'cpu') return [];
  if (choice !== 'auto') return [choice];
  return ORDER.filter(
    ({ provider, on }) => installed.includes(provider) && (on === null || on.includes(platform)),
  ).map(({ provider }) => provider);
}

/**
 * Least cosine of each output of a provider with the CPU's. Source: bound; a face's vector moves by 0.014 at the most then, a
 * thirtieth of the distance from which dlib's tell two people apart.
 */
export const LEAST_AGREEMENT = 0.9999;

/** Runs from one comparison with the CPU to the next. Chosen by hand: where the CPU takes a hundred times as long, a tenth of the time. */
export const RUNS_BETWEEN_CHECKS = 1000;

/** The lowest cosine of an output with the same output of another session, −1..1; −1 where one lacks it or has no numbers. */
export function agreement(some: Tensors, others: Tensors): number {
  const cosines = Object.entries(others).map(([name, other]) =>
    cosineOf(some[name]?.data as Float32Array | undefined, other.data as Float32Array),
  );
  return Math.min(...cosines);
}

function cosineOf(some: Float32Array | undefined, others: Float32Array): number {
  if (some?.length !== others.length) return -1;
  let [product, one, other] = [0, 0, 0];
  for (let i = 0; i < others.length; i++) {
    product += some[i]! * others[i]!;
    one += some[i]! ** 2;
    other += others[i]! ** 2;
  }
  if (one === 0 && other === 0) return 1;
  const cosine = product / Math.sqrt(one * other);
  return Number.isFinite(cosine) ? cosine : -1;
}

export interface ProviderOptions {
  /** Those to try, in order. */
  providers: readonly ProviderId[];
  /** Whether one is taken that is slower than the CPU. */
  mayBeSlower: boolean;
  /** Opens the network on one provider. */
  open: (provider: ProviderId) => Promise<Session>;
  /** Draws the first input of the network, which every provider is asked about first. */
  probe: () => Tensor;
  /** Told why a provider is not used, or not any more. */
  onRefused: (refusal: ProviderRefusal) => void;
}

/**
 * Opens a network on the first provider that gives what the CPU gives, else on the CPU. The CPU's session stays open beside it: every
 * thousandth run is compared with it, and it takes over for good where the provider fails or differs.
 */
export async function openChecked(options: ProviderOptions): Promise<Session> {
  const { providers, open, onRefused } = options;
  const cpu = await open('cpu');
  for (const provider of providers) {
    const session = await open(provider).catch((error: unknown) => {
      onRefused({ provider, why: 'not-there', detail: messageOf(error) });
      return null;
    });
    if (session === null) continue;
    const fault = await faultOf(session, cpu, options).catch((error: unknown) => ({
      why: 'fails' as const,
      detail: messageOf(error),
    }));
    if (fault === null) return guarded(cpu, { provider, session }, onRefused);
    onRefused({ provider, ...fault });
    await session.release().catch(() => {});
  }
  return cpu;
}

/** What speaks against a provider; null: nothing. */
async function faultOf(
  session: Session,
  cpu: Session,
  { probe, mayBeSlower }: ProviderOptions,
): Promise<Omit<ProviderRefusal, 'provider'> | null> {
  const asked = { [cpu.inputNames[0]!]: probe() };
  const cosine = agreement(await session.run(asked), await cpu.run(asked));
  if (cosine < LEAST_AGREEMENT) return { why: 'differs', detail: cosine.toFixed(6) };
  if (mayBeSlower) return null;
  // The first run of each also prepares the next ones.
  const [took, takes] = [await millisecondsOf(session, asked), await millisecondsOf(cpu, asked)];
  return took > takes ? { why: 'slower', detail: `${took.toFixed(1)} > ${takes.toFixed(1)} ms` } : null;
}

async function millisecondsOf(session: Session, asked: Tensors): Promise<number> {
  const from = performance.now();
  await session.run(asked);
  return performance.now() - from;
}

/** A session that falls back to the CPU's. */
function guarded(
  cpu: Session,
  on: { provider: ProviderId; session: Session },
  onRefused: ProviderOptions['onRefused'],
): Session {
  let session: Session | null = on.session;
  let runs = 0;
  const leave = async (refusal: Omit<ProviderRefusal, 'provider'>) => {
    const left = session;
    session = null;
    onRefused({ provider: on.provider, ...refusal });
    await left?.release().catch(() => {});
  };
  return {
    inputNames: cpu.inputNames,
    async run(feeds) {
      if (session === null) return cpu.run(feeds);
      let outputs: Tensors;
      try {
        outputs = await session.run(feeds);
      } catch (error) {
        await leave({ why: 'fails', detail: messageOf(error) });
        return cpu.run(feeds);
      }
      runs += 1;
      if (runs % RUNS_BETWEEN_CHECKS > 0) return outputs;
      const right = await cpu.run(feeds);
      const cosine = agreement(outputs, right);
      if (cosine >= LEAST_AGREEMENT) return outputs;
      await leave({ why: 'differs', detail: cosine.toFixed(6) });
      return right;
    },
    async release() {
      await session?.release();
      await cpu.release();
    },
  };
}

/** The first line: ONNX Runtime goes on with places in its sources. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().split('\n', 1)[0]!;
}
