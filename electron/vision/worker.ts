import { readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { KithError, UnreadablePhoto } from '../contract/errors.ts';
import {
  type ProcessMemory,
  type ProviderRefusal,
  type VisionReply,
  VisionRequest,
} from '../contract/vision.ts';
import { shotOf } from './exif.ts';
import { hashFile, openPhoto } from './photo-file.ts';
import type { Pipeline } from './pipeline.ts';
import { pickPort } from './port.ts';

// The entry of a vision process: one request at a time, in order, one reply to each.

// Whatever somebody is doing at this machine comes first, scrolling through Kith's own page among it; but a photo that
// somebody waits for should not starve beside other work (on Linux a third of a usual share; nothing on Windows).
setPriority(5);

type Answer = VisionReply extends infer Reply
  ? Reply extends VisionReply
    ? Omit<Reply, 'id' | 'memory' | 'refused'>
    : never
  : never;

let pipeline: Pipeline | null = null;

/** What the next reply tells of providers. */
let refused: ProviderRefusal[] = [];

async function answer(request: VisionRequest): Promise<Answer> {
  switch (request.kind) {
    case 'setup': {
      // Loaded here, so that a missing native library is an answer rather than a dead process.
      const { createPipeline } = await import('./pipeline.ts');
      await pipeline?.dispose();
      pipeline = await createPipeline(request.setup, (refusal) => refused.push(refusal));
      return { kind: 'ready' };
    }
    case 'hash':
      return { kind: 'hash', ...(await hashFile(request.path)) };
    case 'analyse':
      return { kind: 'analysis', analysis: await ready().analyse(request.path, request) };
    case 'embed':
      return { kind: 'embeddings', embeddings: await ready().embed(request) };
    case 'embed-crops':
      return { kind: 'embeddings', embeddings: await ready().embedCrops(request) };
    case 'draw':
      return { kind: 'face', face: await ready().draw(request) };
    case 'cut':
      return { kind: 'cut', cut: await ready().cut(request) };
    case 'hide':
      return { kind: 'hidden', ...(await ready().hide(request)) };
    case 'shot':
      return { kind: 'shot', shot: shotOf((await openPhoto(request.path)).bytes) };
    case 'dhash': {
      const { dhashOf } = await import('./dhash.ts');
      return {
        kind: 'dhashes',
        dhashes: await Promise.all(request.jpegs.map((jpeg) => dhashOf(jpeg).catch(() => null))),
      };
    }
    case 'show': {
      const { showPhoto } = await import('./show.ts');
      return { kind: 'picture', picture: await showPhoto(request) };
    }
  }
}

function ready(): Pipeline {
  if (pipeline === null) throw new KithError('vision-broken', 'Expected setup before the first photo');
  return pipeline;
}

/** What went wrong is the photo's fault when a photo was in work, and Kith's when it was not. */
function refusal(request: VisionRequest, error: unknown): Answer {
  if (error instanceof UnreadablePhoto) {
    return { kind: 'unreadable', code: error.code, detail: error.detail };
  }
  if (error instanceof KithError) {
    const known = error.code === 'model-missing' || error.code === 'model-damaged';
    return { kind: 'broken', code: known ? error.code : 'vision-broken', detail: error.detail };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (request.kind === 'setup') return { kind: 'broken', code: 'vision-broken', detail: message };
  return { kind: 'unreadable', code: 'crashed', detail: `${request.path}: ${message}` };
}

function memory(): ProcessMemory {
  return { rss: process.memoryUsage.rss(), peak: peak() };
}

/** Linux hands a process the peak of the one that started it; the kernel's own figure for the program is right. */
function peak(): number {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'latin1'))!;
    return Number(kibibytes) * 1024;
  } catch {
    // Other systems have no such file.
    return process.resourceUsage().maxRSS * 1024;
  }
}

const port = pickPort();
let last: Promise<void> = Promise.resolve();

async function serve(received: unknown): Promise<void> {
  const { success, data: request, error } = VisionRequest.safeParse(received);
  if (!success) {
    const detail = `Expected a request but received: ${error.message}`;
    port.send({ id: -1, memory: memory(), kind: 'broken', code: 'vision-broken', detail });
    return;
  }
  const reply = await answer(request).catch((error: unknown) => refusal(request, error));
  port.send({ ...reply, id: request.id, memory: memory(), ...(refused.length > 0 ? { refused } : {}) });
  refused = [];
}

port.listen((received) => {
  last = last.then(() => serve(received));
});

// Ctrl-C reaches every process of the terminal; the shell decides when the work ends.
process.on('SIGINT', () => {});
