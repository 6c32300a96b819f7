import { writeCopy } from '../library/copy-file.ts';
import { examineFile } from '../library/doctor.ts';
import { inspectCopy } from '../library/inspect.ts';
import { summarisedCopies } from '../library/kept-copies.ts';
import { prepareRestore } from '../library/restore.ts';
import type { CopyTask } from './copy-tasks.ts';
import { answerOnce, unbroken } from './thread.ts';

/** A thread that writes, reads or checks one copy, which reads all of its pages, and then ends. */
await answerOnce((task: CopyTask) =>
  // The thread is not terminated half-way, which would leave half a copy.
  unbroken(async () => {
    switch (task.kind) {
      case 'write':
        return writeCopy(task.library, task.path);
      case 'inspect':
        return inspectCopy(task.path, task.library);
      case 'prepare':
        return prepareRestore(task.path, task.library);
      case 'examine':
        return examineFile(task.library);
      case 'list':
        return summarisedCopies(task.library);
    }
  }),
);
