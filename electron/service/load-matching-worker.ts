import { CACHE_OF_THREAD, openLibrary } from '../library/open.ts';
import { loadMatching, type MatchingTask } from './load-matching.ts';
import { openProduct } from './matrix.ts';
import { answerOnce } from './thread.ts';

/**
 * A thread that loads and matches all faces once and ends. It opens the library itself; large arrays of its answer
 * are shared.
 */
await answerOnce(async ({ file, ...task }: MatchingTask & { file: string }) => {
  const library = openLibrary(file, CACHE_OF_THREAD);
  const product = await openProduct();
  try {
    return await loadMatching(library, task, product);
  } finally {
    await product.release();
    library.close();
  }
});
