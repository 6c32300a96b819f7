import { InferenceSession, Tensor } from '../../models/onnxruntime.ts';

/**
 * Opens a network for one vision process: one intra-op thread, since one process per core gives the best
 * throughput on a CPU.
 */
export async function openSession(file: string): Promise<InferenceSession> {
  return InferenceSession.create(file, {
    executionProviders: ['cpu'],
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
  session: InferenceSession,
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
