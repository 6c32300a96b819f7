import type { DetectorId, EncoderId } from '../contract/ids.ts';
import type { Service } from '../service/service.ts';
import { say } from './output.ts';

/**
 * Makes what is missing of the bundled models (once, on a new machine), and gives the service to `work`, with the
 * detector and encoder of the command line or else those in use. It is closed in the end, whatever happens.
 */
export async function withService<T>(
  options: { library?: string; detector?: DetectorId; encoder?: EncoderId },
  work: (service: Service) => Promise<T>,
): Promise<T> {
  await ensureModels();
  // Loaded when there is work to do, here and below: help and wrong use are answered at once.
  const { createService } = await import('../service/service.ts');
  const { modelsInUse } = await import('../../models/choice.ts');
  const { encoderKey } = await import('../../models/encoder.ts');
  const { openStore } = await import('../../models/store.ts');
  const { library } = options;
  const { detector, encoder } = await modelsInUse(options);
  const service = createService({
    detector,
    encoder: await encoderKey(encoder, openStore()),
    ...(library === undefined ? {} : { libraryFile: library }),
  });
  try {
    return await work(service);
  } finally {
    await service.close();
  }
}

/** Says what it does only where there is something to do. @throws KithError `model-missing`, `model-damaged` */
export async function ensureModels(): Promise<void> {
  const { ensureBundled } = await import('../../models/make.ts');
  await ensureBundled({
    onProgress: ({ done, total, what }) => say(`Making models, once: ${done}/${total} ${what}`),
  });
}

/** What writes crops and annotated photos. */
export const outputs = () => import('../service/export.ts');

/** What draws a comparison. */
export const explanations = () => import('../service/explain.ts');
