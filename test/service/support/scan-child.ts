import { openLibrary } from '../../../electron/library/open.ts';
import { madePool } from './made-pool.ts';
import { scanAndGroup } from './place.ts';

/** A process that scans a folder of made photos, to be killed: folder and library file as arguments. */
const [folder, file] = process.argv.slice(2);
process.send!('begins');
const library = openLibrary(file!);
await scanAndGroup(library, { folder: folder!, pool: madePool({ delay: () => 4 }) });
library.close();
