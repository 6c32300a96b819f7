import { openLibrary } from '../library/open.ts';
import { type LabelTask, labelFaces } from './label-faces.ts';
import { openProduct } from './matrix.ts';
import { answerOnce } from './thread.ts';

/** A thread that groups once and ends. It opens the library itself, so that the service goes on answering meanwhile. */
await answerOnce(async ({ file, ...task }: LabelTask & { file: string }) => {
  const library = openLibrary(file);
  const product = await openProduct();
  try {
    return await labelFaces(library, task, product);
  } finally {
    await product.release();
    library.close();
  }
});
