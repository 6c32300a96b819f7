import type { RequestName } from '../../contract/api.ts';
import { ErrorCode, KithError } from '../../contract/errors.ts';
import type { ServiceEvent } from '../../contract/events.ts';
import { encoderOf } from '../../contract/ids.ts';
import { kinds } from '../../contract/kinds.ts';
import type { ScanState } from '../../contract/screens.ts';
import { MIGRATIONS } from '../../library/migrations.ts';
import type { Library } from '../../library/open.ts';
import type { AnalysedBy } from '../../library/photos.ts';
import { log } from '../../log/log.ts';
import type { PoolTrouble } from '../../vision/pool.ts';

/**
 * A request of any kind that takes longer, in seconds, is noted: from there people feel that they wait (nngroup.com,
 * 1 s).
 */
const SLOW = 1;

/**
 * Answers a request, and notes in the log what helps later: how long work took, what was refused and why, and each defect
 * with its trace. Quick reads, and reads that are refused, are not noted.
 */
export async function noted<T>(name: RequestName, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  const isWork = kinds[name] === 'job' || (kinds[name] === 'command' && name.startsWith('library.'));
  if (isWork && !name.startsWith('scan.')) log.note('request.began', { request: name });
  try {
    const result = await work();
    if (isWork || seconds() > SLOW) log.note('request.done', { request: name, seconds: seconds() });
    return result;
  } catch (error) {
    const request = { request: name, seconds: seconds() };
    if (kinds[name] === 'read' && error instanceof KithError) throw error;
    if (error instanceof KithError) log.note('request.refused', { ...request, code: error.code });
    // The sender has gone: its work was aborted, and ended with this error.
    else if (signal.aborted) log.note('request.refused', { ...request, code: 'cancelled' });
    else log.failure('request.failed', error, request);
    throw error;
  }
}

/** Notes facts about the library that was opened, on which a defect may depend. @param seconds how long opening took */
export function noteOpened({ library, by }: { library: Library; by: AnalysedBy }, seconds: number): void {
  const { photos, faces } = library.cards.photos.counts();
  log.note('library.opened', {
    version: MIGRATIONS.length,
    photos,
    faces,
    people: library.people.all().length,
    detector: by.detector,
    encoder: encoderOf(by.encoder).id,
    seconds,
  });
}

/** Notes each phase of a scan, with the duration of the phase before it. @returns a listener for all events */
export function scansNoted(): (event: ServiceEvent) => void {
  let phase: ScanState['phase'] | null = null;
  let since = performance.now();
  return (event) => {
    if (event.kind !== 'scan' || event.state.phase === phase) return;
    const { progress, failure } = event.state;
    const isFirst = phase === null || phase === 'done' || phase === 'cancelled' || phase === 'failed';
    const seconds = isFirst ? 0 : (performance.now() - since) / 1000;
    phase = event.state.phase;
    since = performance.now();
    log.note('scan.phase', { phase, seconds, done: progress.done, total: progress.total });
    if (failure === null) return;
    const cause = Object.assign(new Error(), { stack: failure.detail });
    const code = ErrorCode.safeParse(failure.code).data ?? 'internal';
    if (code === 'internal') log.failure('scan.failed', cause, { code });
    else log.note('scan.failed', { code });
  };
}

/** Notes that a vision process was lost, replaced or given up. */
export function noteVision(trouble: PoolTrouble): void {
  if (trouble.kind === 'lost') log.note('vision.lost', trouble.loss);
  else if (trouble.kind === 'replaced') log.note('vision.replaced', trouble.memory);
  else if (trouble.kind === 'refused')
    log.note('vision.refused', { provider: trouble.refusal.provider, why: trouble.refusal.why });
  else log.note('vision.given-up', { code: trouble.code });
}
