import { existsSync } from 'node:fs';
import { KithError } from '../contract/errors.ts';
import type { DetectorId, EncoderId } from '../contract/ids.ts';
import type { ProviderChoice, ProviderRefusal } from '../contract/vision.ts';
import type { App } from '../service/app/app.ts';
import type { Tools } from '../service/tools.ts';
import { say } from './output.ts';

/**
 * Makes the bundled models that are missing (once, on a new machine), connects to the owner of a library, and runs `work`
 * with the application. The connection is closed in the end, also where `work` throws.
 */
export async function withApp<T>(
  { library }: { library?: string | undefined },
  work: (app: App) => Promise<T>,
): Promise<T> {
  await ensureModels();
  // Loaded on use, here and below, so that help and wrong use are answered at once.
  const { watchProcess } = await import('../log/process.ts');
  watchProcess('command-line');
  const { joinApp } = await import('../owner/join.ts');
  const { startOwner } = await import('../owner/start.ts');
  const { defaultLibraryFile } = await import('../service/library-file.ts');
  const app = await joinApp({ libraryFile: library ?? defaultLibraryFile() }, startOwner);
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

/**
 * The same for commands that need something from a library: a mistyped path makes no new library.
 *
 * @throws KithError file-missing where `library` is not there
 */
export async function withKnownLibrary<T>(
  options: { library?: string | undefined },
  work: (app: App) => Promise<T>,
): Promise<T> {
  const { library } = options;
  if (library !== undefined && !existsSync(library)) throw new KithError('file-missing', library);
  return withApp(options, work);
}

/** Runs `work` that needs no library, with the detector and encoder of the command line, else those in use. */
export async function withTools<T>(
  options: { detector?: DetectorId; encoder?: EncoderId; provider?: ProviderChoice },
  work: (tools: Tools) => Promise<T>,
): Promise<T> {
  await ensureModels();
  const { openTools } = await import('../service/tools.ts');
  const { modelsInUse, providerInUse } = await import('../../models/choice.ts');
  const { encoderKey } = await import('../../models/encoder.ts');
  const { openStore } = await import('../../models/store.ts');
  const { detector, encoder } = await modelsInUse(options);
  const provider = options.provider ?? (await providerInUse());
  const tools = openTools({
    detector,
    encoder: await encoderKey(encoder, openStore()),
    provider,
    onRefused: sayRefused(provider),
  });
  try {
    return await work(tools);
  } finally {
    await tools.close();
  }
}

/** Says once of each graphics interface why it does not compute. With `auto`, one that is not there is as expected. */
function sayRefused(choice: ProviderChoice): (refusal: ProviderRefusal) => void {
  const said = new Set<string>();
  return ({ provider, why, detail }) => {
    if (said.has(provider) || (choice === 'auto' && why === 'not-there')) return;
    said.add(provider);
    const reason = REFUSED[why].replace('%', provider);
    const remedy = choice === 'auto' ? '' : ' Install what it needs, or choose another by "kith models use".';
    say(`${reason}, so the processor computes.${remedy}${detail ? ` (${detail})` : ''}`);
  };
}

const REFUSED: Record<ProviderRefusal['why'], string> = {
  'not-there': '% can’t be used on this machine',
  differs: '% computes something else than the processor',
  slower: '% is slower than the processor',
  fails: '% failed',
  lost: 'The process that computed with % ended, or did not answer',
};

/** The work of {@link ensureModels}. It reads and hashes all models, so a process does it once. */
let ensured: Promise<void> | undefined;

/** Makes the bundled models that are missing, and says so. @throws KithError `model-missing`, `model-damaged` */
export function ensureModels(): Promise<void> {
  ensured ??= makeMissing();
  return ensured;
}

async function makeMissing(): Promise<void> {
  const { ensureBundled } = await import('../../models/make.ts');
  await ensureBundled({
    onProgress: ({ done, total, what }) => say(`Making models, once: ${done}/${total} ${what}`),
  });
}

/** Loads what writes crops and annotated photos. */
export const outputs = () => import('../service/export.ts');

/** Loads what draws a comparison. */
export const explanations = () => import('../service/explain.ts');
