import type { FaceId } from '../../../electron/contract/ids.ts';
import { openLibrary } from '../../../electron/library/open.ts';

/**
 * A process that names one face after another, and refuses the next for the same person, to be killed. It tells each
 * face when that is done. Arguments: library file, number of faces.
 */
const [file, count] = process.argv.slice(2);
const library = openLibrary(file!);
process.send!(0);
for (let id = 1; id < Number(count); id++) {
  const detail = { name: `Person ${id}` };
  library.journal.act({ action: 'name', detail, by: 'hand' }, (entry) => {
    const person = library.people.create(detail.name);
    library.labels.give(person, [id as FaceId], [], entry);
    library.labels.refuse([(id + 1) as FaceId], person);
  });
  process.send!(id);
  // Lets what was told go out.
  await new Promise((resolve) => setImmediate(resolve));
}
library.close();
