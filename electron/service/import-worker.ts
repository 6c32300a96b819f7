import { type ImportOptions, importModel } from '../../models/import.ts';
import { answerOnce, unbroken } from './thread.ts';

/** A thread that converts, tries out and installs a model once, and ends. */
await answerOnce(({ files, ...options }: Pick<ImportOptions, 'folder' | 'published'> & { files: string[] }) =>
  unbroken(() => importModel(files, options)),
);
