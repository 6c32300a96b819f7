import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import envPaths from 'env-paths';
import { z } from 'zod';
import { KithError } from '../electron/contract/errors.ts';
import { CompositeId, DetectorId, EncoderId, networksOf } from '../electron/contract/ids.ts';
import { ProviderChoice } from '../electron/contract/vision.ts';
import { calibrationFor } from './calibration.ts';
import { catalog, type ModelId } from './catalog.ts';
import { encoderKey, requireJoin } from './encoder.ts';
import { writeWhole } from './files.ts';
import { openStore, placeOf, type Store } from './store.ts';

/** The detector and the encoder that photos go through. */
export interface InUse {
  detector: DetectorId;
  encoder: EncoderId;
}

/** The models that the user asked for. Kith chooses those that are left out. */
type Said = { [Part in keyof InUse]?: InUse[Part] | undefined };

/** The user's settings. Keys other than these are kept as they are. */
const Settings = z.looseObject({
  detector: DetectorId.optional(),
  encoder: EncoderId.optional(),
  provider: ProviderChoice.optional(),
});
type Settings = z.infer<typeof Settings>;

/** The files that a detector or an encoder is made of. */
const filesOf = (id: DetectorId | EncoderId): readonly ModelId[] =>
  isDetector(id)
    ? id === 'haar'
      ? ['haar-frontal-default', 'haar-frontal-alt2', 'haar-profile']
      : [id]
    : networksOf(id);

/**
 * The detector and the encoder that a command uses: those that the user named with it; else those chosen by
 * {@link chooseModel}; else FaceNet, together with dlib's encoder, and YuNet, each where it is installed; else the bundled
 * ones. A FaceNet with other weights than the published ones has to be calibrated first, since Kith can't group by it
 * before.
 *
 * A model counts as installed where its file exists. Its hash is checked when it is loaded, and a damaged model is an
 * error then: going on with another model would group the library anew, and the user would not know why.
 *
 * @throws KithError `bad-request` when the settings can't be read
 */
export async function modelsInUse(said: Said = {}, store: Store = openStore()): Promise<InUse> {
  const chosen = await readSettings();
  const yunet = await isThere('yunet', store);
  return {
    detector: said.detector ?? chosen.detector ?? (yunet ? 'yunet' : 'ssd'),
    encoder: said.encoder ?? chosen.encoder ?? (await bestEncoder(store)),
  };
}

/** What computes the networks: what the user chose, else the CPU. @throws KithError `bad-request` when the settings can't be read */
export async function providerInUse(): Promise<ProviderChoice> {
  return (await readSettings()).provider ?? 'cpu';
}

/** Chooses what computes the networks, from the next start of Kith on. @throws KithError as {@link chooseModel} */
export async function chooseProvider(provider: ProviderChoice): Promise<void> {
  await writeSettings({ ...(await readSettings()), provider });
}

/** The encoders of which Kith chooses one by itself, the best first (`npm run eval`). */
const byAccuracy = ['facenet-512+dlib', 'facenet-512'] as const;

async function bestEncoder(store: Store): Promise<EncoderId> {
  for (const id of byAccuracy) if (await isReady(id, store)) return id;
  return 'dlib';
}

/** Whether an encoder's networks are installed, and what their distances mean is known. */
export async function isReady(id: EncoderId, store: Store): Promise<boolean> {
  for (const network of networksOf(id)) {
    // Bundled ones are made on first use.
    if (!catalog[network].bundled && !(await isThere(network, store))) return false;
  }
  return calibrationFor(await encoderKey(id, store), store.folders) !== null;
}

/**
 * Makes a detector or an encoder the one that is used from now on.
 *
 * @throws KithError `model-missing` or `model-damaged` for one that is not installed, or for two that nobody has joined;
 * `bad-request` when the settings can't be read; `output-unwritable`, `disk-full`
 */
export async function chooseModel(id: DetectorId | EncoderId, store: Store = openStore()): Promise<void> {
  for (const file of filesOf(id)) {
    // Bundled ones are made on first use.
    if (!catalog[file].bundled) await store.find(file);
  }
  const composite = CompositeId.safeParse(id).data;
  if (composite !== undefined) await requireJoin(composite, store);
  const part = isDetector(id) ? { detector: id } : { encoder: id };
  await writeSettings({ ...(await readSettings()), ...part });
}

/**
 * Removes the user's choice of a model, or all choices when no model is named, so that Kith chooses again.
 *
 * @returns whether there was a choice
 */
export async function forgetChoice(id?: ModelId): Promise<boolean> {
  const { detector, encoder, provider, ...others } = await readSettings();
  const kept: Settings = { ...others };
  if (id !== undefined && detector !== undefined && !filesOf(detector).includes(id)) kept.detector = detector;
  if (id !== undefined && encoder !== undefined && !filesOf(encoder).includes(id)) kept.encoder = encoder;
  if (id !== undefined && provider !== undefined) kept.provider = provider;
  if (kept.detector === detector && kept.encoder === encoder && kept.provider === provider) return false;
  await writeSettings(kept);
  return true;
}

/** Whether any FaceNet is installed. */
export async function hasFacenet(store: Store = openStore()): Promise<boolean> {
  return (await isThere('facenet-512', store)) || isThere('facenet-128', store);
}

export function isDetector(id: string): id is DetectorId {
  return DetectorId.safeParse(id).success;
}

/** The file of the user's settings. They hold for all libraries, so they are in none of them. */
function settingsFile(): string {
  return join(envPaths('kith', { suffix: '' }).data, 'settings.json');
}

async function isThere(id: ModelId, { folders }: Store): Promise<boolean> {
  return (await placeOf(id, folders)) !== null;
}

async function readSettings(): Promise<Settings> {
  const path = settingsFile();
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new KithError('bad-request', `The settings can't be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
  try {
    return Settings.parse(JSON.parse(text));
  } catch (error) {
    throw new KithError(
      'bad-request',
      `The settings in ${path} are damaged or from another Kith; delete the file and choose again with "kith models use"`,
      { cause: error },
    );
  }
}

async function writeSettings(settings: Settings): Promise<void> {
  await writeWhole(settingsFile(), new TextEncoder().encode(`${JSON.stringify(settings, null, 2)}\n`));
}
