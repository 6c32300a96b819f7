import { findEncoder } from '../../models/encoder.ts';
import { openStore, type Store } from '../../models/store.ts';
import type { DetectorId, EncoderKey } from '../contract/ids.ts';
import type { VisionSetup } from '../contract/vision.ts';
import { joinEncoders } from './composite.ts';
import { createClassifier } from './detect/classifier.ts';
import type { Detector } from './detect/detector.ts';
import { createSsdDetector } from './detect/ssd.ts';
import { turning } from './detect/turning.ts';
import { createYunetDetector } from './detect/yunet.ts';
import { createEncoder, type Encoder } from './encode.ts';
import { createLandmarker, type Landmarker } from './landmarks.ts';
import type { Compute } from './session.ts';

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
export async function loadStages(
  setup: VisionSetup,
  onRefused: Compute['onRefused'] = () => {},
  open?: Compute['open'],
): Promise<Stages> {
  const store = openStore({ folders: setup.models });
  const compute: Compute = {
    choice: setup.provider ?? 'cpu',
    refused: new Set(),
    onRefused,
    ...(open && { open }),
  };
  // One after another: a provider that one network refuses is not tried for the others.
  const landmarker = await createLandmarker(await store.find('landmarks-68'), compute);
  const encoder = await loadEncoder(setup.encoder, store, compute);
  const detector = await loadDetector(setup.detector, store, compute);
  return { detector, landmarker, encoder };
}

/** @throws KithError as loadStages */
export async function loadDetector(id: DetectorId, store: Store, compute?: Compute): Promise<Detector> {
  switch (id) {
    case 'ssd': {
      const classifier = await createClassifier(await store.find('tiny-face'), compute);
      return turning(await createSsdDetector(await store.find('ssd'), classifier, compute), classifier);
    }
    case 'yunet': {
      const classifier = await createClassifier(await store.find('tiny-face'), compute);
      return turning(await createYunetDetector(await store.find('yunet'), compute), classifier);
    }
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

/** @throws KithError as loadStages */
export async function loadEncoder(key: EncoderKey, store: Store, compute?: Compute): Promise<Encoder> {
  const { networks, join } = await findEncoder(key, store);
  const encoders = await Promise.all(networks.map(({ path, shape }) => createEncoder(path, shape, compute)));
  return join === null ? encoders[0]! : joinEncoders(encoders, join);
}
