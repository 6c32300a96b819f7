import { createApp } from '../../../electron/service/app/create.ts';

/** A process that opens a library, says that it has, and does one request about copies, to be killed. */
const [library, name, path] = process.argv.slice(2) as [string, 'library.backup' | 'library.restore', string];
const app = await createApp({ libraryFile: library, detector: 'ssd', encoder: 'dlib' });
process.send!('ready');
await app.call(name, { path });
process.send!('done');
await app.close();
process.disconnect();
