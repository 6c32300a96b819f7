import { DetectorId, EncoderId } from '../../../electron/contract/ids.ts';
import { openLibrary } from '../../../electron/library/open.ts';
import { madePool } from './made-pool.ts';
import { SETUP, scanAndGroup } from './place.ts';

/**
 * A process that scans a folder of made photos, to be killed. Arguments: folder, library file, and, where they are not
 * the usual ones, the encoder, the length of its embeddings, the detector, and how far to the right it sees faces.
 */
const [folder, file, encoder = SETUP.encoder, size, detector = SETUP.detector, shift] = process.argv.slice(2);
process.send!('begins');
const library = openLibrary(file!);
await scanAndGroup(library, {
  folder: folder!,
  pool: madePool({
    delay: () => 4,
    ...(size ? { size: Number(size) } : {}),
    ...(shift ? { shift: Number(shift) } : {}),
  }),
  setup: { detector: DetectorId.parse(detector), encoder: EncoderId.parse(encoder) },
});
library.close();
