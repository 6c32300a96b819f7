import { EncoderId } from '../../../electron/contract/ids.ts';
import { openLibrary } from '../../../electron/library/open.ts';
import { madePool } from './made-pool.ts';
import { SETUP, scanAndGroup } from './place.ts';

/**
 * A process that scans a folder of made photos, to be killed. Arguments: folder, library file, and, where it is not
 * the usual one, the encoder and the length of its embeddings.
 */
const [folder, file, encoder = SETUP.encoder, size] = process.argv.slice(2);
process.send!('begins');
const library = openLibrary(file!);
await scanAndGroup(library, {
  folder: folder!,
  pool: madePool({ delay: () => 4, ...(size ? { size: Number(size) } : {}) }),
  setup: { ...SETUP, encoder: EncoderId.parse(encoder) },
});
library.close();
