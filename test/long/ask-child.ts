import { createApp } from '../../electron/service/app/create.ts';
import { failureOf, replyTo } from '../../electron/service/app/door.ts';
import { madeProcess } from './made-process.ts';
import type { Request } from './world.ts';

// A Kith of its own on a record (first argument), for a user of its own: answers whatever it is sent, one after the other.

try {
  const app = await createApp({
    ...{ libraryFile: process.argv[2]!, detector: 'ssd', encoder: 'dlib' },
    ...{ poolSize: 1, spawn: madeProcess },
  });
  process.on('message', async ({ name, params }: Request) => {
    process.send!(await replyTo(app, name, params));
  });
  process.on('disconnect', async () => {
    await app.close();
    process.exit();
  });
  process.send!({ ok: true });
} catch (error) {
  process.send!({ ok: false, failure: failureOf(error) }, () => process.exit());
}
