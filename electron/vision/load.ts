import { catalog, type EncoderModel, type ModelId } from '../../models/catalog.ts';
import { openStore, type Store } from '../../models/store.ts';
import { KithError } from '../contract/errors.ts';
import type { DetectorId, EncoderId } from '../contract/ids.ts';
import type { VisionSetup } from '../contract/vision.ts';
import type { Detector } from './detect/detector.ts';
import { createSsdDetector } from './detect/ssd.ts';
import { createYunetDetector } from './detect/yunet.ts';
import { createEncoder, type Encoder } from './encode.ts';
import { createLandmarker, type Landmarker } from './landmarks.ts';

/** The networks that a vision process runs photos through. */
export interface Stages {
  detector: Detector;
  landmarker: Landmarker;
  encoder: Encoder;
}

/**
 * Finds the models of a setup and opens them.
 * @throws KithError `model-missing` or `model-damaged`, naming the model.
 */
export async function loadStages(setup: VisionSetup): Promise<Stages> {
  const store = openStore({ folders: setup.models });
  const [detector, landmarker, encoder] = await Promise.all([
    loadDetector(setup.detector, store),
    store.find('landmarks-68').then(createLandmarker),
    loadEncoder(setup.encoder, store),
  ]);
  return { detector, landmarker, encoder };
}

async function loadDetector(id: DetectorId, store: Store): Promise<Detector> {
  switch (id) {
    case 'ssd':
      return createSsdDetector(await store.find('ssd'));
    case 'yunet':
      return createYunetDetector(await store.find('yunet'));
    case 'haar': {
      // OpenCV's WebAssembly takes a second to start and much memory: only who asks for it pays.
      const { createHaarDetector } = await import('./detect/haar.ts');
      return createHaarDetector({
        frontal: await store.find('haar-frontal-default'),
        alt2: await store.find('haar-frontal-alt2'),
        profile: await store.find('haar-profile'),
      });
    }
  }
}

async function loadEncoder(id: EncoderId, store: Store): Promise<Encoder> {
  const model = encoderModel(id);
  return createEncoder(await store.find(id as ModelId), {
    side: model.input.side,
    size: model.size,
    alignment: model.alignment,
    mirror: model.mirror,
  });
}

function encoderModel(id: EncoderId): EncoderModel & { input: { side: number } } {
  const model = Object.entries(catalog).find(([name]) => name === id)?.[1];
  if (model?.task !== 'encoder' || model.input.side === null) {
    throw new KithError('model-missing', `Expected an encoder of the catalog but received ${id}`);
  }
  return model as EncoderModel & { input: { side: number } };
}
