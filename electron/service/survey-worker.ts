import { openLibrary } from '../library/open.ts';
import { openProduct } from './matrix.ts';
import { type SurveyTask, surveyFaces } from './survey.ts';
import { answerOnce } from './thread.ts';

/** A thread that looks at all faces once and ends. It reads the library by itself; the vectors it gives are shared. */
await answerOnce(async ({ file, ...task }: SurveyTask & { file: string }) => {
  const library = openLibrary(file);
  const product = await openProduct();
  try {
    const survey = await surveyFaces(library, task, product);
    const vectors = new Float32Array(new SharedArrayBuffer(survey.faces.vectors.byteLength));
    vectors.set(survey.faces.vectors);
    return { ...survey, faces: { ...survey.faces, vectors } };
  } finally {
    await product.release();
    library.close();
  }
});
