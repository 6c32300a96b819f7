import { openLibrary } from '../library/open.ts';
import { loadMatching, type MatchingTask } from './load-matching.ts';
import { openProduct } from './matrix.ts';
import { answerOnce } from './thread.ts';

/** A thread that looks at all faces once and ends. It reads the library by itself; what is large of its answer is shared. */
await answerOnce(async ({ file, ...task }: MatchingTask & { file: string }) => {
  const library = openLibrary(file);
  const product = await openProduct();
  try {
    return await loadMatching(library, task, product);
  } finally {
    await product.release();
    library.close();
  }
});
