import { CACHE_OF_THREAD, openLibrary } from '../library/open.ts';
import { type LabelTask, labelFaces } from './label-faces.ts';
import { openProduct } from './matrix.ts';
import { answerOnce, comeAfterAnswers } from './thread.ts';

/** A thread that groups once and ends. It opens the library itself, so that the service goes on answering meanwhile. */
await answerOnce(async ({ file, ...task }: LabelTask & { file: string }) => {
  // Before there are threads of ONNX Runtime: they get the priority of the one that starts them.
  comeAfterAnswers();
  const library = openLibrary(file, CACHE_OF_THREAD);
  const product = await openProduct();
  try {
    return await labelFaces(library, task, product);
  } finally {
    await product.release();
    library.close();
  }
});
