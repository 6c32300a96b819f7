/** `npm run models [-- id…]`: makes the bundled models; fetches those optional ones that are named. */
import { KithError } from '../electron/contract/errors.ts';
import { catalog, modelIds, modelNamed } from './catalog.ts';
import { fetchModel, planFetch } from './fetch.ts';
import { ensureBundled } from './make.ts';
import { openStore } from './store.ts';

async function main(named: readonly string[]): Promise<number> {
  const unknown = named.find((name) => modelNamed(name) === null);
  if (unknown !== undefined) {
    console.error(`Expected a model's id (${modelIds.join(', ')}) but received "${unknown}"`);
    return 2;
  }
  const made = await ensureBundled({
    onProgress: ({ done, total, what }) => console.log(`${done}/${total} ${what}`),
  });
  for (const name of named) {
    const id = modelNamed(name)!;
    if (catalog[id].bundled) continue;
    const { state } = (await openStore().status()).find((model) => model.id === id)!;
    if (state === 'installed') continue;
    console.log(`fetching ${catalog[id].title} from ${planFetch(id).address}`);
    await fetchModel(id);
    made.push(id);
  }
  const status = await openStore().status();
  for (const { file, state, path, bytes, licence } of status) {
    const where = state === 'missing' ? 'not installed' : path;
    console.log(
      `${file.padEnd(26)} ${(bytes / 1e6).toFixed(1).padStart(5)} MB  ${licence.padEnd(50)} ${where}`,
    );
  }
  console.log(made.length === 0 ? 'All models are there already.' : `${made.length} models are ready.`);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof KithError ? error.detail : error);
  process.exitCode = 1;
}
