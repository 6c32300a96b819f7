import { InferenceSession, listSupportedBackends, Tensor } from '../../models/onnxruntime.ts';
import type { ProviderChoice, ProviderId, ProviderRefusal } from '../contract/vision.ts';
import { openChecked, providersToTry, type Session } from './provider.ts';

/** What computes the networks of a vision process. */
export interface Compute {
  choice: ProviderChoice;
  /** Those that were refused for a network of this process: no other is tried on them. */
  refused: Set<ProviderChoice>;
  onRefused: (refusal: ProviderRefusal) => void;
  /** Opens a network on a provider; for tests without a graphics card. */
  open?: (file: string, provider: ProviderId) => Promise<Session>;
}

/** The CPU alone. */
export const ON_CPU: Compute = { choice: 'cpu', refused: new Set(), onRefused() {} };

/**
 * Opens a network for one vision process.
 *
 * @param probe draws an input of the network, by which a provider is compared with the CPU: see {@link drawnPictures}
 */
export async function openSession(
  file: string,
  probe: () => Tensor,
  compute: Compute = ON_CPU,
): Promise<Session> {
  const { choice, refused, open = openOn } = compute;
  if (choice === 'cpu') return open(file, 'cpu');
  const installed = listSupportedBackends().map(({ name }) => name);
  return openChecked({
    providers: providersToTry(choice, process.platform, installed).filter((one) => !refused.has(one)),
    mayBeSlower: choice !== 'auto',
    open: (provider) => open(file, provider),
    probe,
    onRefused: (refusal) => {
      refused.add(refusal.provider);
      compute.onRefused(refusal);
    },
  });
}

/** One intra-op thread, since one process per core gives the best throughput on a CPU. */
function openOn(file: string, provider: ProviderId): Promise<InferenceSession> {
  return InferenceSession.create(file, {
    executionProviders: [provider],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    enableCpuMemArena: true,
    logSeverityLevel: 3,
  });
}

/**
 * Runs a network whose only input is a batch of RGB pictures.
 * @param pixels the bytes of a batch of that shape.
 * @returns the outputs by name; all of them float32.
 */
export async function runOnPictures(
  session: Session,
  pixels: Uint8Array,
  shape: readonly [count: number, height: number, width: number, channels: 3],
): Promise<Record<string, Float32Array>> {
  const name = session.inputNames[0];
  if (name === undefined) throw new Error('Expected a network with one input but received one without any');
  const results = await session.run({ [name]: new Tensor('uint8', pixels, shape) });
  return Object.fromEntries(
    Object.entries(results).map(([output, tensor]) => [output, tensor.data as Float32Array]),
  );
}

/** Draws two pictures of so many pixels along each side, RGB bytes: an input to compare providers by. */
export const drawnPictures = (side: number) => (): Tensor => {
  const pixels = Uint8Array.from({ length: 2 * side * side * 3 }, (_, at) => waveAt(at, side));
  return new Tensor('uint8', pixels, [2, side, side, 3]);
};

/** Draws one picture as planes of numbers, 0..255. */
export const drawnPlanes = (side: number) => (): Tensor => {
  const pixels = Float32Array.from({ length: 3 * side * side }, (_, at) => waveAt(at, side));
  return new Tensor('float32', pixels, [1, 3, side, side]);
};

/** Waves of many lengths, 0..255, so that every part of a network has something to say. */
function waveAt(at: number, side: number): number {
  const [x, y] = [at % (3 * side), Math.floor(at / (3 * side))];
  return Math.round(
    128 + 50 * Math.sin(x / 11 + y / 29) + 40 * Math.cos(y / 7) + 30 * Math.sin((x * y) / 997),
  );
}

/** Pictures of one size, one behind the other, as a batch. */
export function joined(chips: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chips.reduce((sum, chip) => sum + chip.length, 0));
  let at = 0;
  for (const chip of chips) {
    all.set(chip, at);
    at += chip.length;
  }
  return all;
}
