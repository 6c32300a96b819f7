import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { calibrationFor } from '../../../models/calibration.ts';
import { catalog, compositeIds, type ModelId, modelNamed, titleOf } from '../../../models/catalog.ts';
import { chooseModel, type InUse, isReady, modelsInUse } from '../../../models/choice.ts';
import { encoderKey } from '../../../models/encoder.ts';
import { fetchModel, type Importer, planFetch } from '../../../models/fetch.ts';
import { sweepParts } from '../../../models/parts.ts';
import { removeModel } from '../../../models/remove.ts';
import { chosenFolder, type ModelStatus, type Store } from '../../../models/store.ts';
import { KithError } from '../../contract/errors.ts';
import { type EncoderId, NetworkId, networksOf } from '../../contract/ids.ts';
import type { ModelCard } from '../../contract/screens.ts';
import { inThread } from '../thread.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handlers.ts';

type ModelHandlers = Pick<
  Handlers,
  'models.list' | 'models.use' | 'models.get' | 'models.import' | 'models.remove'
>;

/** Requests about models. */
export function modelRequests(engine: Engine): ModelHandlers {
  // Removes what a killed process left of an import or a download.
  void sweepParts(chosenFolder());

  async function cards(): Promise<ModelCard[]> {
    const { store } = engine;
    const inUse = await modelsInUse({}, store);
    const single = await Promise.all((await store.status()).map((status) => cardOf(status, inUse, store)));
    const composite: ModelCard[] = [];
    for (const id of compositeIds)
      if (await isReady(id, store)) composite.push(await compositeCard(id, inUse));
    // Before the encoders that they consist of.
    const first = single.findIndex(({ task }) => task === 'encoder');
    return single.toSpliced(first, 0, ...composite);
  }

  async function cardNamed(id: string): Promise<ModelCard> {
    const card = (await cards()).find((other) => other.id === id);
    if (card) return card;
    throw new KithError('bad-request', `Expected a model of the catalog but received ${id}`);
  }

  return {
    'models.list': cards,

    'models.use': async ({ detector, encoder }) => {
      for (const id of [detector, encoder]) if (id !== undefined) await chooseModel(id, engine.store);
      await engine.changeModels();
      engine.tell({ kind: 'changed', what: ['models'] });
      return {};
    },

    'models.get': async ({ id }) => {
      const model = known(id);
      await fetchModel(model, {
        importer: importInThread,
        onProgress: ({ done, total, rate }) =>
          engine.tell({ kind: 'work', work: 'download', what: catalog[model].title, done, total, rate }),
      });
      await engine.changeModels();
      engine.tell({ kind: 'changed', what: ['models'] });
      return cardNamed(model);
    },

    'models.import': async ({ paths }, { signal }) => {
      const what = paths.map((path) => basename(path)).join(', ');
      engine.tell({ kind: 'work', work: 'import', what, done: 0, total: 1, rate: 0 });
      // Loaded on use: the converter takes longer to load than the rest of the models.
      const { importModel } = await import('../../../models/import.ts');
      const { id } = await importModel(paths, { signal });
      engine.tell({ kind: 'work', work: 'import', what, done: 1, total: 1, rate: 0 });
      await engine.changeModels();
      engine.tell({ kind: 'changed', what: ['models'] });
      return cardNamed(id);
    },

    'models.remove': async ({ id }) => {
      await removeModel(known(id));
      await engine.changeModels();
      engine.tell({ kind: 'changed', what: ['models'] });
      return {};
    },
  };
}

/**
 * Imports weights in a thread of its own, so that the service goes on answering. It can't be stopped half-way, which takes
 * two seconds for FaceNet.
 */
export const importInThread: Importer = (weights, { folder, published }) =>
  inThread(new URL('../import-worker.ts', import.meta.url), { files: [weights], folder, published });

function known(id: string): ModelId {
  const model = modelNamed(id);
  if (model) return model;
  throw new KithError('bad-request', `Expected a model of the catalog but received ${id}`);
}

async function cardOf(status: ModelStatus, inUse: InUse, store: Store): Promise<ModelCard> {
  const { id, task, title, bytes, licence, state, bundled } = status;
  const encoder = NetworkId.safeParse(id).data;
  const isMember = networksOf(inUse.encoder).some((network) => network === id);
  return {
    measured:
      encoder !== undefined && calibrationFor(await encoderKey(encoder, store), store.folders) !== null,
    id,
    task,
    title,
    bytes,
    licence,
    state,
    bundled,
    address: catalog[id].source.kind === 'web' ? planFetch(id).address : null,
    inUse: id === inUse.detector || isMember || isHelper(task, inUse),
    isPart: isMember && inUse.encoder !== id,
    accuracy: await accuracyOf(id),
  };
}

/** Two encoders that work as one. It has no file of its own, so there is nothing to get or to remove. */
async function compositeCard(id: EncoderId, inUse: InUse): Promise<ModelCard> {
  return {
    id,
    task: 'encoder',
    title: titleOf(id),
    bytes: 0,
    licence: [...new Set(networksOf(id).map((network) => catalog[network].licence))].join('; '),
    state: 'installed',
    bundled: true,
    address: null,
    inUse: inUse.encoder === id,
    isPart: false,
    measured: true,
    accuracy: await accuracyOf(id),
  };
}

/** Whether a model that nobody chooses works beside those in use. */
function isHelper(task: ModelStatus['task'], { detector }: InUse): boolean {
  const haar = detector === 'haar';
  return task === 'landmarks' || (task === 'cascade' && haar) || (task === 'classifier' && !haar);
}

/** The line that begins with `Accuracy:` in the model's card. */
async function accuracyOf(id: ModelId | EncoderId): Promise<string | null> {
  const card = await readFile(new URL(`../../../models/cards/${id}.md`, import.meta.url), 'utf8').catch(
    () => null,
  );
  return card?.match(/^Accuracy: (.+)$/m)?.[1] ?? null;
}
