import http from 'node:http';
import type { Command } from 'commander';
import { catalog, type ModelId } from '../../../models/catalog.ts';
import type { InUse } from '../../../models/choice.ts';
import type { Fetched, FetchPlan } from '../../../models/fetch.ts';
import { openStore } from '../../../models/store.ts';
import { KithError } from '../../contract/errors.ts';
import { networksOf } from '../../contract/ids.ts';
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

type Wanted = ModelId | 'recommended';

export function addGetModel(models: Command, end: End): void {
  models
    .command('get')
    .argument(
      '<id>',
      'recommended (FaceNet and YuNet, which recognise best), facenet (the one with 512 numbers), yunet, facenet-128, sface or auraface',
      wanted,
    )
    .summary('download a model, after asking')
    .description(
      'Downloads a model from where its makers publish it, checks it and installs it. Nothing is sent but the request for the file. A download that was cut off or stopped goes on from there when it is run again. SFace and AuraFace were not measured: they compare photos, and group and name nobody until "npm run eval -- calibrate" has measured them.',
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
  kith models get recommended
  kith models get yunet --yes --json
  KITH_MODELS_MIRROR=https://files.example.org/kith kith models get facenet`,
    )
    .action(async (what: Wanted, _: unknown, command: Command) =>
      end(await get(what, command.optsWithGlobals<GetOptions>())),
    );
}

function wanted(name: string): Wanted {
  return name.toLowerCase() === 'recommended' ? 'recommended' : modelId(name);
}

/** One model, or one of several, after the command. */
interface Got {
  id: ModelId;
  path: string;
  downloaded: boolean;
  golden?: 'same' | null;
  licence?: string;
}

async function get(what: Wanted, options: GetOptions): Promise<Exit> {
  const { planFetch } = await import('../../../models/fetch.ts');
  const { recommended } = await import('../../../models/recommended.ts');
  const plans = (what === 'recommended' ? recommended : [what]).map((id) => planFetch(id));
  const there = await Promise.all(plans.map(({ id }) => installed(id)));
  const missing = plans.filter((_, i) => there[i] === null);
  if (missing.length > 0 && !(options.yes || (await consent(missing)))) {
    say('Nothing was downloaded.');
    return Exit.refused;
  }
  const all: Got[] = [];
  for (const [i, plan] of plans.entries()) {
    const { id, licence } = plan;
    const path = there[i];
    if (path) all.push({ id, path, downloaded: false });
    else all.push({ ...(await fetchVisibly(plan)), downloaded: true, licence });
    if (!options.json) await print(sentenceOf(all[i]!));
  }
  if (what !== 'recommended') {
    if (options.json) await printJson(all[0]);
    return Exit.done;
  }
  const { modelsInUse } = await import('../../../models/choice.ts');
  const inUse = await modelsInUse();
  if (options.json) await printJson({ models: all, inUse });
  else await print(inUseSentence(inUse, recommended));
  return Exit.done;
}

function sentenceOf({ id, path, downloaded, golden }: Got): string {
  const { title } = catalog[id];
  if (!downloaded) return `${title} is installed already: ${shown(path)}`;
  const checked = golden === 'same' ? '\nIt gives the embedding that it must give for a known picture.' : '';
  return `Installed ${title}: ${shown(path)}${checked}`;
}

function inUseSentence(inUse: InUse, recommended: readonly string[]): string {
  const { detector, encoder } = inUse;
  const others = ![[detector], networksOf(encoder)].every((ids) =>
    ids.some((id) => recommended.includes(id)),
  );
  const now = `In use from now on: detector ${inUse.detector}, encoder ${inUse.encoder}`;
  return others ? `${now}, as was chosen; "kith models use default" goes over to them.` : `${now}.`;
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
async function consent(plans: readonly FetchPlan[]): Promise<boolean> {
  if (!canAsk()) {
    const what = plans.map(
      (plan) => `${plan.title} (${sizeOf(plan)}, licence: ${plan.licence}) from ${plan.address}`,
    );
    throw new KithError(
      'bad-request',
      `Kith asks before it uses the network, and here is nobody to be asked: run it with --yes to download ${what.join(' and ')}`,
    );
  }
  for (const plan of plans)
    say(
      `${plan.title}\n  size     ${sizeOf(plan)}\n  licence  ${plan.licence}\n  from     ${plan.address}\n  to       ${shown(plan.path)}`,
    );
  return confirm(plans.length === 1 ? 'Download it?' : 'Download them?');
}

function sizeOf({ bytes, exact }: FetchPlan): string {
  return `${exact ? '' : 'about '}${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

async function fetchVisibly({ id, bytes }: FetchPlan): Promise<Fetched> {
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
