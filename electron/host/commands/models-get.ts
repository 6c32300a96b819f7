import http from 'node:http';
import type { Command } from 'commander';
import { catalog, type ModelId } from '../../../models/catalog.ts';
import type { FetchPlan } from '../../../models/fetch.ts';
import { openStore } from '../../../models/store.ts';
import { KithError } from '../../contract/errors.ts';
import { canAsk, confirm } from '../confirm.ts';
import { interruptible } from '../interrupt.ts';
import { type End, Exit, print, printJson, say } from '../output.ts';
import { shown } from '../paths.ts';
import { duration, progressLine } from '../progress.ts';
import { modelId } from './options.ts';

interface GetOptions {
  yes?: boolean;
  json?: boolean;
}

export function addGetModel(models: Command, end: End): void {
  models
    .command('get')
    .argument('<id>', 'facenet (the one with 512 numbers), facenet-128 or yunet', modelId)
    .summary('download a model, after asking')
    .description(
      'Downloads a model from where its makers publish it, checks it and installs it. Nothing is sent but the request for the file. A download that was cut off or stopped goes on from there when it is run again.',
    )
    .option('-y, --yes', 'do not ask before the network is used')
    .addHelpText(
      'after',
      `
Environment:
  KITH_MODELS_DIR         folder where models are put (default: in your data folder)
  KITH_MODELS_MIRROR      base address of a mirror, which holds the files under their published names
  HTTPS_PROXY, NO_PROXY   are followed

Examples:
  kith models get facenet
  kith models get yunet --yes --json
  KITH_MODELS_MIRROR=https://files.example.org/kith kith models get facenet`,
    )
    .action(async (id: ModelId, _: unknown, command: Command) =>
      end(await get(id, command.optsWithGlobals<GetOptions>())),
    );
}

async function get(id: ModelId, options: GetOptions): Promise<Exit> {
  const { planFetch } = await import('../../../models/fetch.ts');
  const plan = planFetch(id);
  const there = await installed(id);
  if (there !== null) {
    if (options.json) await printJson({ id, path: there, downloaded: false });
    else await print(`${plan.title} is installed already: ${shown(there)}`);
    return Exit.done;
  }
  if (!(options.yes || (await consent(plan)))) {
    say('Nothing was downloaded.');
    return Exit.refused;
  }
  const { path, golden } = await fetchVisibly(plan);
  if (options.json) {
    await printJson({ id, path, downloaded: true, golden, licence: plan.licence });
    return Exit.done;
  }
  const checked = golden === 'same' ? '\nIt gives the embedding that it must give for a known picture.' : '';
  await print(`Installed ${plan.title}: ${shown(path)}${checked}`);
  return Exit.done;
}

/** Path of the model if it is installed and its hash is right. */
async function installed(id: ModelId): Promise<string | null> {
  try {
    return await openStore().find(id);
  } catch (error) {
    if (error instanceof KithError) return null;
    throw error;
  }
}

/** @throws KithError `bad-request` where there is no user to ask */
async function consent({ title, bytes, exact, licence, address, path }: FetchPlan): Promise<boolean> {
  const size = `${exact ? '' : 'about '}${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
  if (!canAsk()) {
    throw new KithError(
      'bad-request',
      `Kith asks before it uses the network, and here is nobody to be asked: run it with --yes to download ${title} (${size}, licence: ${licence}) from ${address}`,
    );
  }
  say(
    `${title}\n  size     ${size}\n  licence  ${licence}\n  from     ${address}\n  to       ${shown(path)}`,
  );
  return confirm('Download it?');
}

async function fetchVisibly({ id, bytes }: FetchPlan) {
  const { fetchModel } = await import('../../../models/fetch.ts');
  followProxy();
  const [unit, size] = bytes < 1e7 ? (['kB', 1e3] as const) : (['MB', 1e6] as const);
  const bar = progressLine(unit);
  return interruptible(
    (signal) =>
      fetchModel(id, {
        signal,
        onProgress: ({ done, total, rate, remaining }) =>
          bar.show({
            done: Math.round(done / size),
            total: Math.round((total ?? Math.max(bytes, done)) / size),
            rate: rate / size,
            remaining,
          }),
        onRetry: (why, waitMs) => {
          bar.clear();
          say(`The connection failed (${why}); trying again in ${duration(waitMs / 1000)}.`);
        },
        onConvert: () => {
          bar.clear();
          if (process.stderr.isTTY) say(`Making ${catalog[id].file} out of it.`);
        },
      }),
    () => {
      bar.clear();
      say('Stopping. What has come is kept, and the next download goes on from there.');
    },
  ).finally(bar.clear);
}

/** Node's `fetch` only goes through the proxy of the environment when it is told to, which Node 24.14 learned. */
function followProxy(): void {
  try {
    http.setGlobalProxyFromEnv?.();
  } catch (cause) {
    throw new KithError('bad-request', `The proxy can't be used: ${(cause as Error).message}`, { cause });
  }
}
